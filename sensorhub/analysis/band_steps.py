"""Counting the steps of a band walk, once its sideways line is known."""

from dataclasses import dataclass

import numpy as np

from sensorhub.analysis.cycles import SwingCounter
from sensorhub.model.samples import FloatArray


@dataclass(frozen=True, slots=True)
class BandStepParams:
    """What a step of the leading foot must show.

    least_swing_deg, most_swing_deg, swing_share: hysteresis on obliquity, which swings by 4 to 15 degrees in a step.
    least_surge_mps2, surge_share: the sideways acceleration must have ranged over this since the step before.
    least_time_s, time_share: no two steps are closer than this, nor than this share of the usual time.
    """

    least_swing_deg: float = 0.6
    most_swing_deg: float = 2.0
    swing_share: float = 0.2
    least_surge_mps2: float = 0.15
    surge_share: float = 0.25
    least_time_s: float = 0.45
    time_share: float = 0.4


@dataclass(frozen=True, slots=True)
class BandStep:
    """One step of the leading foot.

    t_s: when weight has come onto it, told by the pelvis swinging back. swing_deg: peak to trough of obliquity.
    rise_deg: obliquity at the peak less the trough before, signed, positive: left side (of the line) higher.
    travel: -1 to 1, which way along the line the step went. turn: -1 to 1, which way the pelvis turned meanwhile.
    """

    t_s: float
    peak_s: float
    swing_deg: float
    rise_deg: float
    travel: float
    turn: float


class BandStepCounter:
    """Obliquity swings once in a step whether the pelvis surges once or twice: swings are counted, surges confirm.

    The leading foot goes first, so the first swing from rest is its own. Which way the step went is told by the
    sideways speed, found by integration over the step: it never goes back, so its mean lies nearer to its least
    value than to its greatest, seen in the direction of travel. From rest the speed itself is known.
    """

    def __init__(self, params: BandStepParams = BandStepParams()) -> None:
        self._params = params
        self._swings = SwingCounter(params.least_swing_deg, params.most_swing_deg, params.swing_share)
        self._surge: list[float] = []
        self._yaw: list[float] = []
        self._ranges: list[float] = []
        self._times: list[float] = []
        self._last_s = 0.0
        self._steps = 0

    def feed(self, t_s: float, obliquity_deg: float, surge_mps2: float, turn_radps: float) -> BandStep | None:
        """Take the next frame; return the step that it completes."""
        self._surge.append(surge_mps2)
        self._yaw.append(turn_radps)
        swing = self._swings.feed(t_s, obliquity_deg)
        if swing is None:
            return None
        if self._steps and swing.peak_s - self._last_s < self._least_time_s():
            return None
        surge_range = max(self._surge) - min(self._surge)
        usual = sorted(self._ranges)[len(self._ranges) // 2] if self._ranges else 0.0
        if surge_range < max(self._params.least_surge_mps2, self._params.surge_share * usual):
            return None
        self._ranges = [*self._ranges[-4:], surge_range]
        travel, turn = self._travel()
        if self._steps:
            self._times = [*self._times[-4:], swing.peak_s - self._last_s]
        self._last_s = swing.peak_s
        self._steps += 1
        self._surge.clear()
        self._yaw.clear()
        height = swing.peak - swing.trough
        return BandStep(swing.known_s, swing.peak_s, height, height * self._swings.polarity, travel, turn)

    def _least_time_s(self) -> float:
        usual_s = sorted(self._times)[len(self._times) // 2] if self._times else 0.0
        return max(self._params.least_time_s, self._params.time_share * usual_s)

    def _travel(self) -> tuple[float, float]:
        surge = np.array(self._surge)
        yaw = np.array(self._yaw)
        if self._steps == 0:
            speed = np.cumsum(surge)
            top, bottom = float(speed.max()), float(-speed.min())
            travel = (max(top, 0.0) - max(bottom, 0.0)) / (max(top, 0.0) + max(bottom, 0.0) + 1e-9)
        else:
            speed = np.cumsum(surge - surge.mean())
            travel = _lopsidedness(speed)
        speed = speed - speed.mean()
        angle = np.cumsum(yaw - yaw.mean())
        angle = angle - angle.mean()
        scale = float(np.sqrt((speed * speed).mean() * (angle * angle).mean())) + 1e-12
        together = float((speed * angle).mean()) / scale
        return travel, together


def _lopsidedness(values: FloatArray) -> float:
    top, bottom, mean = float(values.max()), float(values.min()), float(values.mean())
    return (top + bottom - 2.0 * mean) / (top - bottom + 1e-9)
