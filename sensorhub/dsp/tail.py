"""The newest part of a stream, addressed by sample number."""

import numpy as np

from sensorhub.model.samples import FloatArray


class Tail:
    """Keeps a stream of rows of numbers from a chosen sample on; samples are numbered from 0 at the stream's start.

    >>> tail = Tail(1)
    >>> tail.append(np.array([[5.0], [6.0], [7.0]]))
    >>> tail.forget_before(1)
    >>> tail.between(np.array([1.5])).tolist(), tail.end
    ([[6.5]], 3)
    """

    def __init__(self, columns: int) -> None:
        self.start = 0
        self.kept: FloatArray = np.empty((0, columns))
        self._room = self.kept  # what is kept ends at _used of it, so that a few rows are added without moving the rest
        self._used = 0

    @property
    def end(self) -> int:
        """The sample number that comes next."""
        return self.start + len(self.kept)

    def append(self, rows: FloatArray) -> None:
        """Add rows of shape (n, columns) at the end; views of what was kept before are no longer good."""
        kept = len(self.kept)
        if self._used + len(rows) > len(self._room):
            size = 2 * (kept + len(rows))
            room = self._room if size <= len(self._room) else np.empty((size, self._room.shape[1]))
            room[:kept] = self.kept
            self._room, self._used = room, kept
        self._room[self._used : self._used + len(rows)] = rows
        self._used += len(rows)
        self.kept = self._room[self._used - kept - len(rows) : self._used]

    def forget_before(self, number: int) -> None:
        """Let go of what lies before this sample number."""
        drop = min(max(number - self.start, 0), len(self.kept))
        self.kept = self.kept[drop:]
        self.start += drop

    def between(self, places: FloatArray, column: int | None = None) -> FloatArray:
        """Rows, or one column, at fractional sample numbers of any shape, on straight lines.

        They are held at the ends of what is kept.
        """
        kept = self.kept if column is None else self.kept[:, column]
        last = len(self.kept) - 1.0
        inside = np.clip(places - self.start, 0.0, last)
        left = inside.astype(np.int64)
        right = np.minimum(left + 1, len(self.kept) - 1)
        fraction = inside - left if column is not None else (inside - left)[..., np.newaxis]
        below = kept.take(left, axis=0)
        value: FloatArray = kept.take(right, axis=0)
        value -= below
        value *= fraction
        value += below
        return value
