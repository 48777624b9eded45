"""Where a sensor was at the end of its range."""

from dataclasses import dataclass

import numpy as np

from sensorhub.model.samples import BoolArray, FloatArray
from sensorhub.model.units import GRAVITY_MPS2, RAD_PER_DEG


@dataclass(frozen=True, slots=True)
class ClippingParams:
    """Below these nothing is taken for the end of a range: the smallest full scales, less their scale error."""

    least_radps: float = 0.96 * 125.0 * RAD_PER_DEG
    least_mps2: float = 0.95 * 2.0 * GRAVITY_MPS2


class Clipping:
    """Marks values that meet the greatest, or least, of their axis again exactly: a moving sensor does so at its limit.

    The range need not be known. The first value at the limit cannot be told from a peak and is not marked.
    """

    def __init__(self, params: ClippingParams = ClippingParams()) -> None:
        self._high = np.array((params.least_radps, params.least_mps2)).repeat(3)
        self._low = -self._high

    def feed(self, vectors: FloatArray) -> BoolArray:
        """Whether each sample has an axis at its limit, shape (n,), for rate and specific force, shape (2, 3, n)."""
        rows = vectors.reshape(6, -1)
        clipped = np.zeros(rows.shape[1], dtype=bool)
        if not len(clipped):
            return clipped
        at_limit = (np.maximum.reduce(rows, axis=1) >= self._high) | (np.minimum.reduce(rows, axis=1) <= self._low)
        for axis in at_limit.nonzero()[0].tolist():
            row, here = rows[axis], slice(axis, axis + 1)
            highest = np.maximum.accumulate(np.concatenate((self._high[here], row)))
            lowest = np.minimum.accumulate(np.concatenate((self._low[here], row)))
            clipped |= (row == highest[:-1]) | (row == lowest[:-1])
            self._high[axis], self._low[axis] = highest[-1], lowest[-1]
        return clipped
