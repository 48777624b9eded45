"""One set of clamshells under way: its repetitions so far, and what is reported of it at its end."""

import numpy as np

from sensorhub.analysis.exercise.clamshell_params import ClamshellParams
from sensorhub.analysis.exercise.clamshell_recognition import ClamshellStart
from sensorhub.analysis.exercise.clamshell_reps import ClamshellCounter, are_steady
from sensorhub.analysis.exercise.clamshell_trace import ClamshellTrace
from sensorhub.analysis.exercise.cycles import Swing
from sensorhub.analysis.exercise.drill_frames import DrillFrames
from sensorhub.analysis.exercise.level_score import level_score
from sensorhub.dsp.rotation import along
from sensorhub.model.exercise import ClamshellSet, Drill, DrillRep
from sensorhub.model.gait import Side
from sensorhub.model.samples import FloatArray
from sensorhub.model.units import DEG_PER_RAD

TOO_LEVEL = "the pelvis stayed too level to count repetitions"
Row = tuple[float, float, float, float]
"""Of a frame: time, s; heading and lean, deg; mean square of the surge, m²/s⁴."""


class ClamshellSetUnderWay:
    """Counts a set on from where it was recognised. Repetitions of small turns are held back until it is over.

    is_held: whether they are. last_s: when the last repetition was known.
    """

    def __init__(
        self, number: int, start: ClamshellStart, window: DrillFrames, lean_line: FloatArray, params: ClamshellParams
    ) -> None:
        run = start.run
        self._number = number
        self._side, self._is_side_sure = start.side, start.is_side_sure
        self._lean_line = lean_line
        self._params = params
        turn_deg = params.believed_turn_deg(run)
        self.is_held = turn_deg < params.sure_turn_deg and start.least_reps > 1
        self._faint = turn_deg < params.faint_turn_deg
        self._counter = ClamshellCounter(1 if start.side is Side.LEFT else -1, run, params.reps)
        self._swings: list[Swing] = []
        self._leans: list[float] = []
        self._lean_now: list[float] = []
        first = int(np.searchsorted(window.t_s, start.from_s))
        part = window.cut(first, len(window))
        usual_power = float(np.median(part.surge_now))
        self._trace = ClamshellTrace(max(params.shift_mps2**2, params.shift_ratio**2 * usual_power))
        self._trace.feed_all(window.cut(0, first))
        for row in self.rows(part):
            self.feed(*row)
        if self._begins_with_a_shift():
            self._swings, self._leans = self._swings[1:], self._leans[1:]

    def __len__(self) -> int:
        return len(self._swings)

    @property
    def is_outgrown(self) -> bool:
        """Whether what was held back so far was perhaps only sway before the real thing."""
        return self.is_held and self._counter.outgrown

    @property
    def last_s(self) -> float:
        """When the last repetition was known."""
        return self._swings[-1].known_s

    def rows(self, frames: DrillFrames) -> "zip[Row]":
        """What the set is fed, frame by frame."""
        lean_deg = np.arcsin(np.clip(along(frames.up, self._lean_line), -1.0, 1.0)) * DEG_PER_RAD
        columns = (frames.t_s, frames.heading_deg, lean_deg, frames.surge_now)
        return zip(*(column.tolist() for column in columns), strict=True)

    def feed(self, t_s: float, heading_deg: float, lean_deg: float, surge_power: float) -> bool:
        """Take the next frame; return whether it completes a repetition."""
        self._lean_now.append(lean_deg)
        swing = self._counter.feed(t_s, heading_deg, disturbed=self._trace.feed(t_s, heading_deg, surge_power))
        if swing is None:
            return False
        self._swings.append(swing)
        self._leans.append(max(self._lean_now) - min(self._lean_now))
        self._lean_now.clear()
        return True

    def is_over(self, t_s: float) -> bool:
        """Whether the next repetition is so late that none will come."""
        usual_s = self._counter.usual_s if len(self) > 1 else self._params.reps.slowest_s
        return t_s - self._swings[-1].peak_s > self._params.pause_s + usual_s

    def reps(self, first: int = 0) -> list[DrillRep]:
        """Return the repetitions so far, from the one of that index on."""
        return [self._rep(index) for index in range(first, len(self))]

    def end(self) -> list[DrillRep | ClamshellSet]:
        """Report the set; nothing of turns so faint and unsteady that they are perhaps no repetitions at all."""
        released = self._released()
        swings = self._swings
        times = np.diff([swing.peak_s for swing in swings]) if len(swings) > 1 else np.array([self._counter.usual_s])
        steadiness = max(0.0, 1.0 - float(times.std() / times.mean()))
        if self.is_held and self._faint and not self._is_evident(steadiness):
            return []
        size = min(1.0, self._turn_deg() / 2.0)
        ended = ClamshellSet(
            set=self._number,
            side=self._side if self._is_side_sure or not self.is_held else None,
            reps=None if self.is_held else len(swings),
            reps_confidence=0.0 if self.is_held else steadiness * size,
            reason=TOO_LEVEL if self.is_held else None,
            start_s=swings[0].peak_s - 0.5 * self._counter.usual_s,
            end_s=swings[-1].peak_s + 0.5 * self._counter.usual_s,
            tempo_s=None if self.is_held else float(np.median(times)),
            level_score=level_score(self._leans),
        )
        return [*released, ended]

    def _begins_with_a_shift(self) -> bool:
        """Whether weight shifts between the first turn and the second: the first was sway on both feet."""
        if len(self._swings) < 2:
            return False
        first_s, second_s = self._swings[0].peak_s, self._swings[1].peak_s
        margin_s = 0.3 * self._counter.usual_s
        between = self._trace.shifts_within(first_s, second_s - margin_s)
        return between and not self._trace.shifts_within(first_s - margin_s, first_s)

    def _turn_deg(self) -> float:
        return float(np.median([swing.peak - swing.trough for swing in self._swings]))

    def _released(self) -> list[DrillRep]:
        """The repetitions held back, if they are steady and none can be missing at the ends."""
        first_s, last_s = self._swings[0].peak_s, self._swings[-1].peak_s
        whole = self._trace.is_whole(first_s, last_s, self._counter.usual_s, self._turn_deg())
        if not self.is_held or not whole or not are_steady(self._swings, self._params.reps):
            return []
        self.is_held = False
        return self.reps()

    def _is_evident(self, steadiness: float) -> bool:
        """Whether turns so faint are repetitions at all, if they cannot be counted."""
        params = self._params
        enough = len(self._swings) >= params.least_faint_reps and self._turn_deg() > params.least_faint_turn_deg
        return enough and steadiness > params.least_faint_steadiness

    def _rep(self, index: int) -> DrillRep:
        swing = self._swings[index]
        before_s = self._swings[index - 1].peak_s if index else swing.peak_s - self._counter.usual_s
        return DrillRep(
            Drill.STANDING_CLAMSHELL, self._number, index + 1, swing.known_s, None, self._side,
            swing.peak_s - before_s, self._leans[index],
        )  # fmt: skip
