"""A set of clamshells that was asked for and of which nothing could be told: it is reported, without a count."""

import numpy as np

from sensorhub.analysis.exercise.drill_frames import DrillFrames
from sensorhub.analysis.exercise.level_score import level_score
from sensorhub.analysis.exercise.lines import main_line
from sensorhub.dsp.rotation import along, cross
from sensorhub.model.exercise import ClamshellSet
from sensorhub.model.gait import Side
from sensorhub.model.samples import FloatArray
from sensorhub.model.units import DEG_PER_RAD

NOTHING_TOLD = "no repetition could be told: the pelvis stayed too level, or none was done"
USUAL_S = 3.0
"""What a repetition takes, for the level score."""


def silent_set(number: int, side: Side, from_s: float, until_s: float, level: float | None) -> ClamshellSet:
    """Report what was asked for, from when to when."""
    return ClamshellSet(
        set=number,
        side=side,
        reps=None,
        reps_confidence=0.0,
        reason=NOTHING_TOLD,
        start_s=from_s,
        end_s=until_s,
        tempo_s=None,
        level_score=level,
    )


def level_throughout(frames: DrillFrames, upright: FloatArray, from_s: float, until_s: float) -> float | None:
    """Score how level the pelvis stayed, by the median of what it leaned to and fro in the time of a repetition."""
    edges = np.searchsorted(frames.t_s, np.arange(from_s, until_s, USUAL_S))
    if len(edges) < 2 or edges[0] == edges[-1]:
        return None
    part = frames.cut(int(edges[0]), int(edges[-1]))
    line = cross(upright, main_line(part.tilt_power.sum(axis=0)))
    lean_deg = np.arcsin(np.clip(along(part.up, line), -1.0, 1.0)) * DEG_PER_RAD
    pieces = np.split(lean_deg, edges[1:-1] - edges[0])
    return level_score([float(np.median([np.ptp(piece) for piece in pieces if len(piece)]))])
