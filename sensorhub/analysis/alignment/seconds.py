"""The motion second by second: what looks at some seconds ask for, found for all seconds of a block at once."""

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from sensorhub.dsp.rotation import parts_along, upward_parts
from sensorhub.dsp.tail import Tail
from sensorhub.model.samples import ACC, GYR, UP, FloatArray, MotionBlock
from sensorhub.model.units import GRAVITY_MPS2

_MOTION, _FORCE, _VECTORS = slice(0, 6), slice(3, 6), slice(0, 9)
_UPWARD, _SQUARES, _PRODUCTS, _QUANTITIES = slice(9, 11), slice(11, 17), slice(17, 26), 26
"""What the means of a second are of: rate, specific force and up, and what is made of them, see `second_means`."""
_PATTERN_UNITS = np.array([[[1.0]], [[GRAVITY_MPS2]], [[GRAVITY_MPS2**2]]])


@dataclass(frozen=True, slots=True)
class SecondsParams:
    """A look is at `window` seconds. In a still second, standard deviations stay below these: the sway of standing."""

    window: int = 4
    still_mps2: float = 0.3
    still_radps: float = 0.08


class Moments(NamedTuple):
    """What is asked of each window; of many, the first axis tells which.

    up: the mean of the earth's up in the sensor frame, a unit vector. turn_radps: mean rate about the earth's up.
    pattern: what goes with the turning and with the bounce, three level vectors, one a row, shape (3, 3): the rate
    times its own part along up, the rate times the acceleration along up, and the acceleration times the same. Roll
    goes with the turning, pitch and braking with the bounce: these vectors need no heading, and turn about up with the
    clip, else by less than 6 deg from window to window.
    """

    up: FloatArray
    turn_radps: FloatArray
    pattern: FloatArray

    def of(self, window: int) -> Self:
        """Those of one window of many."""
        return type(self)(self.up[window], self.turn_radps[window], self.pattern[window])


class Window(NamedTuple):
    """Some seconds in a row: their vectors, as in a MotionBlock and as a view, and their moments."""

    vectors: FloatArray
    moments: Moments
    rate_hz: float
    end_s: float


class Seconds:
    """Keeps the newest whole seconds of motion without an open gap, numbered from its start."""

    def __init__(self, rate_hz: float, start_s: float, params: SecondsParams = SecondsParams()) -> None:
        self._rate_hz = rate_hz
        self._size = round(rate_hz)
        self._start_s = start_s
        self._params = params
        self._samples = Tail(9)
        self._means = Tail(_QUANTITIES)

    def feed(self, motion: MotionBlock) -> range:
        """Take the next samples; return the numbers of the seconds that they complete."""
        count = self._params.window
        self._samples.forget_before((self._means.end - count) * self._size)
        self._samples.append(motion.vectors.reshape(9, -1))
        new = range(self._means.end, self._samples.end // self._size)
        if new:
            self._means.forget_before(new.start - count + 1)
            self._means.append(second_means(self._vectors(new.start, new.stop), self._size))
            self._moments = moments(self._means.kept, count)
            self._still = self._is_still().tolist()
        return new

    def has_window(self, last: int) -> bool:
        """Whether there are enough seconds until this one."""
        return last >= self._params.window - 1

    def samples_after(self, second: int) -> int:
        """How many samples came after this second."""
        return self._samples.end - (second + 1) * self._size

    def end_s(self, second: int) -> float:
        """When the last sample of this second was."""
        return self._start_s + ((second + 1) * self._size - 1) / self._rate_hz

    def standing(self, second: int) -> FloatArray | None:
        """The mean specific force of a second in which the body stood still, shape (3,), else None."""
        place = second - self._means.start
        return self._means.kept[_FORCE, place].copy() if self._still[place] else None

    def window(self, last: int) -> Window:
        """The seconds until this one."""
        count = self._params.window
        return self._window(last, count, self._moments.of(last + 1 - count - self._means.start))

    def newest_half(self, last: int) -> Window:
        """The newer half of these, in which gait is known sooner."""
        count = self._params.window // 2
        stop = last + 1 - self._means.start
        return self._window(last, count, moments(self._means.kept[:, stop - count : stop], count).of(0))

    def _window(self, last: int, count: int, seen: Moments) -> Window:
        return Window(self._vectors(last + 1 - count, last + 1), seen, self._rate_hz, self.end_s(last))

    def _vectors(self, first: int, stop: int) -> FloatArray:
        begin = first * self._size - self._samples.start
        return self._samples.kept[:, begin : begin + (stop - first) * self._size].reshape(3, 3, -1)

    def _is_still(self) -> FloatArray:
        means = self._means.kept
        spread = (means[_SQUARES] - means[_MOTION] * means[_MOTION]).reshape(2, 3, -1).max(axis=1)
        still: FloatArray = (spread[GYR] < self._params.still_radps**2) & (spread[ACC] < self._params.still_mps2**2)
        return still


def second_means(vectors: FloatArray, size: int) -> FloatArray:
    """The means of each second of `size` samples, shape (26, k), for vectors of shape (3, 3, k * size).

    Of the vectors, of their upward parts, of the squares of rate and specific force, and of the products of which a
    pattern is made.
    """
    upward, motion = upward_parts(vectors), vectors[:UP]
    rate, force = motion
    samples = (vectors, upward, motion * motion, rate * upward[GYR], rate * upward[ACC], force * upward[ACC])
    # Sums of one length, along memory: the same bits for a second alone and among others.
    sums = [np.add.reduce(each.reshape(-1, vectors.shape[2] // size, size), axis=2) for each in samples]
    return np.concatenate(sums) / size


def moments(means: FloatArray, count: int) -> Moments:
    """The moments of each window of so many seconds in a row, for means of seconds of shape (26, k)."""
    windows = max(means.shape[1] - count + 1, 0)
    mean = np.zeros((_QUANTITIES, windows))
    for first in range(count):
        mean += means[:, first : first + windows] / count
    rate, force, up = mean[_VECTORS].reshape(3, 3, -1)
    turn, push = mean[_UPWARD]
    up = up / np.sqrt(up[0] * up[0] + up[1] * up[1] + up[2] * up[2])
    pattern = mean[_PRODUCTS].reshape(3, 3, -1) - np.array((rate * turn, rate * push, force * push))
    pattern /= _PATTERN_UNITS
    pattern -= parts_along(pattern, up)[:, np.newaxis] * up
    return Moments(up.T, turn, pattern.transpose(2, 0, 1))
