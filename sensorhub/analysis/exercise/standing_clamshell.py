"""Standing clamshells: repetitions told by the small turn of the pelvis towards the moving knee."""

import numpy as np

from sensorhub.analysis.exercise.clamshell_params import ClamshellParams
from sensorhub.analysis.exercise.clamshell_recognition import ClamshellRecognition
from sensorhub.analysis.exercise.clamshell_set import ClamshellSetUnderWay
from sensorhub.analysis.exercise.clamshell_silence import level_throughout, silent_set
from sensorhub.analysis.exercise.drill_alignment import DrillAlignment
from sensorhub.analysis.exercise.drill_frames import DrillFrames
from sensorhub.analysis.exercise.lines import main_line
from sensorhub.dsp.rotation import along, cross
from sensorhub.model.exercise import Announcement, ClamshellSet, Drill, DrillRep
from sensorhub.model.samples import BoolArray, FloatArray

DEFAULTS = ClamshellParams()
Found = tuple[int, DrillRep | ClamshellSet]


class StandingClamshell:
    """Frames in, repetitions and sets out. Until a set is recognised its repetitions are held back."""

    CHECK_EVERY = 12
    CHECK_EVERY_ASKED = 4

    def __init__(self, alignment: DrillAlignment, params: ClamshellParams = DEFAULTS) -> None:
        self._params = params
        self._alignment = alignment
        self._recognition = ClamshellRecognition(params)
        self._seen = 0
        self._sets = 0
        self._free_from_s = float("-inf")
        self._under_way: ClamshellSetUnderWay | None = None
        self._asked: Announcement | None = None
        self._withdrawn: list[tuple[Announcement, float]] = []
        self._told_s = float("-inf")
        self._now_s = 0.0

    def announce(self, announcement: Announcement) -> None:
        """Take what the runner is told to do from now on."""
        if self._asked is not None:
            self._withdrawn.append((self._asked, announcement.from_s))
        self._asked = announcement if announcement.drill is Drill.STANDING_CLAMSHELL else None

    def feed(self, frames: DrillFrames, first: int, upright: FloatArray, busy: BoolArray) -> list[Found]:
        """Take frames, of which those from `first` on are new and the others are what went before.

        busy: for each new frame whether another drill is under way, from which no clamshell can begin. Returns what
        was found with the frame (counted from `first`) that told it.
        """
        found: list[Found] = []
        new = frames.cut(first, len(frames))
        other = busy | ~(along(new.up, upright) > self._params.upright_cos)
        quiet = self._quiet(new) & ~other
        other |= ~quiet & (new.surge_now > self._params.most_surge_mps2**2)
        likely = np.flatnonzero(quiet & (new.turn_power > self._params.least_turn_radps**2))
        others = np.flatnonzero(other)
        i = 0
        while i < len(new):
            if self._under_way is not None:
                i = self._follow(self._under_way, new.cut(i, len(new)), quiet[i:], i, found)
                continue
            if self._withdrawn:
                found.extend((i, silent) for silent in self._silent_sets(frames.cut(0, first + i + 1), upright))
            place = int(np.searchsorted(likely, i))
            if place == len(likely):
                break
            i = int(likely[place])
            every = self.CHECK_EVERY if self._asked is None else self.CHECK_EVERY_ASKED
            if (self._seen + i) % every == 0:
                before = int(np.searchsorted(others, i))
                if before:
                    self._free_from_s = max(self._free_from_s, float(new.t_s[others[before - 1]]))
                found.extend((i, rep) for rep in self._recognise(frames.cut(0, first + i + 1), upright))
            i += 1
        if len(others):
            self._free_from_s = max(self._free_from_s, float(new.t_s[others[-1]]))
        self._seen += len(new)
        self._now_s = float(new.t_s[-1])
        return found

    def finish(self) -> list[DrillRep | ClamshellSet]:
        """End the set under way, and the one that is asked for."""
        ended = self._end_set(self._under_way) if self._under_way is not None else []
        self.announce(Announcement(self._now_s, None, None))
        return [*ended, *self._silent_sets()]

    def _quiet(self, frames: DrillFrames) -> BoolArray:
        params = self._params
        surge = frames.surge_power
        quiet: BoolArray = (surge[:, 0] + surge[:, 1] + surge[:, 2] < params.most_surge_mps2**2) & (
            frames.heave_power < params.most_heave_mps2**2
        )
        return quiet

    def _recognise(self, frames: DrillFrames, upright: FloatArray) -> list[DrillRep]:
        now_s = float(frames.t_s[-1])
        earliest_s = max(now_s - self._params.look_s, self._free_from_s)
        window = frames.cut(int(np.searchsorted(frames.t_s, earliest_s)), len(frames))
        if len(window) < 2:
            return []
        start = self._recognition.look_back(window, upright, self._asked)
        if start is None:
            return []
        lateral = cross(upright, main_line(frames.tilt_power[-1]))
        lean_line = self._alignment.orient(lateral, now_s)[0]
        under_way = ClamshellSetUnderWay(self._sets + 1, start, window, lean_line, self._params)
        if len(under_way) < start.least_reps:
            return []
        self._under_way = under_way
        return [] if under_way.is_held else under_way.reps()

    def _follow(
        self, under_way: ClamshellSetUnderWay, new: DrillFrames, quiet: BoolArray, offset: int, found: list[Found]
    ) -> int:
        """Count on, frame by frame, until the set ends or the frames do; return the next frame."""
        for count, (row, still_quiet) in enumerate(zip(under_way.rows(new), quiet.tolist(), strict=True), start=offset):
            if under_way.is_over(row[0]) or not still_quiet:
                found.extend((count, ended) for ended in self._end_set(under_way))
                return count
            counted = under_way.feed(*row)
            if under_way.is_outgrown:
                self._under_way = None
                return count + 1
            if counted and not under_way.is_held:
                found.extend((count, rep) for rep in under_way.reps(len(under_way) - 1))
        return offset + len(new)

    def _end_set(self, under_way: ClamshellSetUnderWay) -> list[DrillRep | ClamshellSet]:
        self._under_way = None
        self._free_from_s = max(self._free_from_s, under_way.last_s + 0.5)
        ended = under_way.end()
        if ended:
            self._sets += 1
            self._told_s = under_way.last_s
        return ended

    def _silent_sets(self, frames: DrillFrames | None = None, upright: FloatArray | None = None) -> list[ClamshellSet]:
        """Report the sets that were asked for until now and of which nothing was told."""
        withdrawn, self._withdrawn = self._withdrawn, []
        silent = []
        for asked, until_s in withdrawn:
            if (
                asked.side is None
                or self._told_s > asked.from_s
                or until_s - asked.from_s < self._params.reps.slowest_s
            ):
                continue
            self._sets += 1
            level = None
            if frames is not None and upright is not None:
                from_s = max(asked.from_s, float(frames.t_s[-1]) - self._params.look_s)
                level = level_throughout(frames, upright, from_s, until_s)
            silent.append(silent_set(self._sets, asked.side, asked.from_s, until_s, level))
        return silent
