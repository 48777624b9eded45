"""Vertical oscillation: how far the pelvis goes up and down in a step, without drift."""

import numpy as np

from sensorhub.dsp.windows import extent, inside, sample_numbers, value_at
from sensorhub.model.samples import FloatArray


def vertical_oscillation_m(
    vertical_mps2: FloatArray, above_m: FloatArray, rate_hz: float, start: FloatArray, stop: FloatArray
) -> FloatArray:
    """Peak-to-peak height of the pelvis over the second half of each stride, m, shape (k,).

    vertical_mps2, shape (n,): acceleration of the sensor along the earth's up. above_m, shape (n,): how far the middle
    of the pelvis is above the sensor, which changes as the pelvis tilts. start, stop: where each stride starts and
    ends, as fractional indices into it, both at the same event of the same foot.

    Height is integrated twice, on straight lines between the samples of acceleration; what is unknown, the velocity at
    the start and a constant error of the acceleration, follows from the stride being periodic: velocity and height are
    at its end what they were at its start. So nothing drifts and a slope is left out.
    """
    if not len(start):
        return np.empty(0)
    duration = stop - start  # all in samples, till the end
    index = sample_numbers(start.astype(np.int64), len(vertical_mps2) - 1, int(duration.max()) + 2)
    acc = vertical_mps2[index]
    summed = np.cumsum(acc, axis=0)
    velocity_at_end = value_at(summed - 0.5 * acc, duration) - 0.5 * acc[0]
    # The double integral of straight lines, but for a slope, which is left out anyway.
    height = np.zeros_like(acc)
    np.cumsum(summed[:-1], axis=0, out=height[1:])
    height += (acc - acc[0]) / 6.0
    bend = 0.5 * velocity_at_end / duration
    slope = value_at(height, duration) / duration - bend * duration
    half = int(0.5 * duration.min())
    time = np.arange(half, len(height))[:, np.newaxis]
    level = (height[half:] - time * (slope + bend * time)) / rate_hz**2 + above_m[index[half:]]
    return extent(level, inside(len(level), 0.5 * duration, duration, half))
