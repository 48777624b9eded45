"""Lines in space that a moving vector favours."""

import numpy as np

from sensorhub.dsp.rotation import unit
from sensorhub.model.samples import BoolArray, FloatArray


def main_line(power: FloatArray) -> FloatArray:
    """The unit vector of the line that rules mean squares xx, yy, zz, xy, xz, yz, shape (6,); its sign is free.

    >>> abs(main_line(np.array([1.0, 9.0, 0.0, 0.0, 0.0, 0.0]))).round(3)
    array([0., 1., 0.])
    """
    xx, yy, zz, xy, xz, yz = power
    _, vectors = np.linalg.eigh(np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]]))
    line: FloatArray = vectors[:, 2]
    return line


def inner(a: FloatArray, b: FloatArray) -> FloatArray:
    """Trace of the product of symmetric matrices given as xx, yy, zz, xy, xz, yz, shape (n, 6) each, shape (n,)."""
    product: FloatArray = (
        a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1] + a[:, 2] * b[:, 2]
        + 2.0 * (a[:, 3] * b[:, 3] + a[:, 4] * b[:, 4] + a[:, 5] * b[:, 5])
    )  # fmt: skip
    return product


def dot(a: FloatArray, b: FloatArray) -> float:
    """Dot product of two vectors, shape (3,)."""
    return float(a[0] * b[0] + a[1] * b[1] + a[2] * b[2])


def norm(a: FloatArray) -> float:
    """The length of a vector."""
    return float(np.sqrt(dot(a, a)))


def horizontal(line: FloatArray, upright: FloatArray) -> FloatArray:
    """The line's own direction in the plane across the upright, at length 1."""
    return unit(line - upright * dot(line, upright))


def end_of_last_run(holds: BoolArray, length: int) -> int:
    """Return the last index of the last run of at least this many; 0 where there is none."""
    index = np.arange(len(holds))
    broken = np.maximum.accumulate(np.where(holds, -1, index))
    long_enough = np.flatnonzero(holds & (index - broken >= length))
    return int(long_enough[-1]) if len(long_enough) else 0
