"""Events of every kind, for what must hold for any of them."""

import typing

from hypothesis import strategies as st

from sensorhub.model.events import Event
from sensorhub.model.gait import Stride
from sensorhub.model.metrics import METRICS
from sensorhub.model.summary import Estimate


def any_event(numbers: st.SearchStrategy[float], revisions: st.SearchStrategy[int]) -> st.SearchStrategy[Event]:
    """Events with these numbers, where any are known; strides in these revisions."""
    estimates = st.builds(Estimate, numbers, numbers, numbers, st.integers(0, 10**6))
    by_hint = {float: numbers, float | None: st.none() | numbers, Estimate | None: st.none() | estimates}

    def of(kind: type) -> st.SearchStrategy[Event]:
        hints = typing.get_type_hints(kind)
        fields = {name: by_hint[hint] for name, hint in hints.items() if hint in by_hint}
        return st.builds(kind, **fields, **({"revision": revisions} if kind is Stride else {}))

    return st.one_of([of(kind) for kind in METRICS])
