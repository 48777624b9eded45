"""Stretches of a signal side by side, a column each: what is added up in one is added in the order of time.

So a column has the same bits alone and among others, which may make the table longer.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhub.model.samples import BoolArray, FloatArray, IndexArray


def sample_numbers(first: IndexArray, last: IndexArray | int, count: int) -> IndexArray:
    """The numbers of `count` samples from each first one on, shape (count, n); the last one is repeated.

    >>> sample_numbers(np.array([0, 4]), np.array([1, 9]), 3).T
    array([[0, 1, 1],
           [4, 5, 6]])
    """
    numbers: IndexArray = np.minimum(first + np.arange(count)[:, np.newaxis], last)
    return numbers


def inside(count: int, begin: FloatArray | float, end: NDArray[Any], first: int = 0) -> BoolArray:
    """Which of `count` rows from the first one on lie from begin to end, fractional rows of shape (n,)."""
    rows = np.arange(first, first + count)[:, np.newaxis]
    within: BoolArray = (rows >= begin) & (rows <= end)
    return within


def value_at(columns: FloatArray, rows: FloatArray) -> FloatArray:
    """Each column's value at a fractional row, on a straight line; at more than one for rows of shape (k, n).

    >>> value_at(np.array([[1.0, 5.0], [2.0, 7.0]]), np.array([0.5, 1.0]))
    array([1.5, 7. ])
    """
    above = rows.astype(np.int64)
    fraction, every = rows - above, np.arange(columns.shape[1])
    upper = columns[above, every]
    value: FloatArray = upper + fraction * (columns[above + (fraction > 0.0), every] - upper)
    return value


def extent(columns: FloatArray, within: BoolArray) -> FloatArray:
    """Greatest less least value of each column, of those within."""
    top = np.where(within, columns, -np.inf).max(axis=0)
    spread: FloatArray = top - np.where(within, columns, np.inf).min(axis=0)
    return spread
