"""Fill a gap in a signal with the period before it."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from sensorhub.model.samples import FloatArray


@dataclass(frozen=True, slots=True)
class BridgeParams:
    """Where a period is looked for, and how alike two must be: `max_mismatch` is a share of the signal's power."""

    min_period_s: float = 0.45
    max_period_s: float = 1.6
    compared_s: float = 1.0
    max_mismatch: float = 0.5

    @property
    def history_s(self) -> float:
        """How much of the signal before a gap is looked at."""
        return self.max_period_s + self.compared_s


def bridge(before: FloatArray, after: FloatArray, samples: int, rate_hz: float, params: BridgeParams) -> FloatArray:
    """Values for the missing samples, shape (samples, c), between before, shape (m, c), and the next one, shape (c,).

    A periodic motion goes on as it did in the period before; any other is joined by a straight line. The channels must
    be of like size. Nothing is shifted to join at the ends: a ramp over the gap would turn the sensor by more than two
    periods differ (measured: 1.4 instead of 2.2 deg of drop at 5 % loss).
    """
    period = _period(before, rate_hz, params)
    if period is None:
        ramp = (np.arange(1, samples + 1) / (samples + 1))[:, None]
        line: FloatArray = before[-1] + ramp * (after - before[-1])
        return line
    place = len(before) + np.arange(samples) - period * np.ceil((np.arange(samples) + 1) / period)
    left = np.floor(place).astype(np.int64)
    share = (place - left)[:, None]
    filled: FloatArray = (1.0 - share) * before[left] + share * before[np.minimum(left + 1, len(before) - 1)]
    return filled


def _period(before: FloatArray, rate_hz: float, params: BridgeParams) -> float | None:
    """The lag, in samples, at which the end of the signal is most like itself; None where it is not periodic."""
    width = int(params.compared_s * rate_hz)
    shortest = int(params.min_period_s * rate_hz)
    longest = min(int(params.max_period_s * rate_hz), len(before) - width)
    if longest <= shortest:
        return None
    end = before[len(before) - width :]
    earlier = sliding_window_view(before[len(before) - width - longest : len(before) - shortest], width, axis=0)
    # Windows run from the longest lag to the shortest. Sums run over the leading axis, element by element, so that the
    # bits depend neither on memory layout nor on how the stream was cut.
    mismatch = np.zeros(earlier.shape[0])
    power = np.zeros(1)
    for channel in range(before.shape[1]):
        apart = earlier[:, channel, :].T - end[:, channel][:, None]
        mismatch += np.add.reduce(apart * apart, axis=0)
        centred = end[:, channel] - np.median(end[:, channel])
        power += np.cumsum(centred * centred)[-1]
    best = int(np.argmin(mismatch))
    if mismatch[best] > 2.0 * params.max_mismatch * power[0]:
        return None
    if not 0 < best < len(mismatch) - 1:
        return float(longest - best)
    earlier_by_one, at, later_by_one = mismatch[best - 1 : best + 2]
    return float(longest - best - 0.5 * (earlier_by_one - later_by_one) / (earlier_by_one - 2.0 * at + later_by_one))
