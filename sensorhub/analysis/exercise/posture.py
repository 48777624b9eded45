"""Upright or lying: the earth's up in the sensor against what it was in quiet standing."""

from dataclasses import dataclass

import numpy as np

from sensorhub.analysis.exercise.drill_frames import DrillFrames
from sensorhub.dsp.rotation import along, unit
from sensorhub.model.samples import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class PostureParams:
    """When a runner is taken to stand.

    still_radps: greatest mean angular rate of standing (sway and a gyroscope's bias together). still_s: for how long.
    gait_mps2: vertical acceleration that only somebody on his feet has. gait_s: for how long. contrary_cos: cosine
    of the angle by which the upright of that gait must contradict the old one to replace it (the sensor was moved).
    """

    still_radps: float = 0.2
    still_s: float = 1.5
    gait_mps2: float = 1.5
    gait_s: float = 3.0
    contrary_cos: float = 0.6


class Posture:
    """Learns the upright from the first quiet second and a half, or from gait.

    It takes the first still posture to be standing. If that was wrong (the sensor lay on a table), the first three
    seconds of walking or running put it right.
    """

    def __init__(self, params: PostureParams = PostureParams()) -> None:
        self._params = params
        self._still_since_s: float | None = None
        self._gait_since_s: float | None = None
        self._upright: FloatArray | None = None

    def feed(self, frames: DrillFrames) -> list[tuple[DrillFrames, FloatArray | None]]:
        """Cut the frames where the upright changes: each piece with the upright that holds for it, None if unknown."""
        pieces: list[tuple[DrillFrames, FloatArray | None]] = []
        while (found := self._next_upright(frames)) is not None:
            pieces.append((frames.cut(0, found), self._upright))
            frames = frames.cut(found, len(frames))
            self._upright = unit(frames.up[0])
        pieces.append((frames, self._upright))
        return [piece for piece in pieces if len(piece[0])]

    def _next_upright(self, frames: DrillFrames) -> int | None:
        params = self._params
        if not len(frames):
            return None
        if self._upright is None:
            quiet = frames.rate_now < params.still_radps**2
            found, self._still_since_s = _lasting(frames.t_s, quiet, self._still_since_s, params.still_s)
        else:
            contrary = along(frames.up, self._upright) < params.contrary_cos
            gait = (frames.heave_power > params.gait_mps2**2) & contrary
            found, self._gait_since_s = _lasting(frames.t_s, gait, self._gait_since_s, params.gait_s)
        return found


def _lasting(
    t_s: FloatArray, holds: BoolArray, since_s: float | None, long_s: float
) -> tuple[int | None, float | None]:
    """Where a condition has held for long_s, and since when it holds at the end."""
    if not holds.any():
        return None, None
    index = np.arange(len(holds))
    broken = np.maximum.accumulate(np.where(holds, -1, index))
    begin = np.where(broken < 0, t_s[0] if since_s is None else since_s, t_s[np.minimum(broken + 1, len(t_s) - 1)])
    reached = np.flatnonzero(holds & (t_s - begin >= long_s))
    if len(reached):
        return int(reached[0]), None
    return None, float(begin[-1]) if holds[-1] else None
