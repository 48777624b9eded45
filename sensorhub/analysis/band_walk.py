"""Lateral band walks: steps of the leading foot, their direction, and sets."""

from dataclasses import dataclass, field

import numpy as np

from sensorhub.analysis.band_steps import BandStep, BandStepCounter, BandStepParams
from sensorhub.analysis.drill_alignment import DrillAlignment
from sensorhub.analysis.drill_frames import DrillFrames
from sensorhub.analysis.level_score import level_score
from sensorhub.analysis.lines import dot, end_of_last_run, inner, main_line, unit
from sensorhub.dsp.rotation import along
from sensorhub.model.exercise import BandWalkSet, Drill, DrillRep
from sensorhub.model.gait import Side
from sensorhub.model.samples import BoolArray, FloatArray
from sensorhub.model.units import DEG_PER_RAD

Found = tuple[int, DrillRep | BandWalkSet]


@dataclass(frozen=True, slots=True)
class BandWalkParams:
    """What tells a band walk from everything else done upright.

    least_surge_mps2: root mean square of horizontal acceleration; below sure_surge_mps2 the pelvis must also lean as
    in a half squat (cosine below bent_cos, 6 degrees), or it could be a clamshell. most_heave_mps2: of vertical
    acceleration (running has 8 and more, brisk walking 2). least_line: how much one horizontal line rules the surge,
    0 to 1. most_parallel: how much the pelvis tilts about that same line instead of across it (a walker surges
    forward, and his pelvis drops about that same forward line). most_bend_rad: lean of a deep squat.
    least_steps: that make a set. least_travel: mean of BandStep.travel, without which somebody only rocks from side
    to side. fastest_s, slowest_s: step times. pause_s: that ends a set. look_s: how far back a set may have begun
    when it is recognised. least_bend_rad: a half squat this deep begins and ends a set. wake_mps2: of the surge with which a set begins. rests_s:
    lengths of the rests from which one is tried to have begun.
    """

    least_surge_mps2: float = 0.09
    least_bend_rad: float = 0.09
    sure_surge_mps2: float = 0.3
    bent_cos: float = 0.9945
    most_heave_mps2: float = 4.0
    least_line: float = 0.3
    most_parallel: float = 0.35
    most_bend_rad: float = 0.8
    least_steps: int = 4
    least_travel: float = 0.35
    fastest_s: float = 0.5
    slowest_s: float = 4.5
    pause_s: float = 4.0
    look_s: float = 20.0
    wake_mps2: float = 0.05
    rests_s: tuple[float, ...] = (2.0, 0.8, 0.04)
    steps: BandStepParams = field(default_factory=BandStepParams)


class BandWalk:
    """Frames in, steps and sets out. Until a set is recognised its steps are held back, then each comes at once."""

    CHECK_EVERY = 10

    def __init__(self, rate_hz: float, alignment: DrillAlignment, params: BandWalkParams = BandWalkParams()) -> None:
        self._params = params
        self._rate_hz = rate_hz
        self._alignment = alignment
        self._seen = 0
        self._set = 0
        self._free_from_s = float("-inf")
        self._left: FloatArray = np.zeros(3)
        self._counter: BandStepCounter | None = None
        self._steps: list[BandStep] = []
        self._start_s = 0.0
        self._moved_s = 0.0
        self._wake_power = 0.0
        self._direction = Side.LEFT
        self._risen_rad = -1.0
        self._habit = 0.0
        self._overdue_s = 0.0

    def feed(self, frames: DrillFrames, first: int, upright: FloatArray) -> tuple[list[Found], BoolArray]:
        """Take frames, of which those from `first` on are new and the others are what went before.

        Returns what was found with the frame (counted from `first`) that told it, and for each new frame whether a
        set was under way.
        """
        found: list[Found] = []
        new = frames.cut(first, len(frames))
        busy = np.zeros(len(new), dtype=bool)
        lean_rad = _lean_rad(new, upright)
        likely = np.flatnonzero(self._likely(new, lean_rad))
        i = 0
        while i < len(new):
            if self._counter is not None:
                begin, i = i, self._follow(new.cut(i, len(new)), lean_rad[i:], i, found)
                busy[begin:i] = True
                continue
            place = int(np.searchsorted(likely, i))
            if place == len(likely):
                break
            i = int(likely[place])
            if (self._seen + i) % self.CHECK_EVERY == 0:
                found.extend((i, rep) for rep in self._recognise(frames, first + i, upright))
            i += 1
        self._seen += len(new)
        return found, busy

    def finish(self) -> list[BandWalkSet]:
        """End the set under way."""
        return [self._end_set()] if self._counter is not None else []

    def _likely(self, frames: DrillFrames, lean_rad: FloatArray) -> BoolArray:
        params = self._params
        surge, tilt = frames.surge_power, frames.tilt_power
        power = surge[:, 0] + surge[:, 1] + surge[:, 2]
        line = 2.0 * inner(surge, surge) / (power * power + 1e-12) - 1.0
        tilting = tilt[:, 0] + tilt[:, 1] + tilt[:, 2]
        parallel = inner(surge, tilt) / (power * tilting + 1e-12)
        likely: BoolArray = (
            (power > params.least_surge_mps2**2)
            & (frames.heave_power < params.most_heave_mps2**2)
            & (line > params.least_line)
            & (parallel < params.most_parallel)
            & (lean_rad < params.most_bend_rad)
        )
        return likely

    def _recognise(self, frames: DrillFrames, now: int, upright: FloatArray) -> list[DrillRep]:
        """Count from a rest on, the longest first; if that makes a set, begin it and return its steps so far."""
        bent = self._last_other_posture(frames, now, upright)
        lateral = main_line(frames.surge_power[now])
        surge_mps2 = float(np.sqrt(frames.surge_power[now, 0:3].sum()))
        tried = -1
        for rest in self._rests(frames, now):
            start = max(rest - round(0.6 * self._rate_hz), bent, 0)
            window = frames.cut(start, now + 1)
            if start == tried or not (surge_mps2 > self._params.sure_surge_mps2 or self._bends(window, upright)):
                continue
            tried = start
            steps = _count(BandStepCounter(self._rate_hz, self._params.steps), window, lateral)
            if self._is_set(steps):
                return self._begin(window, lateral, upright, steps, float(frames.t_s[max(rest, bent)]))
        return []

    def _begin(
        self, window: DrillFrames, lateral: FloatArray, upright: FloatArray, steps: list[BandStep], start_s: float
    ) -> list[DrillRep]:
        self._left = self._find_left(lateral, window, upright, steps)
        self._counter = BandStepCounter(self._rate_hz, self._params.steps)
        self._steps = _count(self._counter, window, self._left)
        self._set += 1
        self._start_s = start_s
        self._moved_s = float(window.t_s[-1])
        self._wake_power = max(self._params.wake_mps2**2, 0.02 * float(window.surge_now.max()))
        self._direction = self._direction_of(self._steps)
        bend_rad = float(np.median(_lean_rad(window, upright)))
        self._risen_rad = 0.5 * bend_rad if bend_rad > self._params.least_bend_rad else -1.0
        self._overdue_s = self._overdue()
        return [self._rep(i) for i in range(len(self._steps))]

    def _rests(self, frames: DrillFrames, now: int) -> list[int]:
        """Where the last rest ended, of a long, a short and any length; a dwell between slow steps is short."""
        earliest = max(float(frames.t_s[now]) - self._params.look_s, self._free_from_s)
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
        lean = _lean_rad(frames.cut(begin, now + 1), upright)
        typical = float(np.median(lean[-round(2.0 * self._rate_hz) :]))
        risen_rad = 0.5 * typical if typical > self._params.least_bend_rad else -1.0
        higher = np.flatnonzero((lean < risen_rad) | (lean > self._params.most_bend_rad))
        return begin + int(higher[-1]) if len(higher) else 0

    def _is_set(self, steps: list[BandStep]) -> bool:
        params = self._params
        if len(steps) < params.least_steps:
            return False
        times = np.diff([step.peak_s for step in steps])
        if times.min() < params.fastest_s or times.max() > params.slowest_s:
            return False
        if times.max() > 2.2 * times.min():
            return False
        return abs(_travel_share(steps)) > params.least_travel

    def _bends(self, window: DrillFrames, upright: FloatArray) -> bool:
        """Whether the pelvis leans as in a half squat."""
        return dot(_mean_up(window), upright) < self._params.bent_cos

    def _find_left(
        self, lateral: FloatArray, window: DrillFrames, upright: FloatArray, steps: list[BandStep]
    ) -> FloatArray:
        mean_up = _mean_up(window)
        flat = unit(lateral - upright * dot(lateral, upright))
        left = self._alignment.hinge_left(upright, mean_up, flat)
        if left is not None:
            self._alignment.use_hinge(left, float(window.t_s[-1]))
            return left
        left, evidence = self._alignment.orient(flat, float(window.t_s[-1]))
        if evidence > 0.2:
            return left
        # The pelvis turns towards the leading foot. Speed and turn go together (+) where the line points left.
        turn = sum(step.turn for step in steps)
        return flat if turn > 0.0 else -flat

    def _direction_of(self, steps: list[BandStep]) -> Side:
        evidence = _travel_share(steps) + self._habit_evidence(steps)
        return Side.LEFT if evidence > 0.0 else Side.RIGHT

    def _habit_evidence(self, steps: list[BandStep]) -> float:
        """What the sets before say: a runner's leading side either rises or sinks, the same way in every set."""
        rises = 1.0 if steps[0].rise_deg > 0.0 else -1.0
        return rises * min(max(self._habit, -0.5), 0.5)

    def _follow(self, new: DrillFrames, lean_rad: FloatArray, offset: int, found: list[Found]) -> int:
        """Count on, frame by frame, until the set ends or the frames do; return the next frame."""
        params = self._params
        rows = zip(
            new.t_s.tolist(), _obliquity_deg(new, self._left), along(new.surge_mps2, self._left).tolist(),
            new.turn_radps.tolist(), new.surge_now.tolist(), lean_rad.tolist(), strict=True,
        )  # fmt: skip
        for count, (t_s, obliquity_deg, surge_mps2, turn_radps, power, lean_rad) in enumerate(rows, start=offset):
            if power > self._wake_power:
                self._moved_s = t_s
            posture_left = lean_rad < self._risen_rad or lean_rad > params.most_bend_rad
            if posture_left or t_s - self._moved_s > params.pause_s or t_s > self._overdue_s:
                found.append((count, self._end_set()))
                return count
            step = self._counter.feed(t_s, obliquity_deg, surge_mps2, turn_radps) if self._counter else None
            if step is not None:
                self._steps.append(step)
                self._overdue_s = self._overdue()
                found.append((count, self._rep(len(self._steps) - 1)))
        return offset + len(new)

    def _overdue(self) -> float:
        """When the next step is so late that the set is over, whatever moves meanwhile."""
        times = np.diff([step.peak_s for step in self._steps[-6:]])
        usual_s = float(np.median(times)) if len(times) else self._params.slowest_s
        return self._steps[-1].t_s + self._params.pause_s + usual_s

    def _rep(self, index: int) -> DrillRep:
        step = self._steps[index]
        before = self._steps[index - 1].t_s if index else self._start_s
        leading_down = -step.rise_deg if self._direction is Side.LEFT else step.rise_deg
        return DrillRep(
            Drill.BAND_WALK, self._set, index + 1, step.t_s, self._direction, None, step.t_s - before,
            max(leading_down, 0.0),
        )  # fmt: skip

    def _end_set(self) -> BandWalkSet:
        steps = self._steps
        times = np.diff([step.peak_s for step in steps])
        evenness = 1.0 - float(times.std() / times.mean())
        direction = self._direction_of(steps)
        self._habit += _travel_share(steps) * (1.0 if steps[0].rise_deg > 0.0 else -1.0)
        self._counter = None
        self._free_from_s = steps[-1].t_s + 1.0
        return BandWalkSet(
            set=self._set,
            direction=direction,
            steps=len(steps),
            start_s=self._start_s,
            end_s=min(self._moved_s, steps[-1].t_s + self._params.pause_s),
            tempo_spm=60.0 / float(np.median(times)),
            step_evenness=max(evenness, 0.0),
            level_score=level_score([step.swing_deg for step in steps]),
        )


def _travel_share(steps: list[BandStep]) -> float:
    """Way made in one direction over way made in either, -1 to 1; positive: to the left of the line."""
    ways = [step.travel_mps for step in steps]
    return sum(ways) / (sum(abs(way) for way in ways) + 1e-9)


def _lean_rad(frames: DrillFrames, upright: FloatArray) -> FloatArray:
    lean: FloatArray = np.arccos(np.clip(along(frames.up, upright), -1.0, 1.0))
    return lean


def _mean_up(window: DrillFrames) -> FloatArray:
    mean: FloatArray = window.up.sum(axis=0) / len(window)
    return mean


def _count(counter: BandStepCounter, frames: DrillFrames, lateral: FloatArray) -> list[BandStep]:
    rows = zip(
        frames.t_s.tolist(), _obliquity_deg(frames, lateral), along(frames.surge_mps2, lateral).tolist(),
        frames.turn_radps.tolist(), strict=True,
    )  # fmt: skip
    steps = (counter.feed(*row) for row in rows)
    return [step for step in steps if step is not None]


def _obliquity_deg(frames: DrillFrames, left: FloatArray) -> list[float]:
    degrees: list[float] = (np.arcsin(np.clip(along(frames.up, left), -1.0, 1.0)) * DEG_PER_RAD).tolist()
    return degrees
