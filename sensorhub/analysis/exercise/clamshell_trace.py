"""What went on before, during and after a set of clamshells: whether a repetition may be missing at its ends."""

from dataclasses import dataclass

import numpy as np

from sensorhub.analysis.exercise.drill_frames import DrillFrames


@dataclass(frozen=True, slots=True)
class TraceParams:
    """How still somebody is who does no repetition.

    most_share: how far the heading may wander, against a repetition's turn. margin, reach, far: of a repetition's
    time: how soon before its peak a repetition moves, from how far on it is certain that none came, and how far that
    is looked for.
    """

    most_share: float = 0.5
    margin: float = 0.6
    reach: float = 1.2
    far: float = 3.0


class ClamshellTrace:
    """Remembers the heading, and when weight shifted: there the mean square of the surge is above least_power."""

    def __init__(self, least_power: float, params: TraceParams = TraceParams()) -> None:
        self._least_power = least_power
        self._params = params
        self._t_s: list[float] = []
        self._heading_deg: list[float] = []
        self._shifts_s: list[float] = []

    def feed(self, t_s: float, heading_deg: float, surge_power: float) -> bool:
        """Take a frame; return whether weight shifts in it."""
        self._t_s.append(t_s)
        self._heading_deg.append(heading_deg)
        shifts = surge_power > self._least_power
        if shifts:
            self._shifts_s.append(t_s)
        return shifts

    def feed_all(self, frames: DrillFrames) -> None:
        """Take frames in a row."""
        columns = (frames.t_s, frames.heading_deg, frames.surge_now)
        for row in zip(*(column.tolist() for column in columns), strict=True):
            self.feed(*row)

    def shifts_within(self, after_s: float, until_s: float) -> bool:
        """Whether weight shifted after the one time and until the other."""
        return any(after_s < t_s <= until_s for t_s in self._shifts_s)

    def is_whole(self, first_s: float, last_s: float, usual_s: float, turn_deg: float) -> bool:
        """Whether no repetition can be missing before the first or after the last, and no weight shifted in between.

        On either side the pelvis stays still, at least until weight shifts.
        """
        reach_s, margin_s = self._params.reach * usual_s, self._params.margin * usual_s
        before = [t_s for t_s in self._shifts_s if t_s < first_s - 0.3 * usual_s]
        after = [t_s for t_s in self._shifts_s if t_s > last_s]
        begin_s, end_s = before[-1] if before else self._t_s[0], after[0] if after else self._t_s[-1]
        if self.shifts_within(first_s, last_s) or not (before or begin_s < first_s - reach_s):
            return False
        if not (after or end_s > last_s + reach_s):
            return False
        far_s = self._params.far * usual_s
        most_deg = self._params.most_share * turn_deg
        return (
            self._wanders_deg(max(begin_s, first_s - far_s), first_s - margin_s) < most_deg
            and self._wanders_deg(last_s + margin_s, min(end_s, last_s + far_s)) < most_deg
        )

    def _wanders_deg(self, after_s: float, until_s: float) -> float:
        first, end = np.searchsorted(self._t_s, (after_s, until_s), side="right")
        between = self._heading_deg[first:end]
        return max(between) - min(between) if between else 0.0
