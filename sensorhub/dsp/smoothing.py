"""A symmetric low-pass without phase shift, for streams: its bits do not depend on how the stream is cut."""

import numpy as np
from scipy.ndimage import correlate1d

from sensorhub.model.samples import FloatArray


def hann_weights(rate_hz: float, half_width_s: float) -> FloatArray:
    """A Hann window that sums to one, with at least one sample to each side of its centre.

    >>> hann_weights(100.0, 0.03).round(4)
    array([0.0833, 0.25  , 0.3333, 0.25  , 0.0833])
    """
    reach = max(1, int(half_width_s * rate_hz - 1e-9))
    half_width = max(half_width_s, 2.0 / rate_hz) * rate_hz
    weights: FloatArray = 1.0 + np.cos(np.pi * np.arange(-reach, reach + 1) / half_width)
    normalised: FloatArray = weights / weights.sum()
    return normalised


def smoothed(samples: FloatArray, weights: FloatArray) -> FloatArray:
    """Weighted mean around each sample of the last axis, as if the signal stood still before and after.

    SciPy's correlate1d adds in one order for every sample, while `np.convolve` and dot products round differently for
    different lengths.
    """
    means = np.empty_like(samples)
    correlate1d(samples, weights, mode="nearest", output=means)
    return means


class HannSmoother:
    """Hann-weighted mean around each sample; the output is `reach` samples behind the input.

    The signal is taken to have stood still before its first sample.
    """

    def __init__(self, rate_hz: float, half_width_s: float) -> None:
        self._weights = hann_weights(rate_hz, half_width_s)
        self.reach = len(self._weights) // 2  # samples to each side of the centre
        self._tail: FloatArray | None = None

    def feed(self, samples: FloatArray) -> FloatArray:
        """Samples, shape (n,), in; as many smoothed ones out, less `reach` the first time."""
        if self._tail is None:
            if not len(samples):
                return samples
            self._tail = np.repeat(samples[:1], self.reach)
        stretch = np.concatenate((self._tail, samples))
        count = max(len(stretch) - 2 * self.reach, 0)
        self._tail = stretch[count:]
        return smoothed(stretch, self._weights)[self.reach : self.reach + count]

    def finish(self) -> FloatArray:
        """The last `reach` values, as if the signal stood still after its last sample."""
        if self._tail is None:
            return np.empty(0)
        return self.feed(np.repeat(self._tail[-1:], self.reach))
