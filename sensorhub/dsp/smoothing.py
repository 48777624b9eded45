"""A symmetric low-pass without phase shift, whose bits do not depend on how much of a signal it is given."""

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
