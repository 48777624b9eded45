"""How well strides agree with a reference: the yardstick's table, and Bland and Altman's limits, each side apart."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sensorhub.model.gait import Side, Stride
from sensorhub.model.samples import FloatArray
from sensorhub.model.truth import ReferenceStride

TOLERANCE_S = 0.06
"""A stride is found when its contact lies within this of a true one."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A stride and the true stance that it is."""

    found: Stride
    true: ReferenceStride


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity that both sides have: its name, unit, and how to read it."""

    name: str
    unit: str
    found: Callable[[Stride], float | None]
    true: Callable[[ReferenceStride], float | None]


@dataclass(frozen=True, slots=True)
class BlandAltman:
    """Differences found less true: bias, spread, limits of agreement (95 %), and how the difference grows with size.

    means, differences: shape (n,), for the plot. slope: of difference on mean. r, icc: None below ten pairs.
    """

    measure: str
    unit: str
    side: Side | None
    n: int
    bias: float
    sd: float
    low: float
    high: float
    rmse: float
    slope: float | None
    r: float | None
    icc: float | None
    means: FloatArray
    differences: FloatArray


@dataclass(frozen=True, slots=True)
class Agreement:
    """All of one recording. found, true: strides within the span the truth covers."""

    found: int
    true: int
    pairs: tuple[Pair, ...]
    limits: tuple[BlandAltman, ...]

    @property
    def f1(self) -> float:
        """Contacts found and true, as one number."""
        return 2 * len(self.pairs) / max(self.found + self.true, 1)

    @property
    def sides_right(self) -> float | None:
        """Share of strides named after the right foot; None where the truth does not say."""
        told = [pair.found.side is pair.true.side for pair in self.pairs if pair.true.side is not None]
        return sum(told) / len(told) if told else None

    def limit(self, measure: str, side: Side | None = None) -> BlandAltman | None:
        """The limits of one measure, of both sides together or of one."""
        return next((one for one in self.limits if one.measure == measure and one.side is side), None)


def _contact_time(stride: ReferenceStride) -> float | None:
    return None if stride.toe_off_s is None else stride.toe_off_s - stride.initial_contact_s


MEASURES = (
    Measure("initial contact", "s", lambda s: s.initial_contact_s, lambda t: t.initial_contact_s),
    Measure("toe-off", "s", lambda s: s.toe_off_s, lambda t: t.toe_off_s),
    Measure("contact time", "s", lambda s: s.toe_off_s - s.initial_contact_s, _contact_time),
    Measure("drop", "deg", lambda s: s.pelvic_drop_deg, lambda t: t.pelvic_drop_deg),
    Measure("excursion", "deg", lambda s: s.pelvic_drop_excursion_deg, lambda t: t.pelvic_drop_excursion_deg),
)


def agreement(strides: Sequence[Stride], truth: Sequence[ReferenceStride]) -> Agreement:
    """Compare strides with a reference over the span that the reference covers."""
    true = sorted(truth, key=lambda stride: stride.initial_contact_s)
    first, last = true[0].initial_contact_s - 0.15, true[-1].initial_contact_s + 0.15
    found = sorted(
        (stride for stride in strides if first <= stride.initial_contact_s <= last),
        key=lambda stride: stride.initial_contact_s,
    )
    pairs = matched(found, true)
    limits = [
        one
        for measure in MEASURES
        for side in (None, Side.LEFT, Side.RIGHT)
        if (one := _limits(measure, side, pairs)) is not None
    ]
    return Agreement(len(found), len(true), tuple(pairs), tuple(limits))


def matched(found: Sequence[Stride], true: Sequence[ReferenceStride]) -> list[Pair]:
    """Pair one to one, nearest first; both in order of time."""
    true_s = np.array([stride.initial_contact_s for stride in true])
    candidates = []
    for i, stride in enumerate(found):
        low, high = np.searchsorted(true_s, stride.initial_contact_s + np.array([-TOLERANCE_S, TOLERANCE_S]))
        candidates += [(abs(stride.initial_contact_s - float(true_s[j])), i, j) for j in range(int(low), int(high))]
    used_found: set[int] = set()
    partners: dict[int, int] = {}
    for _, i, j in sorted(candidates):
        if i not in used_found and j not in partners:
            used_found.add(i)
            partners[j] = i
    return [Pair(found[i], true[j]) for j, i in sorted(partners.items())]


def intraclass_correlation(x: FloatArray, y: FloatArray) -> float:
    """ICC(2,1): two-way random effects, absolute agreement, single measurement (Shrout & Fleiss 1979).

    >>> round(intraclass_correlation(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0])), 3)
    1.0
    """
    table = np.column_stack([x, y])
    n, k = table.shape
    mean = table.mean()
    rows, columns = table.mean(axis=1), table.mean(axis=0)
    between = k * ((rows - mean) ** 2).sum() / (n - 1)
    raters = n * ((columns - mean) ** 2).sum() / (k - 1)
    error = ((table - rows[:, None] - columns + mean) ** 2).sum() / ((n - 1) * (k - 1))
    return float((between - error) / (between + (k - 1) * error + k * (raters - error) / n))


def left_right_difference_error_deg(result: Agreement) -> float | None:
    """Left mean less right mean of the drop, found less true."""
    left, right = result.limit("drop", Side.LEFT), result.limit("drop", Side.RIGHT)
    return None if left is None or right is None else left.bias - right.bias


def _limits(measure: Measure, side: Side | None, pairs: Sequence[Pair]) -> BlandAltman | None:
    values = [
        (measure.found(pair.found), measure.true(pair.true)) for pair in pairs if side is None or pair.true.side is side
    ]
    known = np.array([(a, b) for a, b in values if a is not None and b is not None], dtype=np.float64).reshape(-1, 2)
    if not len(known):
        return None
    found, true = known[:, 0], known[:, 1]
    difference, mean = found - true, (found + true) / 2
    bias = float(difference.mean())
    sd = float(difference.std(ddof=1)) if len(known) > 1 else 0.0
    enough = len(known) >= 10 and float(np.ptp(found)) > 0 and float(np.ptp(true)) > 0
    return BlandAltman(
        measure.name,
        measure.unit,
        side,
        len(known),
        bias,
        sd,
        bias - 1.96 * sd,
        bias + 1.96 * sd,
        float(np.sqrt((difference**2).mean())),
        float(np.polyfit(mean - mean.mean(), difference, 1)[0]) if enough and float(np.ptp(mean)) > 0 else None,
        float(np.corrcoef(found, true)[0, 1]) if enough else None,
        intraclass_correlation(found, true) if enough else None,
        mean,
        difference,
    )
