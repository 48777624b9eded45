"""Stretches of a signal, each with the same bits alone and among others."""

import numpy as np

from sensorhub.model.samples import FloatArray, IndexArray


def rows_of(signal: FloatArray, first: IndexArray, count: int) -> FloatArray:
    """`count` samples from each first one on, a row for each, shape (..., n, count); the newest sample is repeated.

    >>> rows_of(np.array([5.0, 6.0, 7.0]), np.array([0, 1]), 3)
    array([[5., 6., 7.],
           [6., 7., 7.]])
    """
    return signal.take(first[:, np.newaxis] + np.arange(count), axis=-1, mode="clip")


def reduced(how: np.ufunc, signal: FloatArray, begin: IndexArray, stop: IndexArray) -> FloatArray:
    """The greatest, least or sum of the samples from begin to before stop, shape (..., n); of one at least.

    >>> reduced(np.add, np.array([1.0, 2.0, 4.0]), np.array([0, 1]), np.array([2, 3]))
    array([3., 6.])
    """
    if stop.max() == signal.shape[-1]:
        # `reduceat` wants a sample also where the last stretch stops.
        signal = np.concatenate((signal, signal[..., -1:]), axis=-1)
    result: FloatArray = how.reduceat(signal, np.array((begin, stop)).T.ravel(), axis=-1)[..., ::2]
    return result


def reduced_rows(how: np.ufunc, rows: FloatArray, begin: IndexArray, stop: IndexArray) -> FloatArray:
    """The same for a stretch of each row, shape (n,)."""
    offset = rows.shape[1] * np.arange(len(rows))
    return reduced(how, rows.ravel(), offset + begin, offset + stop)


def extent(rows: FloatArray, begin: IndexArray, stop: IndexArray) -> FloatArray:
    """Greatest less least value of each row from begin to before stop, shape (n,)."""
    return reduced_rows(np.maximum, rows, begin, stop) - reduced_rows(np.minimum, rows, begin, stop)
