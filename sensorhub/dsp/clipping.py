"""Where a sensor was at the end of its range."""

from dataclasses import dataclass

import numpy as np

from sensorhub.model.samples import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class ClippingParams:
    """Below `least` nothing is taken for the end of a range: the smallest full scale, less its scale error."""

    least: float


ACC_CLIPPING = ClippingParams(least=1.9 * 9.80665)  # 2 g full scale
GYR_CLIPPING = ClippingParams(least=2.1)  # 125 deg/s full scale


class Clipping:
    """Marks values that meet the greatest, or least, of their axis again exactly: a moving sensor does so at its limit.

    The range need not be known. The first value at the limit cannot be told from a peak and is not marked.
    """

    def __init__(self, params: ClippingParams) -> None:
        self._params = params
        self._high = np.full(3, params.least)
        self._low = np.full(3, -params.least)

    def feed(self, values: FloatArray) -> BoolArray:
        """Whether each sample, of shape (n, 3), has an axis at its limit; shape (n,)."""
        if not len(values):
            return np.zeros(0, dtype=bool)
        clipped = np.zeros(len(values), dtype=bool)
        if values.max() < self._high.min() and values.min() > self._low.max():
            return clipped
        for axis in range(3):
            column = values[:, axis]
            if column.max() >= self._high[axis]:
                highest = np.maximum.accumulate(np.concatenate(([self._high[axis]], column)))
                clipped |= column == highest[:-1]
                self._high[axis] = highest[-1]
            if column.min() <= self._low[axis]:
                lowest = np.minimum.accumulate(np.concatenate(([self._low[axis]], column)))
                clipped |= column == lowest[:-1]
                self._low[axis] = lowest[-1]
        return clipped
