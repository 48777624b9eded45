"""Tables: arrays of one length that belong together, a row for each thing that happened."""

from collections.abc import Sequence
from typing import Any, Generic, Self, TypeVar, get_args, get_type_hints

import msgspec
import numpy as np
from numpy.typing import NDArray


class Table(msgspec.Struct, frozen=True):
    """A base for structs whose fields are all columns.

    >>> class Points(Table, frozen=True):
    ...     x: NDArray[np.float64]
    ...     y: NDArray[np.float64]
    >>> points = Points(np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0]))
    >>> len(points), points.rows(points.x > 1.5).y
    (3, array([5., 6.]))
    """

    def __len__(self) -> int:
        return len(self.columns[0])

    @property
    def columns(self) -> tuple[NDArray[Any], ...]:
        """The columns in the order of the fields."""
        return msgspec.structs.astuple(self)

    def rows(self, which: NDArray[Any] | slice) -> Self:
        """Some of the rows, chosen as numpy chooses."""
        return type(self)(*[column[which] for column in self.columns])

    def put(self, which: NDArray[Any] | slice, rows: Self) -> None:
        """Write over some of the rows; of one that is written twice, the last holds."""
        for column, values in zip(self.columns, rows.columns, strict=True):
            column[which] = values

    @classmethod
    def empty(cls) -> Self:
        """A table without rows, whose columns have their own types."""
        dtypes = (get_args(get_args(column)[1])[0] for column in get_type_hints(cls).values())
        return cls(*(np.empty(0, dtype=dtype) for dtype in dtypes))

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Tables one below the other."""
        return cls(*map(np.concatenate, zip(*(part.columns for part in parts), strict=True)))


T = TypeVar("T", bound=Table)


class GrowingTable(Generic[T]):
    """A table that rows are added to, at a cost that does not grow with it; it may be written to in place."""

    def __init__(self, kind: type[T]) -> None:
        self.table = self._room = kind.empty()

    def append(self, rows: T) -> None:
        """Add rows at the end; the table so far becomes one of old values."""
        start, stop = len(self.table), len(self.table) + len(rows)
        if stop > len(self._room):
            self._room = type(rows)(*(np.empty(2 * stop, dtype=column.dtype) for column in rows.columns))
            self._room.put(slice(0, start), self.table)
        self._room.put(slice(start, stop), rows)
        self.table = self._room.rows(slice(0, stop))
