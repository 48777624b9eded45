"""The sum of a signal since its start."""

import numpy as np

from sensorhub.model.samples import FloatArray


class RunningSum:
    """Adds samples in the order of time, so that the sums have the same bits however the stream is cut.

    >>> running = RunningSum()
    >>> running.feed(np.array([1.0, 2.0])).tolist(), running.feed(np.array([4.0])).tolist()
    ([1.0, 3.0], [7.0])
    """

    def __init__(self) -> None:
        self._before = np.zeros(1)

    def feed(self, samples: FloatArray) -> FloatArray:
        """The sum up to each sample, shape (n,)."""
        sums: FloatArray = np.cumsum(np.concatenate((self._before, samples)))
        self._before = sums[-1:]
        return sums[1:]
