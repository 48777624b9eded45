"""The newest part of a stream, addressed by sample number."""

import numpy as np

from sensorhub.model.samples import FloatArray


class Tail:
    """Keeps some signals of a stream from a chosen sample on; samples are numbered from 0 at the stream's start.

    >>> tail = Tail(1)
    >>> tail.append(np.array([[5.0, 6.0, 7.0]]))
    >>> tail.forget_before(1)
    >>> tail.kept.tolist(), tail.end
    ([[6.0, 7.0]], 3)
    """

    def __init__(self, signals: int) -> None:
        self.start = 0
        self.kept: FloatArray = np.empty((signals, 0))
        # What is kept ends at _used of it, so that a few samples are added without moving the rest.
        self._room = self.kept
        self._used = 0

    @property
    def end(self) -> int:
        """The sample number that comes next."""
        return self.start + len(self.kept[0])

    def append(self, samples: FloatArray) -> None:
        """Add samples of shape (signals, n) at the end; views of what was kept before are no longer good."""
        self.extended(samples.shape[1])[:] = samples

    def extended(self, count: int) -> FloatArray:
        """Place for so many samples more, shape (signals, count), to be written to at once."""
        kept = self.kept.shape[1]
        if self._used + count > self._room.shape[1]:
            size = 2 * (kept + count)
            room = self._room if size <= self._room.shape[1] else np.empty((len(self._room), size))
            room[:, :kept] = self.kept
            self._room, self._used = room, kept
        self._used += count
        self.kept = self._room[:, self._used - kept - count : self._used]
        return self.kept[:, kept:]

    def forget_before(self, number: int) -> None:
        """Let go of what lies before this sample number."""
        drop = min(max(number - self.start, 0), self.kept.shape[1])
        self.kept = self.kept[:, drop:]
        self.start += drop


def between(samples: FloatArray, places: FloatArray) -> FloatArray:
    """Samples, shape (..., n), at fractional indices of any shape, on straight lines; held at the ends.

    >>> between(np.array([[1.0, 3.0], [5.0, 4.0]]), np.array([0.5, 7.0]))
    array([[2. , 3. ],
           [4.5, 4. ]])
    """
    last = samples.shape[-1] - 1
    inside = np.minimum(np.maximum(places, 0.0), last)
    left = inside.astype(np.int64)
    below = samples.take(left, axis=-1, mode="clip")
    value: FloatArray = samples.take(left + 1, axis=-1, mode="clip")
    value -= below
    value *= inside - left
    value += below
    return value
