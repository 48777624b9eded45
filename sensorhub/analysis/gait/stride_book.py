"""Measures each landing as it comes, and all of them again when the alignment is known better."""

import math
from dataclasses import dataclass

import msgspec
import numpy as np

from sensorhub.analysis.gait.landings import Landings
from sensorhub.analysis.gait.pelvic_drop import StanceAngles, measure_stances
from sensorhub.analysis.gait.pelvis_tail import PelvisTail
from sensorhub.analysis.gait.stance_readings import StanceReadings, read_stances
from sensorhub.analysis.gait.strides import CLIPPED, GAP, SLIP, TURN, UNSETTLED, UNSURE, Entries, known, strides_of
from sensorhub.dsp.table import GrowingTable
from sensorhub.dsp.tail import Tail
from sensorhub.model.alignment import Alignment
from sensorhub.model.gait import Stride
from sensorhub.model.samples import BoolArray, IndexArray
from sensorhub.model.units import RAD_PER_DEG

SURE_FROM = 0.9
"""A side that is believed less than this is flagged."""

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


class StrideBook:
    """Every landing of the session with what was read for it, so that it can be measured again; seq is its row."""

    def __init__(self, params: StrideBookParams = StrideBookParams()) -> None:
        self._params = params
        self._up = Tail(3)
        self._entries = GrowingTable(Entries)
        self._strides: list[Stride] = []
        self._alignment: Alignment | None = None
        self._alignments: list[Alignment] = []
        """Those that stances were measured with; `Entries.alignment` counts them."""
        self._turn_radps = 0.0

    def add(self, landings: Landings, tail: PelvisTail, alignment: Alignment) -> list[Stride]:
        """The strides of these landings, new and corrected ones, and those that a new alignment calls into doubt."""
        # A landing that comes again is measured in what was read for it when it came first, as in a live session.
        new = landings.rows(~landings.again)
        strides = self._after_change(alignment, new)
        if len(new):
            self._enter(new, tail, alignment)
        return strides + self._told(landings, alignment)

    def remeasured(self, alignment: Alignment) -> list[Stride]:
        """The strides of this alignment's mounting that look different with it."""
        if not self._strides:
            return []
        others = [one.mounting == alignment.mounting and not _alike(one, alignment) for one in self._alignments]
        entries = self._entries.table
        rows = np.flatnonzero(np.array(others, dtype=bool)[entries.alignment])
        doubts = entries.doubts[rows] & ~UNSETTLED | UNSETTLED * (not alignment.settled)
        entries.alignment[rows] = self._number_of(alignment)
        return self._again(rows, doubts, alignment)

    def _after_change(self, alignment: Alignment, new: Landings) -> list[Stride]:
        """What a slip of the clip, or knowing the heading for sure, says about the strides before the new landings."""
        before, self._alignment = self._alignment, alignment
        if before is None or before is alignment:
            return []
        if alignment.mounting == before.mounting:
            return self.remeasured(alignment) if alignment.settled and not before.settled else []
        strides = self.remeasured(before)
        since_s = float(new.initial_contact_s[0]) - self._params.slip_s
        late = np.array([stride.initial_contact_s > since_s for stride in self._strides])
        rows = np.flatnonzero(late & (self._entries.table.doubts & SLIP == 0))
        return strides + self._again(rows, self._entries.table.doubts[rows] | SLIP, before)

    def _number_of(self, alignment: Alignment) -> int:
        """The place of this alignment among those that were used."""
        if not self._alignments or self._alignments[-1] != alignment:
            self._alignments.append(alignment)
        return len(self._alignments) - 1

    def _enter(self, new: Landings, tail: PelvisTail, alignment: Alignment) -> None:
        """Read what is there for new landings, and note what makes them doubtful."""
        stances, up_sensor, readings = read_stances(
            tail, new.initial_contact_s, new.toe_off_s, new.contact_before_s, new.toe_off_before_s
        )
        doubts = GAP * (new.missing | readings.missing) | CLIPPED * (new.clipped | readings.clipped)
        doubts |= TURN * self._turning(readings) | UNSETTLED * (not alignment.settled)
        self._entries.append(
            Entries(
                first=self._up.end + stances.first,
                samples=stances.samples,
                contact_place=stances.contact_place,
                toe_off_place=stances.toe_off_place,
                left=new.left,
                alignment=np.full(len(new), self._number_of(alignment)),
                trust_in_gait=new.trust_in_gait,
                error_deg=new.error_deg,
                bend_deg=readings.bend_deg,
                rotation_range_deg=readings.rotation_range_deg,
                vertical_oscillation_m=readings.vertical_oscillation_m,
                doubts=doubts,
            )
        )
        self._up.append(up_sensor)

    def _turning(self, readings: StanceReadings) -> BoolArray:
        """Which strides are in a bend, or not far behind one."""
        mean_radps: list[float] = []
        for turn_radps in readings.turn_radps.tolist():
            if not math.isnan(turn_radps):
                self._turn_radps += self._params.turn_memory * (turn_radps - self._turn_radps)
            mean_radps.append(self._turn_radps)
        turning: BoolArray = np.abs(mean_radps) > self._params.turn_radps
        return turning | (readings.bend_deg > self._params.most_bend_pull_deg)

    def _told(self, landings: Landings, alignment: Alignment) -> list[Stride]:
        """The strides of these landings, new ones and corrected ones with a revision of their own."""
        rows, table = landings.seq, self._entries.table
        doubts = table.doubts[rows] & ~UNSURE | UNSURE * (landings.confidence < SURE_FROM)
        table.left[rows], table.doubts[rows] = landings.left, doubts
        # A landing may be told more than once here, each time as it looked then.
        entries = msgspec.structs.replace(table.rows(rows), left=landings.left, doubts=doubts)
        angles = measure_stances(self._up.kept, entries, landings.left, alignment)
        return self._kept(strides_of(landings, entries, angles, alignment.reference))

    def _kept(self, told: list[Stride]) -> list[Stride]:
        """The strides as they are told: the next revision of one that was, and none that says nothing new."""
        news: list[Stride] = []
        for stride in told:
            if stride.seq == len(self._strides):
                self._strides.append(stride)
                news.append(stride)
                continue
            before = self._strides[stride.seq]
            if msgspec.structs.replace(stride, revision=before.revision) != before:
                self._strides[stride.seq] = msgspec.structs.replace(stride, revision=before.revision + 1)
                news.append(self._strides[stride.seq])
        return news

    def _again(self, rows: IndexArray, doubts: IndexArray, alignment: Alignment) -> list[Stride]:
        """The strides that are others with this alignment, or that are doubted otherwise than before."""
        table = self._entries.table
        doubted = doubts != table.doubts[rows]
        table.doubts[rows] = doubts
        entries, before = table.rows(rows), [self._strides[seq] for seq in rows.tolist()]
        angles = measure_stances(self._up.kept, entries, entries.left, alignment)
        others = doubted | ~_same_angles(angles, before)
        columns = (before, others.tolist(), *known(*angles.columns), entries.quality(angles), entries.flags())
        strides: list[Stride] = []
        for stride, other, drop_deg, excursion_deg, contact_deg, tilt_deg, quality, flags in zip(*columns, strict=True):
            if other:
                self._strides[stride.seq] = msgspec.structs.replace(
                    stride,
                    revision=stride.revision + 1,
                    pelvic_drop_deg=drop_deg,
                    pelvic_drop_excursion_deg=excursion_deg,
                    obliquity_at_contact_deg=contact_deg,
                    pelvic_tilt_deg=tilt_deg,
                    reference=None if excursion_deg is None else alignment.reference,
                    quality=quality,
                    flags=flags,
                )
                strides.append(self._strides[stride.seq])
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


def _same_angles(angles: StanceAngles, told: list[Stride]) -> BoolArray:
    """Whether these are the angles that were told."""
    told_deg = [(one.pelvic_drop_deg, one.pelvic_drop_excursion_deg, one.pelvic_tilt_deg) for one in told]
    before_deg = np.array(told_deg, dtype=np.float64).reshape(-1, 3).T  # None becomes NaN
    now_deg = np.array((angles.pelvic_drop_deg, angles.pelvic_drop_excursion_deg, angles.pelvic_tilt_deg))
    same = (np.abs(now_deg - before_deg) < SAME_ANGLE_DEG) | (np.isnan(now_deg) & np.isnan(before_deg))
    alike: BoolArray = np.logical_and.reduce(same)
    return alike
