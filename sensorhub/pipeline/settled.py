"""What a finished session shows: the last revision of each stride, everything in order of time."""

from collections.abc import Iterable

from sensorhub.model.events import Event
from sensorhub.model.exercise import BandWalkSet, ClamshellSet, DrillRep, SidePlankSet
from sensorhub.model.gait import Stride
from sensorhub.model.status import ActivitySpan, Gap, SensorStatus
from sensorhub.model.summary import Summary

_ORDER = (Gap, Stride, DrillRep, BandWalkSet, SidePlankSet, ClamshellSet, ActivitySpan, SensorStatus, Summary)
"""Who comes first of events that end together; the summary is always last."""


def settled(events: Iterable[Event]) -> list[Event]:
    """The events without superseded revisions, by the time each was complete.

    The order does not depend on how the stream was cut, as the order of a live chain's stages does.
    """
    strides: dict[int, Stride] = {}
    others: list[Event] = []
    for event in events:
        if not isinstance(event, Stride):
            others.append(event)
        elif event.seq not in strides or event.revision >= strides[event.seq].revision:
            strides[event.seq] = event
    return sorted([*strides.values(), *others], key=_place)


def _place(event: Event) -> tuple[bool, float, int]:
    return isinstance(event, Summary), _complete_s(event), _ORDER.index(type(event))


def _complete_s(event: Event) -> float:
    if isinstance(event, Stride):
        return event.toe_off_s
    if isinstance(event, DrillRep | SensorStatus):
        return event.t_s
    return event.start_s if isinstance(event, Summary) else event.end_s
