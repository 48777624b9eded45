"""Vertical oscillation: how far the pelvis goes up and down in a step, without drift."""

from collections.abc import Sequence

import numpy as np

from sensorhub.model.samples import FloatArray


def vertical_oscillation_m(
    vertical_mps2: FloatArray,
    above_m: FloatArray,
    rate_hz: float,
    stride_places: Sequence[tuple[float, float]] | FloatArray,
) -> FloatArray:
    """Peak-to-peak height of the pelvis over the second half of each stride, m, shape (k,).

    vertical_mps2, shape (n,): acceleration of the sensor along the earth's up. above_m, shape (n,): how far the middle
    of the pelvis is above the sensor, which changes as the pelvis tilts. stride_places: where each stride starts and
    ends, as fractional indices into it, both at the same event of the same foot.

    Height is integrated twice; what is unknown, the velocity at the start and a constant error of the acceleration,
    follows from the stride being periodic: velocity and height are at its end what they were at its start. So nothing
    drifts and a slope is left out.
    """
    if not len(stride_places):
        return np.empty(0)
    start, stop = np.asarray(stride_places, dtype=np.float64).T
    first, duration = np.floor(start), (stop - start) / rate_hz
    width = int((stop - start).max()) + 2
    index = np.clip(first[:, None] + np.arange(width), 0, len(vertical_mps2) - 1).astype(np.int64)
    # cumsum adds in order, so that a stride's height does not depend on how wide the others made the table.
    acc = vertical_mps2[index]
    velocity = np.zeros_like(acc)
    velocity[:, 1:] = np.cumsum(0.5 * (acc[:, 1:] + acc[:, :-1]), axis=1) / rate_hz
    height = np.zeros_like(acc)
    # Simpson's share: velocity bends within an interval as the acceleration changes over it.
    bend = (acc[:, :-1] - acc[:, 1:]) / (12.0 * rate_hz)
    height[:, 1:] = np.cumsum(0.5 * (velocity[:, 1:] + velocity[:, :-1]) + bend, axis=1) / rate_hz
    time = np.arange(width) / rate_hz
    end = duration * rate_hz
    constant = _at(velocity, end) / duration
    rise = _at(height, end) - 0.5 * constant * duration * duration
    level = height - 0.5 * constant[:, None] * time * time - (rise / duration)[:, None] * time
    level += above_m[index]
    second_half = (time >= 0.5 * duration[:, None]) & (time <= duration[:, None])
    top = np.where(second_half, level, -np.inf).max(axis=1)
    bottom = np.where(second_half, level, np.inf).min(axis=1)
    oscillation: FloatArray = top - bottom
    return oscillation


def _at(rows: FloatArray, places: FloatArray) -> FloatArray:
    """Each row's value at a fractional column."""
    left = np.minimum(places.astype(np.int64), rows.shape[1] - 2)
    every = np.arange(len(rows))
    value: FloatArray = rows[every, left] + (places - left) * (rows[every, left + 1] - rows[every, left])
    return value
