"""Acceleration and rate that come in separate messages, joined by their times."""

import numpy as np
from numpy.typing import NDArray

from sensorhub.model.samples import FloatArray, SampleBlock
from sensorhub.pipeline.sample_stream import TimedVectors

_HELD_S = 30.0
_BRIDGED_STEPS = 1.5


class TimePairing:
    """Acceleration leads; the rate at its instants is interpolated between its two neighbours.

    A sample waits until the rate after it has come. It is left out where the rate has a gap, for what lies between is
    not known. The result does not depend on how the messages interleave, only on their samples.
    """

    def __init__(self, rate_hz: float) -> None:
        self._bridged_s = _BRIDGED_STEPS / rate_hz
        self._acc = _Track()
        self._gyr = _Track()

    def feed(self, timed: TimedVectors) -> list[SampleBlock]:
        """Take the samples of one message; give those that are now whole."""
        if timed.acc_mps2 is not None:
            self._acc.append(timed.t_s, timed.acc_mps2)
        if timed.gyr_radps is not None:
            self._gyr.append(timed.t_s, timed.gyr_radps)
        if not len(self._acc.t_s) or not len(self._gyr.t_s):
            return []
        t_s, acc = self._acc.taken(int(np.searchsorted(self._acc.t_s, self._gyr.t_s[-1], side="left")))
        after = np.searchsorted(self._gyr.t_s, t_s, side="right")
        known = after > 0
        return self._paired(t_s[known], acc[known], after[known]) if known.any() else []

    def _paired(self, t_s: FloatArray, acc: FloatArray, after: NDArray[np.intp]) -> list[SampleBlock]:
        gyr_t_s, gyr = self._gyr.t_s, self._gyr.vectors
        before_s, after_s = gyr_t_s[after - 1], gyr_t_s[after]
        share = ((t_s - before_s) / (after_s - before_s))[:, None]
        rate = gyr[after - 1] + (gyr[after] - gyr[after - 1]) * share
        near = after_s - before_s <= self._bridged_s
        self._gyr.taken(int(after[-1]) - 1)
        return [SampleBlock(t_s[near], acc[near], rate[near])] if near.any() else []


class _Track:
    """Vectors that wait, by time. What waits for a stream that has stopped is dropped after half a minute."""

    def __init__(self) -> None:
        self.t_s: FloatArray = np.zeros(0)
        self.vectors: FloatArray = np.zeros((0, 3))
        self._last_t_s = -np.inf

    def append(self, t_s: FloatArray, vectors: FloatArray) -> None:
        """Take samples, less those that are not later than what is there: a clock placed anew can overlap."""
        late = int(np.searchsorted(t_s, self._last_t_s, side="right"))
        if late == len(t_s):
            return
        self._last_t_s = float(t_s[-1])
        self.t_s = np.concatenate([self.t_s, t_s[late:]])
        self.vectors = np.concatenate([self.vectors, vectors[late:]])
        self.taken(int(np.searchsorted(self.t_s, self.t_s[-1] - _HELD_S)))

    def taken(self, count: int) -> tuple[FloatArray, FloatArray]:
        """Give the first so many and keep the rest."""
        taken = self.t_s[:count], self.vectors[:count]
        self.t_s, self.vectors = self.t_s[count:], self.vectors[count:]
        return taken
