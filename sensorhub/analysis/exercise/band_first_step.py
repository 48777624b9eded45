"""The first step of a band walk that was asked for: told at once, since nothing has to be recognised."""

import numpy as np

from sensorhub.analysis.exercise.band_look import BandLook, BandStart, BandWalkBefore, heaves
from sensorhub.analysis.exercise.band_params import BandWalkParams
from sensorhub.analysis.exercise.band_steps import BandStep, count_steps
from sensorhub.analysis.exercise.drill_frames import DrillFrames, mean_up
from sensorhub.analysis.exercise.lines import dot, horizontal, main_line, norm
from sensorhub.dsp.rotation import cross
from sensorhub.model.samples import BoolArray, FloatArray


class BandFirstStep:
    """Looks for a step aside of somebody who was asked to walk and is bent for it."""

    def __init__(self, rate_hz: float, params: BandWalkParams) -> None:
        self._params = params
        self._rate_hz = rate_hz

    def likely(self, frames: DrillFrames, lean_rad: FloatArray) -> BoolArray:
        """Return in which frames somebody bent moves."""
        params = self._params
        bent = (lean_rad > params.least_bend_rad) & (lean_rad < params.most_bend_rad)
        likely: BoolArray = bent & (frames.surge_now > params.wake_mps2**2)
        return likely

    def look_back(self, look: BandLook) -> BandStart | None:
        """Count from a rest on, the longest first, along the line of the last set or else of the surge so far."""
        params = self._params
        lean_rad = look.last_lean_rad(round(params.settled_s * self._rate_hz))
        if lean_rad.min() < max(params.least_bend_rad, params.like_share * float(lean_rad.max())):
            return None  # still on the way down, or up
        for window, start_s in look.windows(self._rate_hz, params):
            lateral = look.before.left if look.before else self._across_the_bend(window, look.upright)
            if lateral is None or heaves(window, params.most_heave_share):
                continue
            steps, _ = count_steps(self._rate_hz, window, lateral, params.steps)
            if steps and steps[0].t_s > look.asked_s and self._is_first(steps[0], look.before):
                return BandStart(window, self._rate_hz, look.upright, lateral, steps, start_s)
        return None

    def _across_the_bend(self, window: DrillFrames, upright: FloatArray) -> FloatArray | None:
        """The horizontal line of the surge, if it runs aside from where the runner is bent."""
        across = cross(upright, mean_up(window))
        surge = window.surge_mps2
        x, y, z = surge[:, 0], surge[:, 1], surge[:, 2]
        line = main_line(np.column_stack((x * x, y * y, z * z, x * y, x * z, y * z)).sum(axis=0))
        lateral = horizontal(line, upright)
        return lateral if abs(dot(lateral, across)) > self._params.least_across * norm(across) else None

    def _is_first(self, step: BandStep, before: BandWalkBefore | None) -> bool:
        """Whether it swings and goes aside by enough; from level, a first step swings less than the others."""
        params = self._params
        if step.swing_deg < params.first_swing_deg or abs(step.travel_mps) < params.least_travel_mps:
            return False
        return before is None or (
            step.push_mps2 > params.like_share * before.push_mps2
            and step.swing_deg > params.like_share * params.first_share * before.swing_deg
        )
