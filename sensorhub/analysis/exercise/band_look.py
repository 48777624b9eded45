"""Looking back from a frame for a band walk that is under way: where it may have begun."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sensorhub.analysis.exercise.band_params import BandWalkParams
from sensorhub.analysis.exercise.band_steps import BandStep
from sensorhub.analysis.exercise.drill_frames import DrillFrames, lean_rad
from sensorhub.analysis.exercise.lines import end_of_last_run
from sensorhub.model.samples import FloatArray


@dataclass(frozen=True, slots=True)
class BandStart:
    """A band walk that was recognised: its frames so far, its sideways line (level, sign free), steps, and start."""

    window: DrillFrames
    rate_hz: float
    upright: FloatArray
    lateral: FloatArray
    steps: list[BandStep]
    start_s: float


@dataclass(frozen=True, slots=True)
class BandWalkBefore:
    """What the last set that was done bent was like: its line, how far bent, and how strong its steps were."""

    left: FloatArray
    bend_rad: float
    swing_deg: float
    push_mps2: float


@dataclass(frozen=True, slots=True)
class BandLook:
    """What is known at a frame, the last of `frames`: all that a set under way could be seen from.

    Nothing before free_from_s counts. before: the last set, if it was done bent. asked_s: since when the runner has
    been asked to walk, infinite where he has not.
    """

    frames: DrillFrames
    upright: FloatArray
    free_from_s: float
    before: BandWalkBefore | None
    asked_s: float

    def last_lean_rad(self, frames: int) -> FloatArray:
        """How far the runner was bent in each of so many last frames."""
        return lean_rad(self.frames.cut(max(0, len(self.frames) - frames), len(self.frames)), self.upright)

    def windows(self, rate_hz: float, params: BandWalkParams) -> Iterator[tuple[DrillFrames, float]]:
        """What a set under way may span, the longest first, each with the start of that set."""
        frames, bent = self.frames, self._last_other_posture(rate_hz, params)
        tried = -1
        for rest in self._rests(rate_hz, params):
            start = max(rest - round(0.6 * rate_hz), bent, 0)
            if start != tried:
                tried = start
                yield frames.cut(start, len(frames)), float(frames.t_s[max(rest, bent)])

    def _rests(self, rate_hz: float, params: BandWalkParams) -> list[int]:
        """Where the last rest ended, of a long, a short and any length; a dwell between slow steps is short."""
        t_s = self.frames.t_s
        begin = int(np.searchsorted(t_s, max(float(t_s[-1]) - params.look_s, self.free_from_s)))
        power = self.frames.surge_now[begin:]
        if not len(power):
            return []
        resting = power < max(params.wake_mps2**2, 0.01 * float(power.max()))
        return [begin + end_of_last_run(resting, round(length_s * rate_hz)) for length_s in params.rests_s]

    def _last_other_posture(self, rate_hz: float, params: BandWalkParams) -> int:
        """The last frame in which the runner had not yet bent half as far as now, or far further."""
        t_s = self.frames.t_s
        begin = int(np.searchsorted(t_s, float(t_s[-1]) - params.look_s))
        lean = self.last_lean_rad(len(t_s) - begin)
        typical = float(np.median(lean[-round(2.0 * rate_hz) :]))
        risen_rad = 0.5 * typical if typical > params.least_bend_rad else -1.0
        higher = np.flatnonzero((lean < risen_rad) | (lean > params.most_bend_rad))
        return begin + int(higher[-1]) if len(higher) else 0


def heaves(window: DrillFrames, most_share: float) -> bool:
    """Whether the pelvis goes up and down by more than most_share of what it goes to and fro."""
    surge, heave = window.surge_mps2, window.heave_mps2
    return float((heave * heave).sum()) > most_share**2 * float((surge * surge).sum())
