"""Each step pushes the pelvis up once: find those pushes in the smoothed vertical specific force."""

from dataclasses import dataclass

import numpy as np

from sensorhub.dsp.windows import reduced
from sensorhub.model.samples import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class PulseParams:
    """What counts as a push."""

    hysteresis_mps2: float = 0.6
    longest_pause_s: float = 1.5


@dataclass(frozen=True, slots=True)
class Pulses:
    """Pushes in a row, arrays of shape (n,). Places are fractional sample numbers from the stream's start.

    rise, fall: where the smoothed specific force passes 1 g. rise_before: that of the push before, nan after a pause.
    peak, trough: its extremes in the push and in the dip before it, m/s2, trough nan after a pause.
    seen: the number of smoothed samples that were needed to be sure.
    """

    rise: FloatArray
    fall: FloatArray
    rise_before: FloatArray
    peak_mps2: FloatArray
    trough_mps2: FloatArray
    seen: FloatArray

    def __len__(self) -> int:
        return len(self.rise)


class StepPulses:
    """Passes of 1 g with hysteresis, paired to pushes."""

    def __init__(self, rate_hz: float, params: PulseParams = PulseParams()) -> None:
        self._params = params
        self._pause = self._params.longest_pause_s * rate_hz
        self._end = 0
        self._was_above = False
        # The pair before the first push lies infinitely far back.
        self._passes: FloatArray = np.full(2, -np.inf)
        self._seen: FloatArray = np.full(2, -np.inf)

    def feed(self, excess_mps2: FloatArray, start: int = 0) -> Pulses:
        """Give the pushes that ended in what is new of the smoothed vertical specific force, shape (n,).

        start: the number of its first sample. Three pauses before what is new are wanted again.
        """
        turns = self._turns(excess_mps2[self._end - start :])
        self._end = start + len(excess_mps2)
        if not len(turns):
            return NO_PULSES
        self._passes = np.concatenate((self._passes, self._crossings(turns, excess_mps2, start)))
        self._seen = np.concatenate((self._seen, turns + 1.0))
        return self._pairs(excess_mps2, start)

    def _turns(self, new_mps2: FloatArray) -> FloatArray:
        """Sample numbers at which the level left the band around 1 g on the other side than before."""
        band = self._params.hysteresis_mps2
        away = new_mps2 < -band if self._was_above else new_mps2 > band
        if not away.any():
            return np.empty(0)
        side = (new_mps2 > band).view(np.int8) - (new_mps2 < -band).view(np.int8)
        begins = np.append(0, np.flatnonzero(side[1:] != side[:-1]) + 1)  # of runs of samples above, below or within
        outside = begins[side[begins] != 0]
        above = side[outside] > 0
        changed = above != np.concatenate(([self._was_above], above[:-1]))
        self._was_above = bool(above[-1])
        turns: FloatArray = (outside[changed] + self._end).astype(np.float64)
        return turns

    def _crossings(self, turns: FloatArray, excess: FloatArray, start: int) -> FloatArray:
        """For each turn the place of the last pass of 1 g before it, or the turn itself where that is long ago."""
        below = excess < 0.0
        passed = np.flatnonzero(below[:-1] != below[1:])
        if not len(passed):
            return turns
        left = passed[np.maximum(np.searchsorted(passed, turns - start) - 1, 0)]
        # The whole number first: how it rounds must not depend on how much of the stream is kept.
        places = (left + start) + excess[left] / (excess[left] - excess[left + 1])
        recent = (places <= turns) & (turns - places < self._pause)
        return np.where(recent, places, turns)

    def _pairs(self, excess: FloatArray, start: int) -> Pulses:
        """The pushes whose rise and fall are both known; the last pair stays, so that the next push knows it."""
        whole = len(self._passes) // 2
        if whole < 2:
            return NO_PULSES
        rises, falls = self._passes[: 2 * whole].reshape(-1, 2).T
        seen = self._seen[1 : 2 * whole : 2]
        self._passes, self._seen = self._passes[2 * whole - 2 :], self._seen[2 * whole - 2 :]
        joined = seen[1:] - falls[:-1] < self._pause
        short = seen[1:] - rises[1:] < self._pause
        return Pulses(
            rise=rises[1:],
            fall=falls[1:],
            rise_before=np.where(joined, rises[:-1], np.nan),
            peak_mps2=_extreme(np.maximum, excess, rises[1:] - start, falls[1:] - start, short),
            trough_mps2=_extreme(np.minimum, excess, falls[:-1] - start, rises[1:] - start, joined),
            seen=seen[1:],
        )


def _extreme(how: np.ufunc, excess: FloatArray, begin: FloatArray, stop: FloatArray, within: BoolArray) -> FloatArray:
    """The greatest or least sample between two places; nan where they are not within what is kept."""
    extreme = np.full(len(begin), np.nan)
    if within.any():
        edges = np.ceil((begin[within], stop[within])).astype(np.int64)
        extreme[within] = reduced(how, excess, *edges)
    return extreme


NO_PULSES = Pulses(*(np.empty(0) for _ in range(6)))
