"""Which knee opens, told from the heading of the pelvis: it turns towards that knee, and back."""

import numpy as np

from sensorhub.analysis.exercise.clamshell_reps import Run
from sensorhub.analysis.exercise.drill_frames import DrillFrames
from sensorhub.analysis.exercise.lines import dot
from sensorhub.model.samples import FloatArray

REST_WEIGHT = 2.0
FIRST_SHARE = 0.5
"""What the first turning point tells of the rest before it, where that was not seen."""
CLEAR_TURN_DEG = 2.4
"""Nobody sways this far, again and again."""
SHAPE_WEIGHT = 4.0
DROP_WEIGHT = 0.5


def leftward_evidence(frames: DrillFrames, run: Run, upright: FloatArray) -> float:
    """Evidence that the left knee opens, above 0, or the right one, below.

    Three things tell an opening from a closing. Before the first repetition the pelvis rests where closed is: nobody
    can do without that. It may stay closed longer than open, so that the mean lies nearer to closed. And it may lean
    further off the upright when open than when closed, where weight on one leg has let the free side sink.
    """
    evidence = REST_WEIGHT * _rest(frames, run) + SHAPE_WEIGHT * _shape(frames, run)
    return evidence + DROP_WEIGHT * _drop(frames, run, upright)


def resting_evidence(level_deg: float, run: Run) -> float:
    """1 where a level is the lower end of the turns (closed is low: the left knee), -1 at the upper end, else 0."""
    middle_deg = 0.5 * (run.high_deg + run.low_deg)
    share = (middle_deg - level_deg) / max(run.high_deg - run.low_deg, 1e-6)
    return float(np.clip(2.0 * share, -1.0, 1.0)) if abs(share) < 1.2 else 0.0


def _heading_deg(frames: DrillFrames, run: Run) -> FloatArray:
    """The heading without the drift of the run."""
    return frames.heading_deg - run.drift_degps * (frames.t_s - run.first_s)


def _rest(frames: DrillFrames, run: Run) -> float:
    """From the level half a repetition before the first turning point; else it came to rest at that point.

    Where turns are as small as sway, that point may be sway too.
    """
    heading_deg = _heading_deg(frames, run)
    until_s = run.first_s - 0.5 * run.usual_s
    before_deg = heading_deg[(frames.t_s > until_s - 0.5) & (frames.t_s <= until_s)]
    before = resting_evidence(float(np.median(before_deg)), run) if len(before_deg) >= 5 else 0.0
    if before or run.usual_deg < CLEAR_TURN_DEG:
        return before
    return FIRST_SHARE * resting_evidence(float(heading_deg[np.searchsorted(frames.t_s, run.first_s)]), run)


def _shape(frames: DrillFrames, run: Run) -> float:
    during = _heading_deg(frames, run)[(frames.t_s >= run.first_s) & (frames.t_s <= run.last_s)]
    middle_deg = 0.5 * (run.high_deg + run.low_deg)
    return (middle_deg - float(during.mean())) / max(run.high_deg - run.low_deg, 1e-6)


def _drop(frames: DrillFrames, run: Run, upright: FloatArray) -> float:
    during = (frames.t_s >= run.first_s) & (frames.t_s <= run.last_s)
    up, heading = frames.up[during], _heading_deg(frames, run)[during]
    middle_deg = 0.5 * (run.high_deg + run.low_deg)
    high, low = _mean(up[heading > middle_deg]), _mean(up[heading <= middle_deg])
    leaning = 0.5 * (high + low) - upright * dot(0.5 * (high + low), upright)
    opening = high - low
    lean_rad = np.sqrt(dot(leaning, leaning) * dot(opening, opening))
    return float(np.clip(dot(leaning, opening) / max(lean_rad, 1e-4), -1.0, 1.0))


def _mean(rows: FloatArray) -> FloatArray:
    mean: FloatArray = rows.sum(axis=0) / max(len(rows), 1)
    return mean
