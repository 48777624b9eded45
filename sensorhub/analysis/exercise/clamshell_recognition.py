"""Recognising clamshells: where their repetitions began, and which knee moves."""

from dataclasses import dataclass, replace

import numpy as np

from sensorhub.analysis.exercise.alternation import legs_take_turns
from sensorhub.analysis.exercise.clamshell_first_rep import find_first_rep
from sensorhub.analysis.exercise.clamshell_params import ClamshellParams
from sensorhub.analysis.exercise.clamshell_reps import Run, find_run
from sensorhub.analysis.exercise.clamshell_side import leftward_evidence
from sensorhub.analysis.exercise.drill_frames import DrillFrames
from sensorhub.model.exercise import Announcement
from sensorhub.model.gait import Side
from sensorhub.model.samples import FloatArray


@dataclass(frozen=True, slots=True)
class ClamshellStart:
    """Clamshells that were recognised: knee and run, from when on to count them, and how many must be found then."""

    side: Side
    is_side_sure: bool
    run: Run
    from_s: float
    least_reps: int


class ClamshellRecognition:
    """Looks back from a frame for clamshells that are under way."""

    def __init__(self, params: ClamshellParams) -> None:
        self._params = params
        self._asked_reps = replace(params.reps, least_reps=params.asked_reps)

    def look_back(self, window: DrillFrames, upright: FloatArray, asked: Announcement | None) -> ClamshellStart | None:
        """Find a run of repetitions; of the knee that was asked for, one will do, if it is clear."""
        run = find_run(window.t_s, window.heading_deg, self._params.reps)
        if run is not None and legs_take_turns(window, np.array(run.extremes_s[(len(run.extremes_s) - 1) % 2 :: 2])):
            return None
        if run is not None:
            return self._start(leftward_evidence(window, run, upright), run, asked)
        if asked is None or asked.side is None:
            return None
        run = find_run(window.t_s, window.heading_deg, self._asked_reps)
        if run is not None and run.first_s > asked.from_s:
            start = self._start(leftward_evidence(window, run, upright), run)
            clear = self._params.believed_turn_deg(run) > self._params.sure_turn_deg
            return start if clear and start.side is asked.side else None
        run = find_first_rep(window, asked.from_s, asked.side, self._params.first_rep)
        return None if run is None else ClamshellStart(asked.side, True, run, run.first_s, 1)

    def _start(self, leftward: float, run: Run, asked: Announcement | None = None) -> ClamshellStart:
        """Begin a run; where its knee is hard to tell, and its turns are small, it is the one that was asked for."""
        params = self._params
        side, is_sure = Side.LEFT if leftward > 0.0 else Side.RIGHT, abs(leftward) > params.sure_knee
        if asked and asked.side and not is_sure and params.believed_turn_deg(run) < params.sure_turn_deg:
            side, is_sure = asked.side, True
        return ClamshellStart(side, is_sure, run, run.first_s - 0.75 * run.usual_s, params.asked_reps)
