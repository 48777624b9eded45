"""Vertical oscillation: how far the pelvis goes up and down in a step, without drift."""

import numpy as np

from sensorhub.dsp.running_sum import RunningSum
from sensorhub.dsp.windows import extent, rows_of
from sensorhub.model.samples import FloatArray


class Rise:
    """Vertical acceleration integrated twice, on straight lines between the samples, but for a slope of the height."""

    def __init__(self, rate_hz: float) -> None:
        self._sample_s2 = 1.0 / rate_hz**2
        self._speed, self._height = RunningSum(), RunningSum()

    def feed(self, acc_mps2: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Speed, m a sample, and height, m, since the start; arrays of shape (n,)."""
        acc = acc_mps2 * self._sample_s2
        speed = self._speed.feed(acc)
        height = self._height.feed(speed) - speed
        return speed - acc * (1.0 / 2.0), height + acc * (1.0 / 6.0)


def vertical_oscillation_m(rise: FloatArray, middle_m: FloatArray, start: FloatArray, stop: FloatArray) -> FloatArray:
    """Peak-to-peak height of the pelvis over the second half of each stride, m, shape (k,).

    rise, shape (2, n): what `Rise` gives for the sensor. middle_m, shape (n,): the same height for the middle of the
    pelvis, which the sensor swings about. start, stop: where each stride starts and ends, as fractional indices into
    them, both at the same event of the same foot.

    What is unknown, the speed at the start and a constant error of the acceleration, follows from the stride being
    periodic: speed and height are at its end what they were at its start. So nothing drifts and a slope is left out.
    """
    first, duration = start.astype(np.int64), stop - start  # all in samples, till the end
    whole = duration.astype(np.int64)
    # The place in the stride, not in the signal: how it rounds must not depend on how much of the stream is kept.
    before, at, behind = rise.take(first + np.array((0 * whole, whole, whole + 1)), axis=1, mode="clip").swapaxes(0, 1)
    speed, height_m = at + (duration - whole) * (behind - at) - before
    bend = 0.5 * speed / duration
    slope = height_m / duration - bend * duration
    half = int(0.5 * duration.min())
    time = np.arange(half, int(duration.max()) + 2)
    level_m = rows_of(middle_m, first + half, len(time)) - time * (slope[:, np.newaxis] + bend[:, np.newaxis] * time)
    return extent(level_m, np.ceil(0.5 * duration).astype(np.int64) - half, whole + 1 - half)
