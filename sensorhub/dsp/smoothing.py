"""A symmetric low-pass without phase shift, for streams: its bits do not depend on how the stream is cut."""

import numpy as np
from numpy.typing import NDArray

from sensorhub.model.samples import FloatArray

FEW = 32
"""Below so many samples a call costs more than its numbers."""


def hann_weights(rate_hz: float, half_width_s: float) -> FloatArray:
    """Half of a Hann window that sums to one over both halves, centre first; at least one sample to each side.

    >>> hann_weights(100.0, 0.03).round(4)
    array([0.3333, 0.25  , 0.0833])
    """
    reach = max(1, int(half_width_s * rate_hz - 1e-9))
    half_width = max(half_width_s, 2.0 / rate_hz) * rate_hz
    weights: FloatArray = 1.0 + np.cos(np.pi * np.arange(reach + 1) / half_width)
    normalised: FloatArray = weights / (weights[0] + 2.0 * weights[1:].sum())
    return normalised


class HannSmoother:
    """Hann-weighted mean around each sample; the output is `reach` samples behind the input.

    Written as a fixed order of element-wise sums, because `np.convolve` and dot products round differently for
    different lengths. The signal is taken to have stood still before its first sample.
    """

    def __init__(self, rate_hz: float, half_width_s: float) -> None:
        self._weights = hann_weights(rate_hz, half_width_s)
        self._tail: FloatArray | None = None
        self._plans: dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]] = {}

    @property
    def reach(self) -> int:
        """Samples to each side of the centre."""
        return len(self._weights) - 1

    def feed(self, samples: FloatArray) -> FloatArray:
        """Samples, shape (n,) or (n, columns), in; as many smoothed ones out, less `reach` the first time."""
        if self._tail is None:
            if not len(samples):
                return samples
            self._tail = np.repeat(samples[:1], self.reach, axis=0)
        stretch = np.concatenate((self._tail, samples))
        count = max(len(stretch) - 2 * self.reach, 0)
        self._tail = stretch[count:]
        if not count:
            return stretch[:0]
        return self._few(stretch, count) if count < FEW else self._many(stretch, count)

    def _many(self, stretch: FloatArray, count: int) -> FloatArray:
        centre = self.reach
        smoothed: FloatArray = self._weights[0] * stretch[centre : centre + count]
        for offset in range(1, self.reach + 1):
            before = stretch[centre - offset : centre - offset + count]
            after = stretch[centre + offset : centre + offset + count]
            smoothed += self._weights[offset] * (before + after)
        return smoothed

    def _few(self, stretch: FloatArray, count: int) -> FloatArray:
        """The same sums in the same order, in a handful of calls: live blocks hold a few samples."""
        if count not in self._plans:
            places, offsets = np.arange(self.reach, self.reach + count), np.arange(self.reach + 1)[:, np.newaxis]
            self._plans[count] = (places - offsets, places + offsets)
        before, after = self._plans[count]
        terms = stretch.take(before, axis=0)
        terms += stretch.take(after, axis=0)
        terms[0] = stretch[self.reach : self.reach + count]
        terms *= self._weights[:, np.newaxis] if stretch.ndim == 1 else self._weights[:, np.newaxis, np.newaxis]
        smoothed: FloatArray = np.add.accumulate(terms, axis=0)[-1]
        return smoothed

    def finish(self) -> FloatArray:
        """The last `reach` values, as if the signal stood still after its last sample."""
        if self._tail is None:
            return np.empty(0)
        return self.feed(np.repeat(self._tail[-1:], self.reach, axis=0))
