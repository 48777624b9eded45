"""The newest part of a stream, addressed by sample number."""

import numpy as np

from sensorhub.model.samples import FloatArray


class Tail:
    """Keeps a stream of numbers from a chosen sample on; sample numbers count from 0 at the stream's start.

    >>> tail = Tail(); tail.append(np.array([5.0, 6.0, 7.0])); tail.forget_before(1)
    >>> float(tail.at(2)), tail.end
    (7.0, 3)
    """

    def __init__(self) -> None:
        self._start = 0
        self._kept: FloatArray = np.empty(0)

    @property
    def start(self) -> int:
        """The first sample number that is still kept."""
        return self._start

    @property
    def end(self) -> int:
        """The sample number that comes next."""
        return self._start + len(self._kept)

    @property
    def kept(self) -> FloatArray:
        """All kept samples, from `start` to `end`."""
        return self._kept

    def append(self, samples: FloatArray) -> None:
        """Add samples at the end."""
        self._kept = np.concatenate((self._kept, samples)) if len(self._kept) else samples

    def forget_before(self, number: int) -> None:
        """Let go of what lies before this sample number."""
        drop = min(max(number - self._start, 0), len(self._kept))
        self._kept = self._kept[drop:]
        self._start += drop

    def at(self, number: int) -> float:
        """The sample with this number; the nearest kept one where it is gone or still to come."""
        index = min(max(number - self._start, 0), len(self._kept) - 1)
        return float(self._kept[index])

    def between(self, places: FloatArray) -> FloatArray:
        """Values at fractional sample numbers, any shape, on straight lines; held at the ends of what is kept."""
        inside = np.clip(places - self._start, 0.0, len(self._kept) - 1.0)
        left = np.minimum(inside.astype(np.int64), max(len(self._kept) - 2, 0))
        fraction = inside - left
        below = self._kept[left]
        value: FloatArray = below + (self._kept[np.minimum(left + 1, len(self._kept) - 1)] - below) * fraction
        return value
