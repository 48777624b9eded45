"""Has it changed since last time? A verdict that noise neither makes nor hides, and what it takes to be seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy import special

from sensorhub.model.gait import Side
from sensorhub.model.summary import Estimate, Summary

FALSE_ALARM = 0.05
"""Chance that either side is said to have changed when none has."""

REMOUNT_SD_DEG = 0.24
"""How far a session's mean strays as the clip is put on anew and aligned anew (docs/statistics.md: how it was found).

A runner's own change from day to day comes on top; it is learnt from their history (`scatter_of_history`).
"""


class Verdict(StrEnum):
    """What can be said of one side: it drops more, less, no change can be seen, or it is not known."""

    MORE = "more"
    LESS = "less"
    NO_CHANGE_SEEN = "no_change_seen"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Change:
    """What is said of one side, and the interval of now less before that it was read from, in words."""

    side: Side
    measure: str
    verdict: Verdict
    reason: str


def changes_since(before: Summary, now: Summary, day_to_day_sd_deg: float = 0.0) -> tuple[Change, Change]:
    """Compare two sessions side by side: pelvic drop, or where either lacks a standing reference its excursion.

    Both sides are tested at once, each at half the false-alarm rate (Bonferroni).
    """
    drops = _pairs(before, now, "pelvic_drop")
    measure = "pelvic_drop" if all(a is not None and b is not None for a, b in drops) else "pelvic_drop_excursion"
    pairs = drops if measure == "pelvic_drop" else _pairs(before, now, measure)
    left, right = (_change(side, measure, pair, day_to_day_sd_deg) for side, pair in zip(Side, pairs, strict=True))
    return left, right


def detectable_change_deg(standard_error_deg: float) -> float:
    """Return the smallest change of one side between two sessions like this one that chance alone rarely makes (95 %).

    >>> round(detectable_change_deg(0.15), 2)
    0.78
    """
    return float(1.96 * np.sqrt(2.0) * np.hypot(standard_error_deg, REMOUNT_SD_DEG))


def day_to_day_sd_deg(session_means_deg: list[float], typical_error_deg: float) -> float:
    """Return how far a runner's own drop strays from day to day, beyond what the measurement explains.

    session_means_deg: of one side, sessions in order, three or more; from successive differences, so that a slow trend
    does not pass for scatter. 0 where there are fewer.
    """
    if len(session_means_deg) < 3:
        return 0.0
    steps = np.diff(np.array(session_means_deg))
    scatter = float(np.median(np.abs(steps))) / 0.6745 / np.sqrt(2.0)
    return float(np.sqrt(max(scatter**2 - typical_error_deg**2, 0.0)))


def scatter_of_history(earlier: Sequence[Summary]) -> float:
    """Return a runner's own day-to-day scatter of the drop, deg, from earlier sessions; 0 before there are three.

    The side that scatters more counts, less what the measurement itself explains.
    """
    scatters = [0.0]
    for side in Side:
        known = [one for summary in earlier if (one := getattr(summary, f"pelvic_drop_{side.value}_deg")) is not None]
        if known:
            error = float(np.hypot(np.median([_standard_error(one) for one in known]), REMOUNT_SD_DEG))
            scatters.append(day_to_day_sd_deg([one.mean for one in known], error))
    return max(scatters)


def _pairs(before: Summary, now: Summary, measure: str) -> list[tuple[Estimate | None, Estimate | None]]:
    names = [f"{measure}_{side.value}_deg" for side in Side]
    return [(getattr(before, name), getattr(now, name)) for name in names]


def _change(
    side: Side, measure: str, pair: tuple[Estimate | None, Estimate | None], day_to_day_sd_deg: float
) -> Change:
    before, now = pair
    if before is None or now is None:
        when = "last time" if before is None else "this time"
        return Change(side, measure, Verdict.UNKNOWN, f"too few trusted strides {when}")
    difference = now.mean - before.mean
    errors = (_standard_error(before), _standard_error(now))
    spread = float(np.sqrt(errors[0] ** 2 + errors[1] ** 2 + 2 * (REMOUNT_SD_DEG**2 + day_to_day_sd_deg**2)))
    half = spread * float(special.ndtri(1 - FALSE_ALARM / 4))
    low, high = difference - half, difference + half
    if low > 0:
        verdict, reason = Verdict.MORE, f"by {difference:.1f} deg, at least {low:.1f}"
    elif high < 0:
        verdict, reason = Verdict.LESS, f"by {-difference:.1f} deg, at least {-high:.1f}"
    else:
        verdict, reason = Verdict.NO_CHANGE_SEEN, f"a change below {half:.1f} deg would not show"
    return Change(side, measure, verdict, reason)


def _standard_error(estimate: Estimate) -> float:
    """From the 95 % interval; by the normal quantile, which for a t interval errs to the safe side."""
    return (estimate.high - estimate.low) / (2 * 1.96)
