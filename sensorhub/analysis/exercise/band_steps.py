"""Counting the steps of a band walk, once its sideways line is known."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from sensorhub.analysis.exercise.cycles import Swing, SwingCounter
from sensorhub.analysis.exercise.drill_frames import DrillFrames
from sensorhub.dsp.rotation import along
from sensorhub.model.samples import FloatArray
from sensorhub.model.units import DEG_PER_RAD

StepRow = tuple[float, float, float, float]
"""Of a frame, seen along a lateral line: time, s; obliquity, deg; sideways acceleration, m/s²; turning rate, rad/s."""


@dataclass(frozen=True, slots=True)
class BandStepParams:
    """What a step of the leading foot must show.

    least_swing_deg, most_swing_deg, swing_share: hysteresis on obliquity, which swings by 4 to 15 degrees in a step.
    least_push_mps2, push_share: range of the sideways acceleration while the leading foot goes out, at least, and as
    a share of the usual. least_time_s, time_share: no two steps are closer than this, nor than this share of the
    usual time. rest_s, rest_share: before the first step the sideways acceleration is this little of what it is then.
    sway_share: a first movement smaller than this share of the usual swing is sway.
    """

    least_swing_deg: float = 0.6
    most_swing_deg: float = 2.0
    swing_share: float = 0.2
    least_push_mps2: float = 0.1
    push_share: float = 0.25
    least_time_s: float = 0.4
    time_share: float = 0.45
    rest_s: float = 0.4
    rest_share: float = 0.3
    sway_share: float = 0.3


@dataclass(frozen=True, slots=True)
class BandStep:
    """One step of the leading foot.

    t_s: when weight has come onto it, told by the pelvis swinging back. peak_s: of the swing. swing_deg: peak to
    trough of obliquity. rise_deg: the same, signed, positive: the left of the line rises. travel_mps: mean sideways
    speed over the step; of the first, which has none before it to be seen from, since the rest, less surely.
    push_mps2: range of sideways acceleration as the foot went out. turn: -1 to 1, how much the
    pelvis turned left together with the speed to the left.
    """

    t_s: float
    peak_s: float
    swing_deg: float
    rise_deg: float
    travel_mps: float
    push_mps2: float
    turn: float


class BandStepCounter:
    """Obliquity swings once in a step whether the pelvis surges once or twice: swings are counted, surges confirm.

    The leading foot goes first, so the first swing from rest is its own, whichever way it swings. Feet stand still
    for a moment between the closing of the trailing foot and the next push, somewhere between the trough and the
    peak of the swing, where the acceleration is least: there the sideways speed is zero. The speed's mean over a
    step, seen from that zero, tells which way the step went.
    """

    def __init__(self, rate_hz: float, params: BandStepParams, usual_deg: float = 0.0) -> None:
        """Begin; usual_deg: the usual swing, of which sway_share is no step yet."""
        self.params = params
        self._rate_hz = rate_hz
        self._swings = SwingCounter(
            params.least_swing_deg, params.most_swing_deg, params.swing_share, first=params.sway_share * usual_deg
        )
        self._t_s: list[float] = []
        self._surge: list[float] = []
        self._yaw: list[float] = []
        self._pushes: list[float] = []
        self._times: list[float] = []
        self._last_s: float | None = None

    def feed(self, t_s: float, obliquity_deg: float, surge_mps2: float, turn_radps: float) -> BandStep | None:
        """Take the next frame; return the step that it completes."""
        self._t_s.append(t_s)
        self._surge.append(surge_mps2)
        self._yaw.append(turn_radps)
        swing = self._swings.feed(t_s, obliquity_deg)
        if swing is None:
            return None
        if self._last_s is not None and swing.peak_s - self._last_s < self._least_time_s():
            return None
        still = self._stillest(swing)
        pushed = self._surge[still:]
        push_mps2 = max(pushed) - min(pushed)
        if push_mps2 < max(self.params.least_push_mps2, self.params.push_share * upper_median(self._pushes)):
            return None
        step = self._step(swing, still, push_mps2)
        self._pushes = [*self._pushes[-4:], push_mps2]
        if self._last_s is not None:
            self._times = [*self._times[-4:], swing.peak_s - self._last_s]
        self._last_s = swing.peak_s
        self._keep_from(still)
        return step

    def feed_all(self, rows: Iterable[StepRow]) -> list[BandStep]:
        """Take frames in a row; return their steps."""
        fed = (self.feed(*row) for row in rows)
        return [step for step in fed if step is not None]

    def _least_time_s(self) -> float:
        return max(self.params.least_time_s, self.params.time_share * upper_median(self._times))

    def _stillest(self, swing: Swing) -> int:
        """Where the feet stood still before this step: the least acceleration between trough and peak."""
        times = self._t_s
        until_s = swing.trough_s + 0.85 * (swing.peak_s - swing.trough_s)
        half = max(1, round(0.06 * self._rate_hz))
        surge = np.abs(np.array(self._surge))
        inside = [i for i, t_s in enumerate(times) if swing.trough_s <= t_s <= until_s] or [0]
        smooth = [float(surge[max(0, i - half) : i + half + 1].max()) for i in inside]
        return inside[int(np.argmin(smooth))]

    def _step(self, swing: Swing, still: int, push_mps2: float) -> BandStep:
        height = swing.peak - swing.trough
        travel, turn = 0.0, 0.0
        if self._last_s is None:
            travel = self._way_from_rest()
        elif still > 2:
            surge = np.array(self._surge[: still + 1])
            speed = np.cumsum(surge - surge.mean()) / self._rate_hz
            travel = float(speed.mean()) - 0.5 * float(speed[0] + speed[-1])
            turn = _together(speed, np.cumsum(np.array(self._yaw[: still + 1])))
        polarity = self._swings.polarity
        return BandStep(swing.known_s, swing.peak_s, height, height * polarity, travel, push_mps2, turn)

    def _way_from_rest(self) -> float:
        """Mean speed of the first step, which begins at rest: 0 where it does not."""
        surge = np.array(self._surge)
        surge = surge - surge[: max(1, round(self.params.rest_s * self._rate_hz))].mean()
        resting = surge[: max(1, round(self.params.rest_s * self._rate_hz))]
        if float((resting * resting).mean()) > self.params.rest_share**2 * float((surge * surge).mean()):
            return 0.0
        return float(np.cumsum(surge).mean()) / self._rate_hz

    def _keep_from(self, start: int) -> None:
        self._t_s, self._surge, self._yaw = self._t_s[start:], self._surge[start:], self._yaw[start:]


def travel_share(steps: list[BandStep]) -> float:
    """Way made in one direction over way made in either, -1 to 1; positive: to the left of the line."""
    ways = [step.travel_mps for step in steps[1:]]
    return sum(ways) / (sum(abs(way) for way in ways) + 1e-9)


def first_way(steps: list[BandStep]) -> float:
    """-1 to 1: the way of the first step against a third of the usual one; positive: to the left of the line."""
    usual_mps = float(np.median([abs(step.travel_mps) for step in steps]))
    return min(max(3.0 * steps[0].travel_mps / (usual_mps + 1e-9), -1.0), 1.0)


def step_rows(frames: DrillFrames, lateral: FloatArray) -> Iterator[StepRow]:
    """What a counter is fed, frame by frame."""
    obliquity_deg = np.arcsin(np.clip(along(frames.up, lateral), -1.0, 1.0)) * DEG_PER_RAD
    surge_mps2 = along(frames.surge_mps2, lateral)
    return zip(
        frames.t_s.tolist(), obliquity_deg.tolist(), surge_mps2.tolist(), frames.turn_radps.tolist(), strict=True
    )


def count_steps(
    rate_hz: float, frames: DrillFrames, lateral: FloatArray, params: BandStepParams
) -> tuple[list[BandStep], BandStepCounter]:
    """All steps in these frames, and the counter that can be fed on.

    Sway before the first step may go the other way than that step; how much is sway is known once steps are counted.
    """
    rows = list(step_rows(frames, lateral))
    counter = BandStepCounter(rate_hz, params)
    steps = counter.feed_all(rows)
    if not steps:
        return steps, counter
    counter = BandStepCounter(rate_hz, params, upper_median([step.swing_deg for step in steps]))
    return counter.feed_all(rows), counter


def _together(a: FloatArray, b: FloatArray) -> float:
    a, b = a - a.mean(), b - np.linspace(b[0], b[-1], len(b))
    b = b - b.mean()
    return float((a * b).mean()) / (float(np.sqrt((a * a).mean() * (b * b).mean())) + 1e-12)


def upper_median(values: list[float]) -> float:
    """The middle of a few values, the upper one of two; 0 of none."""
    return sorted(values)[len(values) // 2] if values else 0.0
