"""Standing clamshells: repetitions told by the small turn of the pelvis towards the moving knee."""

from dataclasses import replace

import numpy as np

from sensorhub.analysis.exercise.clamshell_params import ClamshellParams
from sensorhub.analysis.exercise.clamshell_reps import ClamshellCounter, Run, are_steady, find_run
from sensorhub.analysis.exercise.clamshell_side import leftward_evidence
from sensorhub.analysis.exercise.clamshell_trace import ClamshellTrace
from sensorhub.analysis.exercise.cycles import Swing
from sensorhub.analysis.exercise.drill_alignment import DrillAlignment
from sensorhub.analysis.exercise.drill_frames import DrillFrames
from sensorhub.analysis.exercise.level_score import level_score
from sensorhub.analysis.exercise.lines import main_line
from sensorhub.dsp.rotation import along, cross
from sensorhub.model.exercise import Announcement, ClamshellSet, Drill, DrillRep
from sensorhub.model.gait import Side
from sensorhub.model.samples import BoolArray, FloatArray
from sensorhub.model.units import DEG_PER_RAD

DEFAULTS = ClamshellParams()
Found = tuple[int, DrillRep | ClamshellSet]
TOO_LEVEL = "the pelvis stayed too level to count repetitions"


class StandingClamshell:
    """Frames in, repetitions and sets out. Until a set is recognised its repetitions are held back."""

    CHECK_EVERY = 12
    CHECK_EVERY_ASKED = 4

    def __init__(self, rate_hz: float, alignment: DrillAlignment, params: ClamshellParams = DEFAULTS) -> None:
        self._params = params
        self._rate_hz = rate_hz
        self._asked_reps = replace(params.reps, least_reps=params.asked_reps)
        self._alignment = alignment
        self._seen = 0
        self._set = 0
        self._free_from_s = float("-inf")
        self._counter: ClamshellCounter | None = None
        self._swings: list[Swing] = []
        self._leans: list[float] = []
        self._lean_now: list[float] = []
        self._lean_line: FloatArray = np.zeros(3)
        self._side = Side.LEFT
        self._usual_s = 0.0
        self._start_s = 0.0
        self._held = False
        self._faint = False
        self._trace = ClamshellTrace(float("inf"))
        self._asked: Announcement | None = None

    def announce(self, announcement: Announcement) -> None:
        """Take what the runner is told to do from now on."""
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
            if self._counter is not None:
                i = self._follow(new.cut(i, len(new)), quiet[i:], i, found)
                continue
            place = int(np.searchsorted(likely, i))
            if place == len(likely):
                break
            i = int(likely[place])
            every = self.CHECK_EVERY if self._asked is None else self.CHECK_EVERY_ASKED
            if (self._seen + i) % every == 0:
                before = int(np.searchsorted(others, i))
                if before:
                    self._free_from_s = max(self._free_from_s, float(new.t_s[others[before - 1]]))
                found.extend((i, rep) for rep in self._recognise(frames, first + i, upright))
            i += 1
        if len(others):
            self._free_from_s = max(self._free_from_s, float(new.t_s[others[-1]]))
        self._seen += len(new)
        return found

    def finish(self) -> list[DrillRep | ClamshellSet]:
        """End the set under way."""
        return self._end_set() if self._counter is not None else []

    def _quiet(self, frames: DrillFrames) -> BoolArray:
        params = self._params
        surge = frames.surge_power
        quiet: BoolArray = (surge[:, 0] + surge[:, 1] + surge[:, 2] < params.most_surge_mps2**2) & (
            frames.heave_power < params.most_heave_mps2**2
        )
        return quiet

    def _recognise(self, frames: DrillFrames, now: int, upright: FloatArray) -> list[DrillRep]:
        earliest_s = max(float(frames.t_s[now]) - self._params.look_s, self._free_from_s)
        begin = int(np.searchsorted(frames.t_s, earliest_s))
        window = frames.cut(begin, now + 1)
        if len(window) < 2:
            return []
        run = self._run(window, upright)
        if run is None:
            return []
        self._side = self._knee(window, run, upright)
        lateral = cross(upright, main_line(frames.tilt_power[now]))
        self._lean_line = self._alignment.orient(lateral, float(frames.t_s[now]))[0]
        return self._begin(window, run)

    def _run(self, window: DrillFrames, upright: FloatArray) -> Run | None:
        """Find a run of repetitions: a shorter one where just that knee was asked for and turns are clear."""
        run, asked = find_run(window.t_s, window.heading_deg, self._params.reps), self._asked
        if run is not None or asked is None:
            return run
        run = find_run(window.t_s, window.heading_deg, self._asked_reps)
        if run is None or run.first_s < asked.from_s or self._knee(window, run, upright) is not asked.side:
            return None
        return run if self._believed_turn_deg(run) > self._params.sure_turn_deg else None

    def _knee(self, window: DrillFrames, run: Run, upright: FloatArray) -> Side:
        return Side.LEFT if leftward_evidence(window, run, upright) > 0.0 else Side.RIGHT

    def _believed_turn_deg(self, run: Run) -> float:
        """The usual turn, or less of it where the run is unsteadier than usual."""
        return run.usual_deg / max(1.0, run.unsteadiness / self._params.usual_unsteadiness)

    def _begin(self, window: DrillFrames, run: Run) -> list[DrillRep]:
        start = int(np.searchsorted(window.t_s, run.first_s - 0.75 * run.usual_s))
        part = window.cut(start, len(window))
        usual_power = float(np.median(part.surge_now))
        least_power = max(self._params.shift_mps2**2, self._params.shift_ratio**2 * usual_power)
        self._trace = ClamshellTrace(least_power)
        self._trace.feed_all(window.cut(0, start))
        self._counter = ClamshellCounter(1 if self._side is Side.LEFT else -1, run, self._params.reps)
        self._set += 1
        self._swings, self._leans = [], []
        self._lean_now.clear()
        self._usual_s = run.usual_s
        turn_deg = self._believed_turn_deg(run)
        self._held = turn_deg < self._params.sure_turn_deg
        self._faint = turn_deg < self._params.faint_turn_deg
        for row in self._rows(part):
            self._count(*row)
        if self._begins_with_a_shift():
            self._swings, self._leans = self._swings[1:], self._leans[1:]
        if len(self._swings) < max(1, self._params.reps.least_reps - 2):
            self._counter = None
            self._set -= 1
            return []
        self._start_s = self._swings[0].peak_s - 0.5 * run.usual_s
        return [] if self._held else self._reps()

    def _begins_with_a_shift(self) -> bool:
        """Whether weight shifts between the first turn and the second: the first was sway on both feet."""
        if len(self._swings) < 2:
            return False
        first_s, second_s = self._swings[0].peak_s, self._swings[1].peak_s
        margin_s = 0.3 * self._usual_s
        between = self._trace.shifts_within(first_s, second_s - margin_s)
        return between and not self._trace.shifts_within(first_s - margin_s, first_s)

    def _rows(self, frames: DrillFrames) -> "zip[tuple[float, float, float, float]]":
        lean_deg = np.arcsin(np.clip(along(frames.up, self._lean_line), -1.0, 1.0)) * DEG_PER_RAD
        columns = (frames.t_s, frames.heading_deg, lean_deg, frames.surge_now)
        return zip(*(column.tolist() for column in columns), strict=True)

    def _count(self, t_s: float, heading_deg: float, lean_deg: float, surge_power: float) -> bool:
        if self._counter is None:
            return False
        self._lean_now.append(lean_deg)
        swing = self._counter.feed(t_s, heading_deg, disturbed=self._trace.feed(t_s, heading_deg, surge_power))
        if swing is None:
            return False
        self._swings.append(swing)
        self._leans.append(max(self._lean_now) - min(self._lean_now))
        self._lean_now.clear()
        return True

    def _follow(self, new: DrillFrames, quiet: BoolArray, offset: int, found: list[Found]) -> int:
        """Count on, frame by frame, until the set ends or the frames do; return the next frame."""
        for count, (row, still_quiet) in enumerate(zip(self._rows(new), quiet.tolist(), strict=True), start=offset):
            late_s = row[0] - self._swings[-1].peak_s
            if late_s > self._params.pause_s + self._usual_s or not still_quiet:
                found.extend((count, ended) for ended in self._end_set())
                return count
            counted = self._count(*row)
            if self._held and self._counter is not None and self._counter.outgrown:
                self._counter = None
                self._set -= 1
                return count + 1
            if counted and not self._held:
                found.append((count, self._rep(len(self._swings) - 1)))
        return offset + len(new)

    def _released(self) -> list[DrillRep]:
        """The repetitions held back, if they are steady and none can be missing at the ends."""
        first, last = self._swings[0], self._swings[-1]
        turn_deg = float(np.median([swing.peak - swing.trough for swing in self._swings]))
        whole = self._trace.is_whole(first.peak_s, last.peak_s, self._usual_s, turn_deg)
        if not self._held or not whole or not are_steady(self._swings, self._params.reps):
            return []
        self._held = False
        return self._reps()

    def _reps(self) -> list[DrillRep]:
        return [self._rep(i) for i in range(len(self._swings))]

    def _rep(self, index: int) -> DrillRep:
        swing = self._swings[index]
        before_s = self._swings[index - 1].peak_s if index else swing.peak_s - self._usual_s
        return DrillRep(
            Drill.STANDING_CLAMSHELL, self._set, index + 1, swing.known_s, None, self._side, swing.peak_s - before_s,
            self._leans[index],
        )  # fmt: skip

    def _is_evident(self, steadiness: float) -> bool:
        """Whether turns so faint are repetitions at all, if they cannot be counted."""
        enough = len(self._swings) >= self._params.least_faint_reps
        return enough and steadiness >= self._params.least_faint_steadiness

    def _end_set(self) -> list[DrillRep | ClamshellSet]:
        released = self._released()
        swings = self._swings
        self._counter = None
        self._free_from_s = max(self._free_from_s, swings[-1].known_s + 0.5)
        times = np.diff([swing.peak_s for swing in swings]) if len(swings) > 1 else np.array([self._usual_s])
        steadiness = max(0.0, 1.0 - float(times.std() / times.mean()))
        if self._held and self._faint and not self._is_evident(steadiness):
            self._set -= 1
            return []
        size = min(1.0, float(np.median([swing.peak - swing.trough for swing in swings])) / 2.0)
        ended = ClamshellSet(
            set=self._set,
            side=self._side,
            reps=None if self._held else len(swings),
            reps_confidence=0.0 if self._held else steadiness * size,
            reason=TOO_LEVEL if self._held else None,
            start_s=self._start_s,
            end_s=swings[-1].peak_s + 0.5 * self._usual_s,
            tempo_s=None if self._held else float(np.median(times)),
            level_score=level_score(self._leans),
        )
        return [*released, ended]
