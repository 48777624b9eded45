"""Vectors and quaternions (scalar first): element by element, so that any cut of a stream gives the same bits."""

import math

import numpy as np

from sensorhub.model.samples import UP, FloatArray


def up_in_sensor(q_earth_from_sensor: FloatArray) -> FloatArray:
    """The earth's up in the sensor frame, shape (3, n), for unit quaternions of shape (n, 4).

    >>> up_in_sensor(np.array([[1.0, 0.0, 0.0, 0.0]])).T
    array([[0., 0., 1.]])
    """
    rows = q_earth_from_sensor.T.copy()
    twice = 2.0 * rows[1:3]
    by_w, (xx, yy), by_z = twice * rows[0], twice * rows[1:3], twice * rows[3]
    up = np.empty((3, rows.shape[1]))
    np.subtract(by_z[0], by_w[1], out=up[0])
    np.add(by_z[1], by_w[0], out=up[1])
    np.subtract(1.0, xx + yy, out=up[2])
    return up


def along(vectors: FloatArray, axis: FloatArray) -> FloatArray:
    """The parts along one axis, shape (...), of vectors of shape (..., 3); never a BLAS call, whose bits depend on n.

    >>> along(np.array([[1.0, 2.0, 3.0]]), np.array([0.0, 0.0, 2.0]))
    array([6.])
    """
    part: FloatArray = vectors[..., 0] * axis[0] + vectors[..., 1] * axis[1] + vectors[..., 2] * axis[2]
    return part


def parts_along(vectors: FloatArray, axis: FloatArray | tuple[FloatArray, ...]) -> FloatArray:
    """The parts along an axis, itself of shape (3,) or (3, n), of rows of vectors, shape (..., 3, n).

    >>> parts_along(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([0.0, 0.0, 2.0]))
    array([10., 12.])
    """
    part: FloatArray = vectors[..., 0, :] * axis[0]
    part += vectors[..., 1, :] * axis[1]
    part += vectors[..., 2, :] * axis[2]
    return part


def upward_parts(vectors: FloatArray) -> FloatArray:
    """Rate about and specific force along the earth's up, shape (2, n), for the vectors of a MotionBlock."""
    return parts_along(vectors[:UP], vectors[UP])


def unit(vector: FloatArray) -> FloatArray:
    """The vector, shape (3,), at length 1.

    >>> unit(np.array([0.0, 3.0, 4.0]))
    array([0. , 0.6, 0.8])
    """
    x, y, z = vector.tolist()
    scaled: FloatArray = vector / math.sqrt(x * x + y * y + z * z)
    return scaled


def cross(a: FloatArray, b: FloatArray) -> FloatArray:
    """The vector product of two vectors, shape (3,); numpy's own takes ten times as long for one pair.

    >>> cross(np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0]))
    array([0., 0., 1.])
    """
    (ax, ay, az), (bx, by, bz) = a.tolist(), b.tolist()
    return np.array([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx])
