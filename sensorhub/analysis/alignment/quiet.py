"""Quiet standing: stretches in which the sensor hardly moves, and where up was in them."""

from dataclasses import dataclass

import numpy as np

from sensorhub.model.samples import FloatArray


@dataclass(frozen=True, slots=True)
class QuietParams:
    """A stretch lasts `least_s`, a good one `good_s`. The longest `most` stretches are remembered."""

    least_s: float = 2.0
    good_s: float = 3.0
    most: int = 30


@dataclass(frozen=True, slots=True)
class QuietStretch:
    """One stretch of quiet: mean specific force in the sensor frame and how long it was."""

    acc_mps2: FloatArray
    seconds: float

    @property
    def up_sensor(self) -> FloatArray:
        """The earth's up in the sensor frame, as a unit vector."""
        up: FloatArray = self.acc_mps2 / np.sqrt((self.acc_mps2**2).sum())
        return up


class QuietStanding:
    """Collects quiet stretches, second by second. The seconds at both ends of a stretch are left out: they may move."""

    def __init__(self, params: QuietParams = QuietParams()) -> None:
        self._params = params
        self.stretches: list[QuietStretch] = []
        self._seconds = 0
        self._inner_sum = np.zeros(3)
        self._newest = np.zeros(3)

    def feed(self, acc_mps2: FloatArray | None) -> None:
        """Take the mean specific force of the next second, shape (3,); None where the sensor moved in it."""
        if acc_mps2 is None:
            self._seconds = 0
            return
        if self._seconds == 0:
            self._inner_sum = np.zeros(3)
        elif self._seconds >= 2:
            self._inner_sum = self._inner_sum + self._newest
        self._newest = acc_mps2
        self._seconds += 1
        self._update(self._seconds - 2)

    def _update(self, inner: int) -> None:
        if inner < self._params.least_s:
            return
        stretch = QuietStretch(self._inner_sum / inner, float(inner))
        if inner > self._params.least_s:
            self.stretches[-1] = stretch
            return
        self.stretches.append(stretch)
        if len(self.stretches) > self._params.most:
            del self.stretches[min(range(1, len(self.stretches) - 1), key=lambda k: self.stretches[k].seconds)]

    def up_near(self, up_sensor: FloatArray, within_rad: float) -> FloatArray | None:
        """Up in the first good stretch whose up is near this one: standing, not sitting or lying on a table.

        The first, because who begins a run stands for it, while later stops are leant through on one leg; the longest
        where none lasted `good_s`.
        """
        near = [s for s in self.stretches if float(s.up_sensor @ up_sensor) > np.cos(within_rad)]
        good = [s for s in near if s.seconds >= self._params.good_s]
        if good:
            return good[0].up_sensor
        return max(near, key=lambda s: s.seconds).up_sensor if near else None
