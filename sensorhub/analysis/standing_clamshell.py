"""Standing clamshells: repetitions told by the small turn of the pelvis towards the moving knee."""

from dataclasses import dataclass

import numpy as np

from sensorhub.analysis.cycles import Swing, SwingCounter
from sensorhub.analysis.drill_alignment import DrillAlignment
from sensorhub.analysis.drill_frames import DrillFrames
from sensorhub.analysis.level_score import level_score
from sensorhub.analysis.lines import cross, end_of_last_run, main_line
from sensorhub.dsp.rotation import along
from sensorhub.model.exercise import ClamshellSet, Drill, DrillRep
from sensorhub.model.gait import Side
from sensorhub.model.samples import BoolArray, FloatArray
from sensorhub.model.units import DEG_PER_RAD

Found = tuple[int, DrillRep | ClamshellSet]
TOO_LEVEL = "the pelvis stayed too level to count repetitions"


@dataclass(frozen=True, slots=True)
class ClamshellParams:
    """What tells clamshells from standing about.

    least_turn_radps: root mean square of the turning rate (2 degrees in 6 s make 0.012). most_surge_mps2,
    most_heave_mps2: of accelerations, which a standing person hardly has. upright_cos: of the lean still upright.
    least_swing_deg, most_swing_deg, swing_share: hysteresis on the turn. least_reps: that make a set.
    sure_turn_deg: turns of a median below this are not counted, only reported. quickest_s, slowest_s: repetitions.
    most_unsteady: standard deviation of the times over their mean. pause_s: that ends a set. look_s: how far back a
    set may have begun when it is recognised. wake_radps: turning rate with which a repetition begins.
    """

    least_turn_radps: float = 0.008
    most_surge_mps2: float = 0.45
    most_heave_mps2: float = 0.5
    upright_cos: float = 0.8
    least_swing_deg: float = 0.4
    most_swing_deg: float = 1.5
    swing_share: float = 0.25
    least_reps: int = 5
    sure_turn_deg: float = 0.9
    quickest_s: float = 0.9
    slowest_s: float = 8.0
    most_unsteady: float = 0.35
    pause_s: float = 4.0
    look_s: float = 40.0
    wake_radps: float = 0.006


class StandingClamshell:
    """Frames in, repetitions and sets out. Until a set is recognised its repetitions are held back."""

    CHECK_EVERY = 25

    def __init__(self, rate_hz: float, alignment: DrillAlignment, params: ClamshellParams = ClamshellParams()) -> None:
        self._params = params
        self._rate_hz = rate_hz
        self._alignment = alignment
        self._seen = 0
        self._set = 0
        self._free_from_s = float("-inf")
        self._counter: SwingCounter | None = None
        self._swings: list[Swing] = []
        self._leans: list[float] = []
        self._lean_now: list[float] = []
        self._lean_line: FloatArray = np.zeros(3)
        self._turn_deg = 0.0
        self._start_s = 0.0
        self._moved_s = 0.0
        self._wake_power = 0.0
        self._faint = False

    def feed(self, frames: DrillFrames, first: int, upright: FloatArray, busy: BoolArray) -> list[Found]:
        """Take frames, of which those from `first` on are new and the others are what went before.

        busy: for each new frame whether another drill is under way, from which no clamshell can begin. Returns what
        was found with the frame (counted from `first`) that told it.
        """
        found: list[Found] = []
        new = frames.cut(first, len(frames))
        other = busy | ~(along(new.up, upright) > self._params.upright_cos)
        quiet = self._quiet(new) & ~other
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
            if (self._seen + i) % self.CHECK_EVERY == 0:
                before = int(np.searchsorted(others, i))
                if before:
                    self._free_from_s = max(self._free_from_s, float(new.t_s[others[before - 1]]))
                found.extend((i, rep) for rep in self._recognise(frames, first + i, upright))
            i += 1
        if len(others):
            self._free_from_s = max(self._free_from_s, float(new.t_s[others[-1]]))
        self._seen += len(new)
        return found

    def finish(self) -> list[ClamshellSet]:
        """End the set under way."""
        return [self._end_set()] if self._counter is not None else []

    def _quiet(self, frames: DrillFrames) -> BoolArray:
        params = self._params
        surge = frames.surge_power
        quiet: BoolArray = (surge[:, 0] + surge[:, 1] + surge[:, 2] < params.most_surge_mps2**2) & (
            frames.heave_power < params.most_heave_mps2**2
        )
        return quiet

    def _recognise(self, frames: DrillFrames, now: int, upright: FloatArray) -> list[DrillRep]:
        rest = self._last_rest(frames, now)
        start = max(rest - round(0.5 * self._rate_hz), 0)
        window = frames.cut(start, now + 1)
        counter = self._new_counter()
        turn_deg, swings = self._count(counter, window)
        if not self._is_set(swings):
            return []
        self._set += 1
        self._counter, self._swings, self._turn_deg = counter, swings, turn_deg
        lateral = cross(upright, main_line(frames.tilt_power[now]))
        self._lean_line = self._alignment.orient(lateral, float(frames.t_s[now]))[0]
        lean_deg = self._lean_deg(window)
        self._leans = [_range(lean_deg, window.t_s, swing) for swing in swings]
        self._lean_now = lean_deg[window.t_s > swings[-1].known_s].tolist()
        self._start_s = float(frames.t_s[rest])
        self._moved_s = float(window.t_s[-1])
        self._wake_power = max(self._params.wake_radps**2, 0.03 * float(frames.turn_now[start : now + 1].max()))
        self._faint = _median([swing.peak - swing.trough for swing in swings]) < self._params.sure_turn_deg
        return [] if self._faint else [self._rep(i) for i in range(len(swings))]

    def _new_counter(self) -> SwingCounter:
        return SwingCounter(self._params.least_swing_deg, self._params.most_swing_deg, self._params.swing_share)

    def _last_rest(self, frames: DrillFrames, now: int) -> int:
        earliest = max(float(frames.t_s[now]) - self._params.look_s, self._free_from_s)
        begin = int(np.searchsorted(frames.t_s, earliest))
        power = frames.turn_now[begin : now + 1]
        if not len(power):
            return now
        quiet = power < max(self._params.wake_radps**2, 0.01 * float(power.max()))
        return begin + end_of_last_run(quiet, round(0.8 * self._rate_hz))

    def _count(self, counter: SwingCounter, frames: DrillFrames) -> tuple[float, list[Swing]]:
        turn_deg, scale = 0.0, DEG_PER_RAD / self._rate_hz
        swings: list[Swing] = []
        for t_s, turn_radps in zip(frames.t_s.tolist(), frames.turn_radps.tolist(), strict=True):
            turn_deg += turn_radps * scale
            swing = counter.feed(t_s, turn_deg)
            if swing is not None:
                swings.append(swing)
        return turn_deg, swings

    def _is_set(self, swings: list[Swing]) -> bool:
        params = self._params
        if len(swings) < params.least_reps:
            return False
        times = np.diff([swing.peak_s for swing in swings])
        heights = np.array([swing.peak - swing.trough for swing in swings])
        return bool(
            times.min() > params.quickest_s
            and times.max() < params.slowest_s
            and times.std() < params.most_unsteady * times.mean()
            and heights.max() < 4.0 * float(np.median(heights))
            and float(np.median(heights)) < 15.0
        )

    def _follow(self, new: DrillFrames, quiet: BoolArray, offset: int, found: list[Found]) -> int:
        """Count on, frame by frame, until the set ends or the frames do; return the next frame."""
        scale = DEG_PER_RAD / self._rate_hz
        rows = zip(
            new.t_s.tolist(), new.turn_radps.tolist(), new.turn_now.tolist(), self._lean_deg(new).tolist(),
            quiet.tolist(), strict=True,
        )  # fmt: skip
        for count, (t_s, turn_radps, power, lean_deg, still_quiet) in enumerate(rows, start=offset):
            if power > self._wake_power and still_quiet:
                self._moved_s = t_s
            if t_s - self._moved_s > self._params.pause_s or t_s - self._swings[-1].known_s > self._params.slowest_s:
                found.append((count, self._end_set()))
                return count
            self._turn_deg += turn_radps * scale
            self._lean_now.append(lean_deg)
            swing = self._counter.feed(t_s, self._turn_deg) if self._counter else None
            if swing is not None:
                self._swings.append(swing)
                self._leans.append(max(self._lean_now) - min(self._lean_now))
                self._lean_now.clear()
                if not self._faint:
                    found.append((count, self._rep(len(self._swings) - 1)))
        return offset + len(new)

    def _lean_deg(self, frames: DrillFrames) -> FloatArray:
        degrees: FloatArray = np.arcsin(np.clip(along(frames.up, self._lean_line), -1.0, 1.0)) * DEG_PER_RAD
        return degrees

    @property
    def _side(self) -> Side:
        return Side.LEFT if self._counter is not None and self._counter.polarity > 0 else Side.RIGHT

    def _rep(self, index: int) -> DrillRep:
        swing = self._swings[index]
        before_s = self._swings[index - 1].known_s if index else self._start_s
        return DrillRep(
            Drill.STANDING_CLAMSHELL, self._set, index + 1, swing.known_s, None, self._side, swing.known_s - before_s,
            self._leans[index],
        )  # fmt: skip

    def _end_set(self) -> ClamshellSet:
        side, swings = self._side, self._swings
        self._counter = None
        self._free_from_s = max(self._free_from_s, swings[-1].known_s + 0.5)
        times = np.diff([swing.peak_s for swing in swings])
        steadiness = max(0.0, 1.0 - float(times.std() / times.mean()))
        size = min(1.0, _median([swing.peak - swing.trough for swing in swings]) / 2.0)
        return ClamshellSet(
            set=self._set,
            side=side,
            reps=None if self._faint else len(swings),
            reps_confidence=0.0 if self._faint else steadiness * size,
            reason=TOO_LEVEL if self._faint else None,
            start_s=self._start_s,
            end_s=min(self._moved_s, swings[-1].known_s + self._params.pause_s),
            tempo_s=None if self._faint else float(np.median(times)),
            level_score=level_score(self._leans),
        )


def _range(values: FloatArray, t_s: FloatArray, swing: Swing) -> float:
    part = values[(t_s >= swing.trough_s) & (t_s <= swing.known_s)]
    return float(part.max() - part.min()) if len(part) else 0.0


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]
