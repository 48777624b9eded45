"""Whether all of a stretch is within a limit."""

import numpy as np

from sensorhub.model.samples import FloatArray


def within(values: FloatArray, limit: float) -> bool:
    """Whether no value is further from zero than the limit, or no number at all; there must be one.

    >>> within(np.array([1.0, -2.0]), 2.0), within(np.array([1.0, np.nan]), 2.0)
    (True, False)
    """
    # The methods of an array take twice as long where there are only a few values. NaN is in any extreme and fails.
    most, least = np.maximum.reduce(values, axis=None), np.minimum.reduce(values, axis=None)
    return bool(most <= limit and least >= -limit)
