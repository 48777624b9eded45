"""The newest seconds of the pelvis's motion, and what can be read from them for a stance."""

import numpy as np

from sensorhub.analysis.alignment.pelvis import HIPS_AHEAD_M, PelvisBlock
from sensorhub.analysis.gait.bends import BendPull
from sensorhub.analysis.gait.oscillation import vertical_oscillation_m
from sensorhub.analysis.gait.pelvic_drop import Stances
from sensorhub.dsp.table import Table
from sensorhub.dsp.tail import Tail
from sensorhub.dsp.windows import extent, inside, sample_numbers
from sensorhub.model.samples import BoolArray, FloatArray, IndexArray
from sensorhub.model.units import DEG_PER_RAD

ON_SAMPLE = 1e-6
"""A place this near to a sample, in samples, is on it."""

UP, FLAGS = slice(0, 3), slice(7, 9)
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
        samples = np.empty((9, len(block)))
        samples[UP] = block.up_sensor.T
        samples[VERTICAL], samples[ABOVE] = block.vertical_mps2, -HIPS_AHEAD_M * block.tilt_sine
        samples[YAW_RATE], samples[PULL] = block.yaw_rate_radps, self._bend_pull.feed(block.yaw_rate_radps)
        samples[MISSING], samples[CLIPPED] = block.missing, block.clipped
        self._tail.append(samples)

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
        """Read stances: where they lie among samples of the earth's up in the sensor frame, these, and the rest.

        contact_before_s, toe_off_before_s: the same foot's stance before, NaN where there was none. All of shape (n,).
        A stance of which not every sample is kept, from the toe-off before it on, has no samples.
        """
        kept, count, single = self._tail.kept, len(toe_off_s), np.isnan(toe_off_before_s)
        times_s = np.stack((initial_contact_s, toe_off_s, contact_before_s, toe_off_before_s))
        contact, toe_off, since, start = self._places(np.where(single, times_s[[0, 1, 0, 0]], times_s))
        whole = np.flatnonzero((start >= 0.0) & (toe_off <= kept.shape[1] - 1))
        contact, toe_off, start = contact[whole], toe_off[whole], start[whole]
        first, stop = contact.astype(np.int64), np.ceil(toe_off).astype(np.int64) + 1
        samples = np.zeros(count, dtype=np.int64)
        samples[whole] = stop - first
        begins = np.cumsum(samples) - samples
        places = np.zeros((2, count))
        places[:, whole] = contact - first, toe_off - first
        up_sensor = kept[UP, np.repeat(first - begins[whole], samples[whole]) + np.arange(samples.sum())]
        readings = np.full((4, count), np.nan)
        readings[3] = 0.0
        flags = np.zeros((2, count), dtype=bool)
        if len(whole):
            readings[:, whole] = self._read(start, toe_off, first)
            flags[:, whole] = _any_of(kept[FLAGS], np.maximum(since[whole], 0.0).astype(np.int64), stop)
            readings[:2, single] = np.nan
        return Stances(begins, samples, *places), up_sensor, StanceReadings(*readings, *flags)

    def _read(self, start: FloatArray, toe_off: FloatArray, first: IndexArray) -> tuple[FloatArray, ...]:
        """Rotation, oscillation, turn and bend of strides from start to toe-off, whose stance begins with `first`."""
        kept = self._tail.kept
        rotation, turn_radps = self._rotation(start, toe_off)
        heights_m = vertical_oscillation_m(kept[VERTICAL], kept[ABOVE], self._rate_hz, start, toe_off)
        return rotation * DEG_PER_RAD, heights_m, turn_radps, kept[PULL, first] * DEG_PER_RAD

    def _places(self, times_s: FloatArray) -> FloatArray:
        """The fractional indices of times into what is kept."""
        # The grid's own start and whole numbers make these the same to the last bit however the stream is cut.
        places = (times_s - self._grid_start_s) * self._rate_hz
        # A toe-off may lie on the newest sample: rounding must not take it beyond.
        nearest = np.rint(places)
        places = np.where(np.abs(places - nearest) < ON_SAMPLE, nearest, places)
        whole = np.floor(places)
        inside: FloatArray = (whole - self._tail.start) + (places - whole)
        return inside

    def _rotation(self, start: FloatArray, toe_off: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Range of the heading over each stride, less its mean turn, rad; and that turn, rad/s."""
        first = start.astype(np.int64)
        last = (toe_off - first).astype(np.int64)
        yaw_rate = self._tail.kept[YAW_RATE]
        index = sample_numbers(first, len(yaw_rate) - 1, int(last.max()) + 1)
        heading = np.cumsum(yaw_rate[index], axis=0) / self._rate_hz
        turn_per_sample = (heading[last, np.arange(len(last))] - heading[0]) / np.maximum(last, 1)
        straight = heading - turn_per_sample * np.arange(len(heading))[:, np.newaxis]
        return extent(straight, inside(len(straight), 0.0, last)), turn_per_sample * self._rate_hz


def _any_of(flags: FloatArray, begin: IndexArray, end: IndexArray) -> BoolArray:
    """Whether each of the flags, shape (2, n), is up from begin to before end, for each pair."""
    counts = np.cumsum(flags, axis=1)
    up: BoolArray = counts[:, np.minimum(end, flags.shape[1]) - 1] > counts[:, begin] - flags[:, begin]
    return up
