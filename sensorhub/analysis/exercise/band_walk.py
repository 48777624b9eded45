"""Lateral band walks: steps of the leading foot, their direction, and sets."""

import numpy as np

from sensorhub.analysis.exercise.band_first_step import BandFirstStep
from sensorhub.analysis.exercise.band_look import BandLook, BandStart, BandWalkBefore
from sensorhub.analysis.exercise.band_params import BandWalkParams
from sensorhub.analysis.exercise.band_recognition import BandRecognition
from sensorhub.analysis.exercise.band_set import BandSetUnderWay
from sensorhub.analysis.exercise.band_steps import count_steps
from sensorhub.analysis.exercise.drill_alignment import DrillAlignment
from sensorhub.analysis.exercise.drill_frames import DrillFrames, lean_rad, mean_up
from sensorhub.model.exercise import Announcement, BandWalkSet, Drill, DrillRep
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
        self._recognition = BandRecognition(rate_hz, params)
        self._first_step = BandFirstStep(rate_hz, params)
        self._seen = 0
        self._sets = 0
        self._free_from_s = float("-inf")
        self._under_way: BandSetUnderWay | None = None
        self._before: BandWalkBefore | None = None
        self._habit = 0.0
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
            if self._under_way is not None:
                begin, i = i, self._follow(self._under_way, frames, first, i, found)
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
                found.extend((i, rep) for rep in self._begin(start))
            i += 1
        self._seen += len(new)
        return found, busy

    def finish(self) -> list[DrillRep | BandWalkSet]:
        """End the set under way."""
        return self._end_set(self._under_way) if self._under_way is not None else []

    def _looked(self, look: BandLook, *, likely: bool, asked: bool) -> BandStart | None:
        first = self._first_step.look_back(look) if asked else None
        return self._recognition.look_back(look) if first is None and likely else first

    def _begin(self, start: BandStart) -> list[DrillRep]:
        self._sets += 1
        left = self._find_left(start)
        self._under_way = BandSetUnderWay(self._sets, start, left, self._habit, self._params)
        return self._under_way.reps()

    def _find_left(self, start: BandStart) -> FloatArray:
        now_s = float(start.window.t_s[-1])
        left = self._alignment.hinge_left(start.upright, mean_up(start.window), start.lateral)
        if left is not None:
            self._alignment.use_hinge(left, now_s)
            return left
        left, evidence = self._alignment.orient(start.lateral, now_s)
        if evidence > self._params.least_evidence:
            return left
        # The pelvis turns towards the leading foot. Speed and turn go together (+) where the line points left.
        turn = sum(step.turn for step in start.steps)
        return start.lateral if turn > 0.0 else -start.lateral

    def _follow(
        self, under_way: BandSetUnderWay, frames: DrillFrames, first: int, offset: int, found: list[Found]
    ) -> int:
        """Count on, frame by frame, until the set ends or the frames do; return the next frame."""
        new = frames.cut(first + offset, len(frames))
        for count, row in enumerate(under_way.rows(new), start=offset):
            if not under_way.goes_on(row):
                found.extend((count, event) for event in self._end_set(under_way))
                return count
            found.extend((count, rep) for rep in under_way.feed(row))
            if under_way.turn.is_certain:
                found.extend((count, event) for event in self._turn(under_way, frames.cut(0, first + count + 1)))
                return count + 1
        return offset + len(new)

    def _turn(self, turned: BandSetUnderWay, seen: DrillFrames) -> list[DrillRep | BandWalkSet]:
        """End a set with the stop before the runner went back, and begin the next one there."""
        ended, stop_s = self._end_set(turned), turned.turn.stop_s
        window = seen.cut(int(np.searchsorted(seen.t_s, stop_s)), len(seen))
        steps, _ = count_steps(self._rate_hz, window, turned.left, self._params.steps)
        start = BandStart(window, self._rate_hz, turned.upright, turned.left, steps, stop_s + self._params.steps.rest_s)
        return [*ended, *(self._begin(start) if steps else [])]

    def _end_set(self, under_way: BandSetUnderWay) -> list[DrillRep | BandWalkSet]:
        ended = under_way.end()
        self._under_way = None
        self._habit += under_way.way_of_rising
        self._before = under_way.remembered() or self._before
        self._free_from_s = under_way.last_s
        return ended
