"""Recognising a band walk: where it began, along which line, and its first steps."""

from dataclasses import dataclass, field

import numpy as np

from sensorhub.analysis.exercise.band_steps import BandStep, BandStepCounter, BandStepParams, count_steps, travel_share
from sensorhub.analysis.exercise.drill_frames import DrillFrames, lean_rad, mean_up
from sensorhub.analysis.exercise.lines import dot, end_of_last_run, inner, main_line, norm
from sensorhub.dsp.rotation import cross
from sensorhub.model.samples import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class BandWalkParams:
    """What tells a band walk from everything else done upright.

    least_surge_mps2: root mean square of horizontal acceleration; below sure_surge_mps2 the pelvis must also lean
    as in a half squat (cosine below bent_cos, 6 degrees) and tilt more than it turns, or it could be a clamshell.
    most_heave_mps2: of vertical acceleration (running has 8 and more); most_heave_share: against the horizontal one
    (legs that open lower the hips by less than they take them aside; a walker's go up and down more than to and
    fro). least_line: how much one horizontal line rules the surge, 0 to 1. most_parallel: how much the pelvis tilts
    about that same line instead of across it (a walker surges forward, and his pelvis drops about that same forward
    line). least_bend_rad: a half squat this deep begins a set, and rising from it for risen_s ends it.
    most_bend_rad: lean of a deep squat. least_steps: that make a set. least_travel: share of the way that must go
    one way, least_travel_mps: mean speed, without which somebody only rocks. fastest_s, slowest_s: step times;
    slowest_median_s: of their median. pause_s: that ends a set. look_s: how far back a set may have begun when it
    is recognised. wake_mps2: of the surge with which a set begins. rests_s: lengths of the rests from which one is
    tried to have begun. turned_share: two steps in a row that go back this much of the usual way have turned round,
    if sure_travel of the way was made the other way before and the first of them took turning_share of the usual
    time. least_evidence: of which end of the line is left, before the turn of the pelvis decides. first_weight: of
    the first step's way against all others'. least_steps_again: that make a further set, along the line of the last
    one, with like_share of its bend, and of its swing and push each, and first_share of a swing at most in the
    first. bent_share: of the last set's bend, without which no further set begins. announced: whether the runner
    was told to begin.
    """

    least_surge_mps2: float = 0.09
    sure_surge_mps2: float = 0.6
    bent_cos: float = 0.9945
    most_heave_mps2: float = 4.0
    most_heave_share: float = 0.9
    least_line: float = 0.3
    most_parallel: float = 0.35
    least_bend_rad: float = 0.09
    most_bend_rad: float = 0.8
    risen_s: float = 0.4
    least_steps: int = 4
    least_travel: float = 0.35
    least_travel_mps: float = 0.018
    fastest_s: float = 0.4
    slowest_s: float = 4.6
    slowest_median_s: float = 3.6
    pause_s: float = 4.0
    look_s: float = 20.0
    wake_mps2: float = 0.05
    rests_s: tuple[float, ...] = (2.0, 0.8, 0.04)
    turned_share: float = 0.5
    sure_travel: float = 0.9
    turning_share: float = 1.2
    least_evidence: float = 0.2
    first_weight: float = 1.5
    least_steps_again: int = 2
    like_share: float = 0.5
    first_share: float = 0.8
    bent_share: float = 0.3
    announced: bool = False
    steps: BandStepParams = field(default_factory=BandStepParams)


@dataclass(frozen=True, slots=True)
class BandStart:
    """A band walk that was recognised: its frames so far, its sideways line (sign free), steps, and start."""

    window: DrillFrames
    lateral: FloatArray
    steps: list[BandStep]
    start_s: float


@dataclass(frozen=True, slots=True)
class BandWalkBefore:
    """What the last set that was done bent was like: its line, how far bent, and how strong its steps were."""

    left: FloatArray
    bend_rad: float
    swing_deg: float
    push_mps2: float


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

    def look_back(
        self, frames: DrillFrames, now: int, upright: FloatArray, free_from_s: float, before: BandWalkBefore | None
    ) -> BandStart | None:
        """Count from a rest on, the longest first, until that makes a set; nothing before free_from_s counts."""
        if before is None and self._params.announced:
            before = self._presumed(frames, now, upright)
        least_bend_rad = self._least_bend(frames, now, upright)
        if before is not None and least_bend_rad < self._params.bent_share * before.bend_rad:
            return None
        if before is not None and least_bend_rad < self._params.like_share * before.bend_rad:
            before = None
        bent = self._last_other_posture(frames, now, upright)
        lateral = main_line(frames.surge_power[now])
        tried = -1
        for rest in self._rests(frames, now, free_from_s):
            start = max(rest - round(0.6 * self._rate_hz), bent, 0)
            window = frames.cut(start, now + 1)
            if start == tried or not self._may_be(window, upright):
                continue
            tried = start
            start_s = float(frames.t_s[max(rest, bent)])
            steps = self._count(window, lateral)
            if self._is_set(steps, self._params.least_steps):
                return BandStart(window, lateral, steps, start_s)
            if before is not None:
                steps = self._count(window, before.left)
                if self._is_set(steps, self._params.least_steps_again) and self._are_like(before, steps):
                    return BandStart(window, before.left, steps, start_s)
        return None

    def _least_bend(self, frames: DrillFrames, now: int, upright: FloatArray) -> float:
        """How far the runner has been bent throughout the last second, rad."""
        last = frames.cut(max(0, now + 1 - round(self._rate_hz)), now + 1)
        return float(lean_rad(last, upright).min())

    def _presumed(self, frames: DrillFrames, now: int, upright: FloatArray) -> BandWalkBefore | None:
        """What the first set will be like of somebody who was told to begin: across the line along which he is bent."""
        up = mean_up(frames.cut(max(0, now - round(self._rate_hz)), now + 1))
        across = cross(upright, up)
        bend_rad = norm(across)
        if bend_rad < self._params.least_bend_rad:
            return None
        steps, share = self._params.steps, self._params.like_share
        return BandWalkBefore(across / bend_rad, bend_rad, steps.most_swing_deg / share, steps.least_push_mps2 / share)

    def _count(self, window: DrillFrames, lateral: FloatArray) -> list[BandStep]:
        return count_steps(BandStepCounter(self._rate_hz, self._params.steps), window, lateral)

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
        surge, heave = window.surge_mps2, window.heave_mps2
        if float((heave * heave).sum()) > params.most_heave_share**2 * float((surge * surge).sum()):
            return False
        if float(window.surge_power[-1, 0:3].sum()) > params.sure_surge_mps2**2:
            return True
        tilts = float(window.tilt_power[-1, 0:3].sum()) > float(window.turn_power[-1])
        return tilts and dot(mean_up(window), upright) < params.bent_cos

    def _rests(self, frames: DrillFrames, now: int, free_from_s: float) -> list[int]:
        """Where the last rest ended, of a long, a short and any length; a dwell between slow steps is short."""
        earliest = max(float(frames.t_s[now]) - self._params.look_s, free_from_s)
        begin = int(np.searchsorted(frames.t_s, earliest))
        power = frames.surge_now[begin : now + 1]
        if not len(power):
            return []
        resting = power < max(self._params.wake_mps2**2, 0.01 * float(power.max()))
        lengths_s = self._params.rests_s
        return [begin + end_of_last_run(resting, round(length_s * self._rate_hz)) for length_s in lengths_s]

    def _last_other_posture(self, frames: DrillFrames, now: int, upright: FloatArray) -> int:
        """The last frame in which the runner had not yet bent half as far as now, or far further."""
        begin = int(np.searchsorted(frames.t_s, float(frames.t_s[now]) - self._params.look_s))
        lean = lean_rad(frames.cut(begin, now + 1), upright)
        typical = float(np.median(lean[-round(2.0 * self._rate_hz) :]))
        risen_rad = 0.5 * typical if typical > self._params.least_bend_rad else -1.0
        higher = np.flatnonzero((lean < risen_rad) | (lean > self._params.most_bend_rad))
        return begin + int(higher[-1]) if len(higher) else 0

    def _is_set(self, steps: list[BandStep], least_steps: int) -> bool:
        params = self._params
        if len(steps) < max(least_steps, 2):
            return False
        times = np.diff([step.peak_s for step in steps])
        if times.min() < params.fastest_s or times.max() > params.slowest_s:
            return False
        if float(np.median(times)) > params.slowest_median_s or times.max() > 2.2 * times.min():
            return False
        travel_mps = sum(step.travel_mps for step in steps[1:]) / (len(steps) - 1)
        return abs(travel_share(steps)) > params.least_travel and abs(travel_mps) > params.least_travel_mps
