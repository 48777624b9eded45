"""The newest seconds of the pelvis's motion, and what can be read from them for a stance."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sensorhub.analysis.alignment.pelvis import HIPS_AHEAD_M, PelvisBlock
from sensorhub.analysis.gait.bends import BendPull
from sensorhub.analysis.gait.oscillation import vertical_oscillation_m
from sensorhub.analysis.gait.pelvic_drop import IndexArray, StanceMotion
from sensorhub.model.samples import BoolArray, FloatArray
from sensorhub.model.units import DEG_PER_RAD


class StanceSpan(NamedTuple):
    """When a stance was, and what came before it; None where there was none.

    stride_start_s: the toe-off two steps before its own. contact_before_s: the same foot's initial contact before.
    """

    initial_contact_s: float
    toe_off_s: float
    stride_start_s: float | None
    contact_before_s: float | None = None


class StanceReading(NamedTuple):
    """What does not change with the alignment, and the motion to measure angles from.

    turn_radps: mean rate of turning over the stride. bend_pull_deg: how far a bend, this one or one just before, may
    have pulled the inclination off. missing, clipped: whether any sample was, from the same foot's contact before on.
    """

    motion: StanceMotion
    rotation_range_deg: float | None
    vertical_oscillation_m: float | None
    turn_radps: float
    bend_pull_deg: float
    missing: bool
    clipped: bool


class PelvisTail:
    """Keeps the last seconds of pelvis blocks, which follow each other on one grid, and reads stances from them."""

    def __init__(self, kept_s: float = 6.0) -> None:
        self._kept_s = kept_s
        self._rate_hz = 0.0
        self._grid_start_s = 0.0
        self._first = 0  # number, on the grid, of the oldest sample that is kept
        self._up: FloatArray = np.empty((0, 3))
        self._vertical: FloatArray = np.empty(0)
        self._above: FloatArray = np.empty(0)
        self._yaw_rate: FloatArray = np.empty(0)
        self._pull: FloatArray = np.empty(0)
        self._bend_pull: BendPull | None = None
        self._missing: BoolArray = np.empty(0, dtype=bool)
        self._clipped: BoolArray = np.empty(0, dtype=bool)

    def feed(self, block: PelvisBlock) -> None:
        """Add samples; what is older than `kept_s` before them is let go of."""
        if not len(block):
            return
        if self._bend_pull is None:
            self._rate_hz, self._grid_start_s = block.rate_hz, float(block.t_s[0])
            self._bend_pull = BendPull(block.rate_hz)
        drop = max(len(self._vertical) - round(self._kept_s * self._rate_hz), 0)
        self._first += drop
        self._up = np.concatenate((self._up[drop:], block.up_sensor))
        self._vertical = np.concatenate((self._vertical[drop:], block.vertical_mps2))
        self._above = np.concatenate((self._above[drop:], -HIPS_AHEAD_M * block.tilt_sine))
        self._yaw_rate = np.concatenate((self._yaw_rate[drop:], block.yaw_rate_radps))
        self._pull = np.concatenate((self._pull[drop:], self._bend_pull.feed(block.yaw_rate_radps)))
        self._missing = np.concatenate((self._missing[drop:], block.missing))
        self._clipped = np.concatenate((self._clipped[drop:], block.clipped))

    @property
    def end_s(self) -> float:
        """The time of the newest sample."""
        if not self._rate_hz:
            return -np.inf
        return self._grid_start_s + (self._first + len(self._vertical) - 1) / self._rate_hz

    def read(self, spans: Sequence[StanceSpan]) -> list[StanceReading | None]:
        """Read stances; None for each that is not wholly among the samples kept."""
        readings: list[StanceReading | None] = [None] * len(spans)
        if not spans or not len(self._vertical):
            return readings
        places = self._places([(one.initial_contact_s, one.toe_off_s, _start_s(one), _since_s(one)) for one in spans])
        whole = np.flatnonzero((places[:, 2] >= 0.0) & (places[:, 1] <= len(self._vertical) - 1))
        if not len(whole):
            return readings
        contact, toe_off, start, since = places[whole].T
        rotation, turn = self._rotation(start, toe_off)
        heights = vertical_oscillation_m(self._vertical, self._above, self._rate_hz, np.stack((start, toe_off), axis=1))
        first, stop = contact.astype(np.int64), np.ceil(toe_off).astype(np.int64) + 1
        oldest = np.maximum(since, 0.0).astype(np.int64)
        columns = (
            *(whole, first, stop, contact - first, toe_off - first, rotation * DEG_PER_RAD, heights, turn),
            self._pull[first] * DEG_PER_RAD,
            *(_any_of(flags, oldest, stop) for flags in (self._missing, self._clipped)),
        )
        for k, begin, end, on, off, turned_deg, height_m, turn_radps, pull_deg, missing, clipped in zip(
            *(column.tolist() for column in columns), strict=True
        ):
            motion = StanceMotion(self._up[begin:end].copy(), on, off)
            whole_stride = spans[k].stride_start_s is not None
            rotation_deg, oscillation_m = (turned_deg, height_m) if whole_stride else (None, None)
            readings[k] = StanceReading(motion, rotation_deg, oscillation_m, turn_radps, pull_deg, missing, clipped)
        return readings

    def _places(self, times_s: Sequence[tuple[float, ...]]) -> FloatArray:
        """The fractional indices of times into what is kept."""
        # The grid's own start and whole numbers make these the same to the last bit however the stream is cut.
        places = (np.array(times_s) - self._grid_start_s) * self._rate_hz
        whole = np.floor(places)
        inside: FloatArray = (whole - self._first) + (places - whole)
        return inside

    def _rotation(self, start: FloatArray, toe_off: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Range of the heading over each stride, less its mean turn, rad; and that turn, rad/s."""
        first = start.astype(np.int64)
        last = np.floor(toe_off - first).astype(np.int64)
        columns = np.arange(int(last.max()) + 1)
        index = np.minimum(first[:, None] + columns, len(self._yaw_rate) - 1)
        heading = np.cumsum(self._yaw_rate[index], axis=1) / self._rate_hz
        turn_per_sample = (heading[np.arange(len(first)), last] - heading[:, 0]) / np.maximum(last, 1)
        straight = heading - turn_per_sample[:, None] * columns
        inside = columns <= last[:, None]
        top = np.where(inside, straight, -np.inf).max(axis=1)
        bottom = np.where(inside, straight, np.inf).min(axis=1)
        return top - bottom, turn_per_sample * self._rate_hz


def _any_of(flags: BoolArray, begin: IndexArray, end: IndexArray) -> BoolArray:
    """Whether any flag is up from begin to before end, for each pair."""
    counts = np.concatenate(([0], np.cumsum(flags)))
    up: BoolArray = counts[np.minimum(end, len(flags))] > counts[begin]
    return up


def _start_s(span: StanceSpan) -> float:
    return span.initial_contact_s if span.stride_start_s is None else span.stride_start_s


def _since_s(span: StanceSpan) -> float:
    return _start_s(span) if span.contact_before_s is None else span.contact_before_s
