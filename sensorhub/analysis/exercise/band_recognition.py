"""Recognising a band walk: where it began, along which line, and its first steps."""

import numpy as np

from sensorhub.analysis.exercise.alternation import legs_take_turns
from sensorhub.analysis.exercise.band_look import BandLook, BandStart, BandWalkBefore, heaves
from sensorhub.analysis.exercise.band_params import BandWalkParams
from sensorhub.analysis.exercise.band_steps import BandStep, count_steps, travel_share
from sensorhub.analysis.exercise.drill_frames import DrillFrames, mean_up
from sensorhub.analysis.exercise.lines import dot, horizontal, inner, main_line
from sensorhub.model.samples import BoolArray, FloatArray


class BandRecognition:
    """Looks back from a frame for a band walk that is under way."""

    def __init__(self, rate_hz: float, params: BandWalkParams) -> None:
        self._params = params
        self._rate_hz = rate_hz

    def likely(self, frames: DrillFrames, lean_rad: FloatArray) -> BoolArray:
        """Return in which frames somebody upright surges along one line and tilts across it."""
        params = self._params
        surge, tilt = frames.surge_power, frames.tilt_power
        power = surge[:, 0] + surge[:, 1] + surge[:, 2]
        line = 2.0 * inner(surge, surge) / (power * power + 1e-12) - 1.0
        tilting = tilt[:, 0] + tilt[:, 1] + tilt[:, 2]
        parallel = inner(surge, tilt) / (power * tilting + 1e-12)
        likely: BoolArray = (
            (power > params.least_surge_mps2**2)
            & (frames.heave_power < np.minimum(params.most_heave_mps2**2, params.most_heave_share**2 * power))
            & (line > params.least_line)
            & (parallel < params.most_parallel)
            & (lean_rad < params.most_bend_rad)
        )
        return likely

    def look_back(self, look: BandLook) -> BandStart | None:
        """Count from a rest on, the longest first, until that makes a set; of fewer steps where it was asked for."""
        params, before = self._params, look.before
        least_bend_rad = float(look.last_lean_rad(round(self._rate_hz)).min())
        if before is not None and least_bend_rad < params.bent_share * before.bend_rad:
            return None
        if before is not None and least_bend_rad < params.like_share * before.bend_rad:
            before = None
        lateral = horizontal(main_line(look.frames.surge_power[-1]), look.upright)
        for window, start_s in look.windows(self._rate_hz, params):
            if not self._may_be(window, look.upright):
                continue
            steps = self._count(window, lateral)
            asked = bool(steps) and steps[0].t_s > look.asked_s
            if self._is_set(steps, params.asked_steps if asked else params.least_steps):
                return self._started(BandStart(window, self._rate_hz, look.upright, lateral, steps, start_s))
            if before is not None:
                steps = self._count(window, before.left)
                if self._is_set(steps, params.least_steps_again) and self._are_like(before, steps):
                    return self._started(BandStart(window, self._rate_hz, look.upright, before.left, steps, start_s))
        return None

    def _started(self, start: BandStart) -> BandStart | None:
        """The start, unless it is a walk: what was told for steps aside are strides, or single steps ahead."""
        peaks_s = np.array([step.peak_s for step in start.steps])
        strides = peaks_s, peaks_s[(len(peaks_s) - 1) % 2 :: 2]
        return None if any(legs_take_turns(start.window, strides_s) for strides_s in strides) else start

    def _count(self, window: DrillFrames, lateral: FloatArray) -> list[BandStep]:
        return count_steps(self._rate_hz, window, lateral, self._params.steps)[0]

    def _are_like(self, before: BandWalkBefore, steps: list[BandStep]) -> bool:
        """Whether these are steps like those before, the first of them from level: it swings less than a whole step.

        If it swings as far, the runner swayed before it, and the other side's swings have been taken for steps.
        """
        share = self._params.like_share
        pushed = all(step.push_mps2 > share * before.push_mps2 for step in steps)
        swings = all(step.swing_deg > share * before.swing_deg for step in steps[1:])
        return pushed and swings and steps[0].swing_deg < self._params.first_share * steps[1].swing_deg

    def _may_be(self, window: DrillFrames, upright: FloatArray) -> bool:
        """Whether the surge is strong; or weak, but bent as in a half squat and tilting more than turning."""
        params = self._params
        if heaves(window, params.most_heave_share):
            return False
        if float(window.surge_power[-1, 0:3].sum()) > params.sure_surge_mps2**2:
            return True
        tilts = float(window.tilt_power[-1, 0:3].sum()) > float(window.turn_power[-1])
        return tilts and dot(mean_up(window), upright) < params.bent_cos

    def _is_set(self, steps: list[BandStep], least_steps: int) -> bool:
        params = self._params
        if len(steps) < max(least_steps, 2):
            return False
        if float(np.median([step.swing_deg for step in steps])) < params.least_median_swing_deg:
            return False
        times = np.diff([step.peak_s for step in steps])
        if times.min() < params.fastest_s or times.max() > params.slowest_s:
            return False
        if float(np.median(times)) > params.slowest_median_s or times.max() > 2.0 * times.min():
            return False
        travel_mps = sum(step.travel_mps for step in steps[1:]) / (len(steps) - 1)
        return abs(travel_share(steps)) > params.least_travel and abs(travel_mps) > params.least_travel_mps
