"""Each step pushes the pelvis up once: find those pushes in the smoothed vertical specific force."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sensorhub.dsp.tail import Tail
from sensorhub.model.samples import FloatArray


@dataclass(frozen=True, slots=True)
class PulseParams:
    """What counts as a push. Smoothing over half_width_s keeps the step frequency and little of its overtones."""

    half_width_s: float = 0.10
    hysteresis_mps2: float = 0.6
    longest_pause_s: float = 1.5
    keep_s: float = 4.0


@dataclass(frozen=True, slots=True)
class Pulses:
    """Pushes in a row, arrays of shape (n,). Places are fractional sample numbers from the stream's start.

    rise, fall: where the smoothed specific force passes 1 g. rise_before, fall_before: those of the push before, nan
    after a pause. peak, trough: its extremes in the push and in the dip before it, m/s2, trough nan after a pause.
    seen: the number of smoothed samples that were needed to be sure.
    """

    rise: FloatArray
    fall: FloatArray
    rise_before: FloatArray
    fall_before: FloatArray
    peak_mps2: FloatArray
    trough_mps2: FloatArray
    seen: FloatArray

    def __len__(self) -> int:
        return len(self.rise)


class StepPulses:
    """Passes of 1 g with hysteresis, paired to pushes."""

    def __init__(self, rate_hz: float, params: PulseParams | None = None) -> None:
        self._params = params or PulseParams()
        self._pause = self._params.longest_pause_s * rate_hz
        self._keep = int(self._params.keep_s * rate_hz)
        self._tail = Tail(1)
        self._was_above = False
        # The pair before the first push lies infinitely far back.
        self._passes: FloatArray = np.full(2, -np.inf)
        self._seen: FloatArray = np.full(2, -np.inf)

    def feed(self, excess_mps2: FloatArray) -> Pulses:
        """Take smoothed vertical specific force, shape (n,); give the pushes that ended."""
        first_new = self._tail.end
        self._tail.append(excess_mps2[np.newaxis])
        turns = self._turns(first_new, excess_mps2)
        self._tail.forget_before(first_new - self._keep)
        if not len(turns):
            return NO_PULSES
        self._passes = np.concatenate((self._passes, self._crossings(turns)))
        self._seen = np.concatenate((self._seen, turns + 1.0))
        return self._pair()

    def _turns(self, first_new: int, excess_mps2: FloatArray) -> FloatArray:
        """Sample numbers at which the level left the band around 1 g on the other side than before."""
        high, low = excess_mps2 > self._params.hysteresis_mps2, excess_mps2 < -self._params.hysteresis_mps2
        if not (low if self._was_above else high).any():
            return np.empty(0)
        outside = np.flatnonzero(high | low)
        above = high[outside]
        changed = above != np.concatenate(([self._was_above], above[:-1]))
        self._was_above = bool(above[-1])
        turns: FloatArray = (outside[changed] + first_new).astype(np.float64)
        return turns

    def _crossings(self, turns: FloatArray) -> FloatArray:
        """For each turn the place of the last pass of 1 g before it, or the turn itself where that is long ago."""
        excess = self._tail.kept[0]
        passed = np.flatnonzero((excess[:-1] < 0.0) != (excess[1:] < 0.0))
        if not len(passed):
            return turns
        index = np.maximum(np.searchsorted(passed, turns - self._tail.start, side="left") - 1, 0)
        left = passed[index]
        # The whole number first: how it rounds must not depend on how much of the stream is kept.
        places = (left + self._tail.start) + excess[left] / (excess[left] - excess[left + 1])
        recent = (places <= turns) & (turns - places < self._pause)
        return np.where(recent, places, turns)

    def _pair(self) -> Pulses:
        """The pushes whose rise and fall are both known; the last pair stays, so that the next push knows it."""
        whole = len(self._passes) // 2
        if whole < 2:
            return NO_PULSES
        rises, falls, seen = (
            self._passes[0 : 2 * whole : 2],
            self._passes[1 : 2 * whole : 2],
            self._seen[1 : 2 * whole : 2],
        )
        self._passes, self._seen = self._passes[2 * whole - 2 :], self._seen[2 * whole - 2 :]
        apart = ~(seen[1:] - falls[:-1] < self._pause)
        rise_before, fall_before = np.where(apart, np.nan, rises[:-1]), np.where(apart, np.nan, falls[:-1])
        peak, trough = self._extremes(rises[1:], falls[1:], fall_before, seen[1:])
        return Pulses(rises[1:], falls[1:], rise_before, fall_before, peak, trough, seen[1:])

    def _extremes(
        self, rise: FloatArray, fall: FloatArray, fall_before: FloatArray, seen: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Greatest value from rise to fall and least from the fall before to the rise; nan where that took too long."""
        kept, start = self._tail.kept[0], self._tail.start
        short = seen - rise < self._pause
        joined = ~np.isnan(fall_before)
        peak, trough = np.full(len(rise), np.nan), np.full(len(rise), np.nan)
        if short.any():
            peak[short] = np.maximum.reduceat(kept, _edges(rise[short], fall[short], start))[::2]
        if joined.any():
            trough[joined] = np.minimum.reduceat(kept, _edges(fall_before[joined], rise[joined], start))[::2]
        return peak, trough


def _edges(begin: FloatArray, end: FloatArray, start: int) -> NDArray[np.int64]:
    """Begins and ends taking turns, as indices for `reduceat`."""
    return (np.ceil(np.column_stack((begin, end))) - start).astype(np.int64).ravel()


NO_PULSES = Pulses(*(np.empty(0) for _ in range(7)))
