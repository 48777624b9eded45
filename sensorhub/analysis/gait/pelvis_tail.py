"""The newest seconds of the pelvis's motion, and what can be read from them for a stance."""

import numpy as np

from sensorhub.analysis.alignment.pelvis import HIPS_AHEAD_M, PelvisBlock
from sensorhub.analysis.gait.bends import BendPull
from sensorhub.analysis.gait.oscillation import vertical_oscillation_m
from sensorhub.analysis.gait.pelvic_drop import IndexArray, Stances
from sensorhub.dsp.table import Table
from sensorhub.dsp.tail import Tail
from sensorhub.model.samples import BoolArray, FloatArray
from sensorhub.model.units import DEG_PER_RAD

ON_SAMPLE = 1e-6
"""A place this near to a sample, in samples, is on it."""

UP = slice(0, 3)
VERTICAL, ABOVE, YAW_RATE, PULL, MISSING, CLIPPED = range(3, 9)


class StanceReadings(Table, frozen=True):
    """What does not change with the alignment, arrays of shape (n,), NaN for unknown.

    turn_radps: mean rate of turning over the stride. bend_deg: how far a bend, this one or one just before, may have
    pulled the inclination off, 0 where it is not known. missing, clipped: whether any sample was, from the same foot's
    contact before on.
    """

    rotation_range_deg: FloatArray
    vertical_oscillation_m: FloatArray
    turn_radps: FloatArray
    bend_deg: FloatArray
    missing: BoolArray
    clipped: BoolArray


class PelvisTail:
    """Keeps the last seconds of pelvis blocks, which follow each other on one grid, and reads stances from them."""

    def __init__(self, kept_s: float = 6.0) -> None:
        self._kept_s = kept_s
        self._rate_hz = 0.0
        self._grid_start_s = 0.0
        self._tail = Tail(9)
        self._bend_pull: BendPull | None = None

    def feed(self, block: PelvisBlock) -> None:
        """Add samples; what is older than `kept_s` before them is let go of."""
        if not len(block):
            return
        if self._bend_pull is None:
            self._rate_hz, self._grid_start_s = block.rate_hz, float(block.t_s[0])
            self._bend_pull = BendPull(block.rate_hz)
        self._tail.forget_before(self._tail.end - round(self._kept_s * self._rate_hz))
        rows = np.empty((len(block), 9))
        rows[:, UP] = block.up_sensor
        rows[:, VERTICAL], rows[:, ABOVE] = block.vertical_mps2, -HIPS_AHEAD_M * block.tilt_sine
        rows[:, YAW_RATE], rows[:, PULL] = block.yaw_rate_radps, self._bend_pull.feed(block.yaw_rate_radps)
        rows[:, MISSING], rows[:, CLIPPED] = block.missing, block.clipped
        self._tail.append(rows)

    @property
    def end_s(self) -> float:
        """The time of the newest sample."""
        return self._grid_start_s + (self._tail.end - 1) / self._rate_hz if self._rate_hz else -np.inf

    def read(
        self,
        initial_contact_s: FloatArray,
        toe_off_s: FloatArray,
        contact_before_s: FloatArray,
        toe_off_before_s: FloatArray,
    ) -> tuple[Stances, FloatArray, StanceReadings]:
        """Read stances: where they lie in rows of the earth's up in the sensor frame, these rows, and the rest.

        contact_before_s, toe_off_before_s: the same foot's stance before, NaN where there was none. All of shape (n,).
        A stance of which not every sample is kept, from the toe-off before it on, has no rows.
        """
        kept, count, single = self._tail.kept, len(toe_off_s), np.isnan(toe_off_before_s)
        contact, toe_off = self._places(initial_contact_s), self._places(toe_off_s)
        start = np.where(single, contact, self._places(toe_off_before_s))
        since = np.where(single, contact, self._places(contact_before_s))
        whole = np.flatnonzero((start >= 0.0) & (toe_off <= len(kept) - 1))
        contact, toe_off, start = contact[whole], toe_off[whole], start[whole]
        first, stop = contact.astype(np.int64), np.ceil(toe_off).astype(np.int64) + 1
        samples = np.zeros(count, dtype=np.int64)
        samples[whole] = stop - first
        begins = np.cumsum(samples) - samples
        places = np.zeros((2, count))
        places[:, whole] = contact - first, toe_off - first
        stances = Stances(begins, samples, *places)
        up_sensor = kept[np.repeat(first - begins[whole], samples[whole]) + np.arange(samples.sum()), UP]
        readings = np.full((4, count), np.nan)
        readings[3] = 0.0
        flags = np.zeros((2, count), dtype=bool)
        if len(whole):
            readings[:, whole] = self._read(start, toe_off, first)
            oldest = np.maximum(since[whole], 0.0).astype(np.int64)
            flags[:, whole] = [_any_of(kept[:, flag], oldest, stop) for flag in (MISSING, CLIPPED)]
            readings[:2, single] = np.nan
        return stances, up_sensor, StanceReadings(*readings, *flags)

    def _read(self, start: FloatArray, toe_off: FloatArray, first: IndexArray) -> tuple[FloatArray, ...]:
        """Rotation, oscillation, turn and bend of strides from start to toe-off, whose stance begins with `first`."""
        kept = self._tail.kept
        rotation, turn_radps = self._rotation(start, toe_off)
        stride = np.stack((start, toe_off), axis=1)
        heights_m = vertical_oscillation_m(kept[:, VERTICAL], kept[:, ABOVE], self._rate_hz, stride)
        return rotation * DEG_PER_RAD, heights_m, turn_radps, kept[first, PULL] * DEG_PER_RAD

    def _places(self, times_s: FloatArray) -> FloatArray:
        """The fractional indices of times into what is kept."""
        # The grid's own start and whole numbers make these the same to the last bit however the stream is cut.
        places = (times_s - self._grid_start_s) * self._rate_hz
        # A toe-off may lie on the newest sample: rounding must not take it beyond.
        places = np.where(np.abs(places - np.rint(places)) < ON_SAMPLE, np.rint(places), places)
        whole = np.floor(places)
        inside: FloatArray = (whole - self._tail.start) + (places - whole)
        return inside

    def _rotation(self, start: FloatArray, toe_off: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Range of the heading over each stride, less its mean turn, rad; and that turn, rad/s."""
        first = start.astype(np.int64)
        last = np.floor(toe_off - first).astype(np.int64)
        columns = np.arange(int(last.max()) + 1)
        yaw_rate = self._tail.kept[:, YAW_RATE]
        index = np.minimum(first[:, None] + columns, len(yaw_rate) - 1)
        heading = np.cumsum(yaw_rate[index], axis=1) / self._rate_hz
        turn_per_sample = (heading[np.arange(len(first)), last] - heading[:, 0]) / np.maximum(last, 1)
        straight = heading - turn_per_sample[:, None] * columns
        inside = columns <= last[:, None]
        top = np.where(inside, straight, -np.inf).max(axis=1)
        bottom = np.where(inside, straight, np.inf).min(axis=1)
        return top - bottom, turn_per_sample * self._rate_hz


def _any_of(flags: FloatArray, begin: IndexArray, end: IndexArray) -> BoolArray:
    """Whether any flag is up from begin to before end, for each pair."""
    counts = np.concatenate(([0.0], np.cumsum(flags)))
    up: BoolArray = counts[np.minimum(end, len(flags))] > counts[begin]
    return up
