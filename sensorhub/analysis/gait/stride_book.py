"""Measures each landing as it comes, and all of them again when the alignment is known better."""

from dataclasses import dataclass, replace

import msgspec
import numpy as np

from sensorhub.analysis.gait.landings import Landings
from sensorhub.analysis.gait.pelvic_drop import IndexArray, StanceAngles, Stances, measure_stances
from sensorhub.analysis.gait.pelvis_tail import PelvisTail, StanceReadings
from sensorhub.analysis.gait.strides import UNSETTLED_BELOW, Worth, known, strides_of
from sensorhub.dsp.table import GrowingTable, Table
from sensorhub.dsp.tail import Tail
from sensorhub.model.alignment import Alignment
from sensorhub.model.gait import Stride
from sensorhub.model.samples import BoolArray
from sensorhub.model.units import RAD_PER_DEG

SAME_ANGLE_DEG = 0.02
"""A correction smaller than this, a tenth of what vqf is off by, is not worth a record."""


@dataclass(frozen=True, slots=True)
class StrideBookParams:
    """What raises a doubt.

    turn_radps: mean turn over some strides that counts as a bend, a lean of 1.6 deg at 3.5 m/s; turn_memory: share of
    the newest stride in that mean. most_bend_pull_deg: how far a bend, or one just before, may have pulled the
    inclination off (straight runs stay below 0.4). slip_s: how long before it is noticed the clip may have slipped.
    """

    turn_radps: float = 0.08
    most_bend_pull_deg: float = 1.0
    turn_memory: float = 0.3
    slip_s: float = 10.0


@dataclass(frozen=True, slots=True)
class Measured(Table):
    """With which foot, and which of the book's alignments, each stance was last measured."""

    left: BoolArray
    alignment: IndexArray


class StrideBook:
    """Every landing of the session with what was read for it, so that it can be measured again; seq is its row."""

    def __init__(self, params: StrideBookParams = StrideBookParams()) -> None:
        self._params = params
        self._up = Tail(3)
        self._stances = GrowingTable(Stances)
        self._readings = GrowingTable(StanceReadings)
        self._worth = GrowingTable(Worth)
        self._measured = GrowingTable(Measured)
        self._angles = GrowingTable(StanceAngles)
        self._strides: list[Stride] = []
        self._alignment: Alignment | None = None
        self._alignments: list[Alignment] = []
        """Those that stances were measured with; `Measured.alignment` counts them."""
        self._turn_radps = 0.0

    def add(self, landings: Landings, tail: PelvisTail, alignment: Alignment) -> list[Stride]:
        """The strides of these landings, new and corrected ones, and those that a new alignment calls into doubt."""
        # A landing that comes again is measured in what was read for it when it came first, as in a live session.
        seq, first = np.unique(landings.seq, return_index=True)
        new = landings.rows(first[seq >= len(self._strides)])
        strides = self._after_change(alignment, new)
        if len(new):
            self._enter(new, tail, alignment)
        return strides + self._told(landings, alignment)

    def remeasured(self, alignment: Alignment) -> list[Stride]:
        """The strides of this alignment's mounting that look different with it."""
        if not self._strides:
            return []
        others = [one.mounting == alignment.mounting and not _alike(one, alignment) for one in self._alignments]
        measured, unsettled = self._measured.table, self._worth.table.unsettled
        rows = np.flatnonzero(np.array(others, dtype=bool)[measured.alignment])
        doubted = unsettled[rows] == alignment.settled
        unsettled[rows] = not alignment.settled
        measured.alignment[rows] = self._number_of(alignment)
        return self._again(rows, doubted, alignment)

    def _after_change(self, alignment: Alignment, new: Landings) -> list[Stride]:
        """What a slip of the clip, or knowing the heading for sure, says about the strides before the new landings."""
        before, self._alignment = self._alignment, alignment
        if before is None or before is alignment:
            return []
        if alignment.mounting == before.mounting:
            return self.remeasured(alignment) if alignment.settled and not before.settled else []
        strides = self.remeasured(before)
        since_s = float(new.initial_contact_s[0]) - self._params.slip_s
        late = [stride.initial_contact_s > since_s for stride in self._strides]
        slipped = self._worth.table.slipped
        rows = np.flatnonzero(np.array(late) & ~slipped)
        slipped[rows] = True
        return strides + self._again(rows, np.ones(len(rows), dtype=bool), before)

    def _number_of(self, alignment: Alignment) -> int:
        """The place of this alignment among those that were used."""
        if not self._alignments or self._alignments[-1] != alignment:
            self._alignments.append(alignment)
        return len(self._alignments) - 1

    def _enter(self, new: Landings, tail: PelvisTail, alignment: Alignment) -> None:
        """Read what is there for new landings, and note what makes them doubtful."""
        stances, up_sensor, readings = tail.read(
            new.initial_contact_s, new.toe_off_s, new.contact_before_s, new.toe_off_before_s
        )
        self._stances.append(replace(stances, first=stances.first + self._up.end))
        self._up.append(up_sensor)
        self._readings.append(readings)
        no = np.zeros(len(new), dtype=bool)
        unknown = np.full(len(new), np.nan)
        doubts = (self._turning(readings), no, np.full(len(new), not alignment.settled))
        self._worth.append(Worth(unknown, unknown, readings.bend_deg, no, no, no, *doubts))
        self._measured.append(Measured(new.left, np.full(len(new), self._number_of(alignment))))
        self._angles.append(StanceAngles(*(unknown,) * 4))

    def _turning(self, readings: StanceReadings) -> BoolArray:
        """Which strides are in a bend, or not far behind one."""
        mean_radps: list[float] = []
        for turn_radps in np.nan_to_num(readings.turn_radps, nan=np.inf).tolist():
            if turn_radps < np.inf:
                self._turn_radps += self._params.turn_memory * (turn_radps - self._turn_radps)
            mean_radps.append(self._turn_radps)
        turning: BoolArray = np.abs(mean_radps) > self._params.turn_radps
        return turning | (readings.bend_deg > self._params.most_bend_pull_deg)

    def _told(self, landings: Landings, alignment: Alignment) -> list[Stride]:
        """The strides of these landings, new ones and corrected ones with a revision of their own."""
        rows = landings.seq
        readings, doubts = self._readings.table.rows(rows), self._worth.table.rows(rows)
        worth = replace(
            doubts,
            trust_in_gait=landings.trust_in_gait,
            error_deg=landings.error_deg,
            missing=landings.missing | readings.missing,
            clipped=landings.clipped | readings.clipped,
            unsure=landings.confidence < UNSETTLED_BELOW,
        )
        angles = measure_stances(self._up.kept, self._stances.table.rows(rows), landings.left, alignment)
        self._worth.table.put(rows, worth)
        self._angles.table.put(rows, angles)
        self._measured.table.left[rows] = landings.left
        told = strides_of(landings, readings, worth, angles, alignment.reference)
        return [stride for one in told if (stride := self._kept(one)) is not None]

    def _kept(self, stride: Stride) -> Stride | None:
        """The stride as it is told: the next revision of one that was; None where it says nothing new."""
        if stride.seq == len(self._strides):
            self._strides.append(stride)
            return stride
        before = self._strides[stride.seq]
        if msgspec.structs.replace(stride, revision=before.revision) == before:
            return None
        self._strides[stride.seq] = stride = msgspec.structs.replace(stride, revision=before.revision + 1)
        return stride

    def _again(self, rows: IndexArray, doubted: BoolArray, alignment: Alignment) -> list[Stride]:
        """The strides that are others with this alignment, or that are doubted otherwise than before."""
        measured = measure_stances(
            self._up.kept, self._stances.table.rows(rows), self._measured.table.left[rows], alignment
        )
        others = np.flatnonzero(doubted | ~_same_angles(measured, self._angles.table.rows(rows)))
        rows, angles = rows[others], measured.rows(others)
        self._angles.table.put(rows, angles)
        worth = self._worth.table.rows(rows)
        columns = (*(known(column) for column in angles.columns), worth.quality(angles).tolist(), worth.flags())
        strides: list[Stride] = []
        for seq, drop_deg, excursion_deg, contact_deg, tilt_deg, quality, flags in zip(
            rows.tolist(), *columns, strict=True
        ):
            before = self._strides[seq]
            stride = msgspec.structs.replace(
                before,
                revision=before.revision + 1,
                pelvic_drop_deg=drop_deg,
                pelvic_drop_excursion_deg=excursion_deg,
                obliquity_at_contact_deg=contact_deg,
                pelvic_tilt_deg=tilt_deg,
                reference=None if excursion_deg is None else alignment.reference,
                quality=quality,
                flags=flags,
            )
            self._strides[seq] = stride
            strides.append(stride)
        return strides


def _alike(one: Alignment, other: Alignment) -> bool:
    """Whether two alignments measure the same angles and are equally sure."""
    if one is other:
        return True
    if one.left_sensor is None or other.left_sensor is None:
        return False
    axes = zip((*one.left_sensor, *one.up_sensor), (*other.left_sensor, *other.up_sensor), strict=True)
    near = all(abs(a - b) < SAME_ANGLE_DEG * RAD_PER_DEG / 2.0 for a, b in axes)
    return near and one.settled is other.settled and one.reference is other.reference


def _same_angles(angles: StanceAngles, told: StanceAngles) -> BoolArray:
    """Whether these are the angles that were told."""
    same = np.ones(len(angles), dtype=bool)
    for now_deg, told_deg in (
        (angles.pelvic_drop_deg, told.pelvic_drop_deg),
        (angles.pelvic_drop_excursion_deg, told.pelvic_drop_excursion_deg),
        (angles.pelvic_tilt_deg, told.pelvic_tilt_deg),
    ):
        same &= (np.abs(now_deg - told_deg) < SAME_ANGLE_DEG) | (np.isnan(now_deg) & np.isnan(told_deg))
    return same
