"""Lateral band walks: steps of the leading foot, their direction, and sets."""

import numpy as np

from sensorhub.analysis.exercise.band_first_step import BandFirstStep
from sensorhub.analysis.exercise.band_look import BandLook, BandStart, BandWalkBefore
from sensorhub.analysis.exercise.band_params import BandWalkParams
from sensorhub.analysis.exercise.band_recognition import BandRecognition
from sensorhub.analysis.exercise.band_steps import (
    BandStep,
    BandStepCounter,
    count_steps,
    first_way,
    step_rows,
    travel_share,
)
from sensorhub.analysis.exercise.drill_alignment import DrillAlignment
from sensorhub.analysis.exercise.drill_frames import DrillFrames, lean_rad, mean_up
from sensorhub.analysis.exercise.level_score import level_score
from sensorhub.model.exercise import Announcement, BandWalkSet, Drill, DrillRep
from sensorhub.model.gait import Side
from sensorhub.model.samples import BoolArray, FloatArray

DEFAULTS = BandWalkParams()
Found = tuple[int, DrillRep | BandWalkSet]


class BandWalk:
    """Frames in, steps and sets out. Until a set is recognised its steps are held back, then each comes at once."""

    CHECK_EVERY = 4
    CHECK_EVERY_ASKED = 2

    def __init__(self, rate_hz: float, alignment: DrillAlignment, params: BandWalkParams = DEFAULTS) -> None:
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
        self._bent_s = 0.0
        self._habit = 0.0
        self._overdue_s = 0.0
        self._held: BandStep | None = None
        self._bend_rad = 0.0
        self._before: BandWalkBefore | None = None
        self._recognition = BandRecognition(rate_hz, params)
        self._first_step = BandFirstStep(rate_hz, params)
        self._asked_s = float("inf")

    def announce(self, announcement: Announcement) -> None:
        """Take what the runner is told to do from now on."""
        self._asked_s = announcement.from_s if announcement.drill is Drill.BAND_WALK else float("inf")

    def feed(self, frames: DrillFrames, first: int, upright: FloatArray) -> tuple[list[Found], BoolArray]:
        """Take frames, of which those from `first` on are new and the others are what went before.

        Returns what was found with the frame (counted from `first`) that told it, and for each new frame whether a
        set was under way.
        """
        found: list[Found] = []
        new = frames.cut(first, len(frames))
        busy = np.zeros(len(new), dtype=bool)
        leans_rad = lean_rad(new, upright)
        index = self._seen + np.arange(len(new))
        likely = self._recognition.likely(new, leans_rad) & (index % self.CHECK_EVERY == 0)
        asked = self._first_step.likely(new, leans_rad) & (new.t_s > self._asked_s)
        asked &= index % self.CHECK_EVERY_ASKED == 0
        places = np.flatnonzero(likely | asked)
        i = 0
        while i < len(new):
            if self._counter is not None:
                begin, i = i, self._follow(new.cut(i, len(new)), leans_rad[i:], i, found)
                busy[begin:i] = True
                continue
            place = int(np.searchsorted(places, i))
            if place == len(places):
                break
            i = int(places[place])
            seen = frames.cut(0, first + i + 1)
            look = BandLook(seen, upright, self._free_from_s, self._before, self._asked_s)
            start = self._looked(look, likely=bool(likely[i]), asked=bool(asked[i]))
            if start is not None:
                found.extend((i, rep) for rep in self._begin(start, upright))
            i += 1
        self._seen += len(new)
        return found, busy

    def finish(self) -> list[DrillRep | BandWalkSet]:
        """End the set under way."""
        return self._end_set() if self._counter is not None else []

    def _looked(self, look: BandLook, *, likely: bool, asked: bool) -> BandStart | None:
        first = self._first_step.look_back(look) if asked else None
        return self._recognition.look_back(look) if first is None and likely else first

    def _begin(self, start: BandStart, upright: FloatArray) -> list[DrillRep]:
        window = start.window
        self._left = self._find_left(start, upright)
        self._counter = BandStepCounter(self._rate_hz, self._params.steps)
        self._steps = count_steps(self._counter, window, self._left)
        self._held = None
        self._set += 1
        self._start_s = start.start_s
        self._moved_s = float(window.t_s[-1])
        self._bent_s = self._moved_s
        self._wake_power = max(self._params.wake_mps2**2, 0.02 * float(window.surge_now.max()))
        self._direction = self._direction_of(self._steps)
        self._bend_rad = float(np.median(lean_rad(window, upright)))
        self._risen_rad = 0.5 * self._bend_rad if self._bend_rad > self._params.least_bend_rad else -1.0
        self._overdue_s = self._overdue()
        return [self._rep(i) for i in range(len(self._steps))]

    def _find_left(self, start: BandStart, upright: FloatArray) -> FloatArray:
        now_s = float(start.window.t_s[-1])
        left = self._alignment.hinge_left(upright, mean_up(start.window), start.lateral)
        if left is not None:
            self._alignment.use_hinge(left, now_s)
            return left
        left, evidence = self._alignment.orient(start.lateral, now_s)
        if evidence > self._params.least_evidence:
            return left
        # The pelvis turns towards the leading foot. Speed and turn go together (+) where the line points left.
        turn = sum(step.turn for step in start.steps)
        return start.lateral if turn > 0.0 else -start.lateral

    def _direction_of(self, steps: list[BandStep]) -> Side:
        evidence = self._way(steps) + self._habit_evidence(steps)
        return Side.LEFT if evidence > 0.0 else Side.RIGHT

    def _way(self, steps: list[BandStep]) -> float:
        """Where the steps went: positive to the left."""
        return self._params.first_weight * first_way(steps) + travel_share(steps)

    def _habit_evidence(self, steps: list[BandStep]) -> float:
        """What the sets before say: a runner's leading side either rises or sinks, the same way in every set."""
        rises = 1.0 if steps[0].rise_deg > 0.0 else -1.0
        return rises * min(max(self._habit, -0.5), 0.5)

    def _follow(self, new: DrillFrames, leans_rad: FloatArray, offset: int, found: list[Found]) -> int:
        """Count on, frame by frame, until the set ends or the frames do; return the next frame."""
        rows = zip(step_rows(new, self._left), new.surge_now.tolist(), leans_rad.tolist(), strict=True)
        for count, (row, power, leans) in enumerate(rows, start=offset):
            if power > self._wake_power:
                self._moved_s = row[0]
            if self._is_over(row[0], leans):
                found.extend((count, event) for event in self._end_set())
                return count
            step = self._counter.feed(*row) if self._counter else None
            if step is not None:
                told, turned = self._take(step)
                found.extend((count, event) for event in told)
                if turned:
                    return count + 1
        return offset + len(new)

    def _is_over(self, t_s: float, leans_rad: float) -> bool:
        """Whether the runner stands up or gets down, pauses, or is so late with a step that nothing else counts."""
        if leans_rad >= self._risen_rad:
            self._bent_s = t_s
        if t_s - self._bent_s > self._params.risen_s or leans_rad > self._params.most_bend_rad:
            return True
        return t_s - self._moved_s > self._params.pause_s or t_s > self._overdue_s

    def _take(self, step: BandStep) -> tuple[list[DrillRep | BandWalkSet], bool]:
        """Take a step; one that goes back is held until the next one says whether the runner has turned round."""
        usual_mps = float(np.median([abs(one.travel_mps) for one in self._steps[1:]] or [0.0]))
        way = step.travel_mps if self._direction is Side.LEFT else -step.travel_mps
        if self._may_turn(step) and way < -self._params.turned_share * usual_mps:
            if self._held is not None:
                self._held = None
                return self._end_set(), True
            self._held = step
            return [], False
        held, self._held = self._held, None
        taken = [step] if held is None else [held, step]
        first = len(self._steps)
        self._steps.extend(taken)
        if first < self._params.least_steps:
            self._direction = self._direction_of(self._steps)
        self._overdue_s = self._overdue()
        return [self._rep(i) for i in range(first, len(self._steps))], False

    def _may_turn(self, step: BandStep) -> bool:
        """Whether the way so far was clear, and this step took longer than usual, as turning round does."""
        if self._held is not None:
            return True
        if len(self._steps) < self._params.least_steps or abs(travel_share(self._steps)) < self._params.sure_travel:
            return False
        usual_s = float(np.median(np.diff([one.peak_s for one in self._steps])))
        return step.peak_s - self._steps[-1].peak_s > self._params.turning_share * usual_s

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

    def _end_set(self) -> list[DrillRep | BandWalkSet]:
        told: list[DrillRep | BandWalkSet] = []
        if self._held is not None:
            self._steps.append(self._held)
            told.append(self._rep(len(self._steps) - 1))
        steps = self._steps
        direction = self._direction_of(steps)
        self._habit += self._way(steps) * (1.0 if steps[0].rise_deg > 0.0 else -1.0)
        if len(steps) >= self._params.least_steps and self._bend_rad > self._params.least_bend_rad:
            swing_deg, push_mps2 = (
                float(np.median(sizes))
                for sizes in zip(*((one.swing_deg, one.push_mps2) for one in steps), strict=True)
            )
            self._before = BandWalkBefore(self._left, self._bend_rad, swing_deg, push_mps2)
        self._counter, self._held = None, None
        self._free_from_s = steps[-1].t_s
        times = np.diff([step.peak_s for step in steps])
        ended = BandWalkSet(
            set=self._set,
            direction=direction,
            steps=len(steps),
            start_s=self._start_s,
            end_s=min(self._moved_s, steps[-1].t_s + self._params.pause_s),
            tempo_spm=60.0 / float(np.median(times)) if len(times) else None,
            step_evenness=max(1.0 - float(times.std() / times.mean()), 0.0) if len(times) else None,
            level_score=level_score([step.swing_deg for step in steps]),
        )
        return [*told, ended]
