"""The course of a voluntary movement from rest to rest: that of least jerk (Flash & Hogan 1985).

No jump of speed or acceleration. `share` is of the movement's time: below 0 nothing has moved yet, above 1 all has.
"""

import numpy as np

from sensorhub.model.samples import FloatArray


def way(share: FloatArray) -> FloatArray:
    """Return how much of the way is made.

    >>> way(np.array([-1.0, 0.0, 0.5, 1.0, 2.0])).tolist()
    [0.0, 0.0, 0.5, 1.0, 1.0]
    """
    u = np.clip(share, 0.0, 1.0)
    return np.asarray(u**3 * (10 - 15 * u + 6 * u**2))


def speed(share: FloatArray) -> FloatArray:
    """Return the first derivative of the way."""
    u = np.clip(share, 0.0, 1.0)
    return np.asarray(30 * u**2 * (1 - u) ** 2)


def acceleration(share: FloatArray) -> FloatArray:
    """Return the second derivative of the way."""
    u = np.clip(share, 0.0, 1.0)
    return np.asarray(60 * u * (1 - u) * (1 - 2 * u))
