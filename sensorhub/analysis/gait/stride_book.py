"""Measures each landing as it comes, and all of them again when the alignment is known better."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sensorhub.analysis.gait.pelvic_drop import StanceAngles, measure_stances
from sensorhub.analysis.gait.pelvis_tail import PelvisTail, StanceReading
from sensorhub.analysis.gait.strides import Doubts, Landing, Own, assembled, own_of, stance_span, told_again
from sensorhub.model.alignment import Alignment
from sensorhub.model.gait import Side, Stride
from sensorhub.model.units import RAD_PER_DEG

SAME_ANGLE_DEG = 0.02
"""A correction smaller than this, a tenth of what vqf is off by, is not worth a record."""

USUAL_DOUBTS = {
    (turning, unsettled): Doubts(turning=turning, slipped=False, unsettled=unsettled)
    for turning in (False, True)
    for unsettled in (False, True)
}


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


@dataclass(slots=True)
class _Entry:
    reading: StanceReading | None
    alignment: Alignment
    doubts: Doubts
    told_doubts: Doubts | None = None
    stride: Stride | None = None
    own: Own | None = None


class StrideBook:
    """Every landing of the session with what was read for it, so that it can be measured again."""

    def __init__(self, params: StrideBookParams = StrideBookParams()) -> None:
        self._params = params
        self._entries: list[_Entry] = []
        self._turn_radps = 0.0
        self._alignment: Alignment | None = None

    def add(self, landings: Sequence[Landing], tail: PelvisTail, alignment: Alignment) -> list[Stride]:
        """The strides of these landings, new and corrected ones, and those that a new alignment calls into doubt."""
        strides = self._after_change(alignment, tail.end_s)
        new = new_landings(landings, len(self._entries))
        for reading in tail.read([stance_span(landing) for landing in new]):
            self._entries.append(_Entry(reading, alignment, self._doubts(reading, alignment)))
        return strides + self._measured(landings, alignment)

    def remeasured(self, alignment: Alignment) -> list[Stride]:
        """The strides of this alignment's mounting that look different with it."""
        mounted = [entry for entry in self._entries if entry.alignment.mounting == alignment.mounting]
        known = {id(entry.alignment): entry.alignment for entry in mounted}
        alike = {key: _alike(one, alignment) for key, one in known.items()}
        entries = [entry for entry in mounted if not alike[id(entry.alignment)]]
        for entry in entries:
            entry.alignment = alignment
            if entry.doubts.unsettled is alignment.settled:
                entry.doubts = entry.doubts._replace(unsettled=not alignment.settled)
        return self._again(entries, alignment)

    def _after_change(self, alignment: Alignment, now_s: float) -> list[Stride]:
        """What a slip of the clip, or knowing the heading for sure, says about the strides before."""
        before, self._alignment = self._alignment, alignment
        if before is None or before is alignment:
            return []
        if alignment.mounting == before.mounting:
            return self.remeasured(alignment) if alignment.settled and not before.settled else []
        strides = self.remeasured(before)
        since_s = now_s - self._params.slip_s
        slipped = [entry for entry in self._entries if entry.stride and entry.stride.initial_contact_s > since_s]
        for entry in slipped:
            entry.doubts = entry.doubts._replace(slipped=True)
        return strides + self._again(slipped, before)

    def _doubts(self, reading: StanceReading | None, alignment: Alignment) -> Doubts:
        params = self._params
        if reading is not None:
            self._turn_radps += params.turn_memory * (reading.turn_radps - self._turn_radps)
        pulled = reading is not None and reading.bend_pull_deg > params.most_bend_pull_deg
        turning = pulled or abs(self._turn_radps) > params.turn_radps
        return USUAL_DOUBTS[turning, not alignment.settled]

    def _measured(self, landings: Sequence[Landing], alignment: Alignment) -> list[Stride]:
        """The strides of these landings, new ones and corrected ones with a revision of their own."""
        entries = [self._entries[landing.seq] for landing in landings]
        angles = _angles(entries, [landing.belief.side for landing in landings], alignment)
        strides: list[Stride] = []
        for landing, entry, angle in zip(landings, entries, angles, strict=True):
            before, entry.told_doubts = entry.stride, entry.doubts
            own = own_of(landing, entry.reading)
            stride = assembled(landing, entry.reading, own, angle, entry.doubts)
            if before is not None:
                stride = replace(stride, revision=before.revision + 1)
                if stride == replace(before, revision=stride.revision):
                    continue
            entry.stride, entry.own = stride, own
            strides.append(stride)
        return strides

    def _again(self, entries: Sequence[_Entry], alignment: Alignment) -> list[Stride]:
        """The strides that were told and are others with this alignment and today's doubts."""
        told = [(entry, entry.stride, entry.own) for entry in entries if entry.stride and entry.own]
        angles = _angles([entry for entry, _, _ in told], [before.side for _, before, _ in told], alignment)
        strides: list[Stride] = []
        for (entry, before, own), angle in zip(told, angles, strict=True):
            if entry.doubts is entry.told_doubts and _same_angles(angle, before):
                continue
            entry.told_doubts = entry.doubts
            stride = told_again(before, own, angle, entry.doubts)
            if stride != before:
                entry.stride = replace(stride, revision=before.revision + 1)
                strides.append(entry.stride)
        return strides


def new_landings(landings: Sequence[Landing], first_seq: int) -> list[Landing]:
    """The landings from this number on, each once as it came first, in the order of their numbers.

    A landing may come again, corrected, and then out of turn; an entry's place in the book is its landing's number, and
    what is read for it is what a live session read when it first came.
    """
    first: dict[int, Landing] = {}
    for landing in landings:
        if landing.seq >= first_seq:
            first.setdefault(landing.seq, landing)
    return [first[seq] for seq in sorted(first)]


def _angles(entries: Sequence[_Entry], sides: Sequence[Side], alignment: Alignment) -> list[StanceAngles | None]:
    """The angles of each stance that was read, measured all at once."""
    known = [(place, entry.reading.motion) for place, entry in enumerate(entries) if entry.reading is not None]
    measured = measure_stances([motion for _, motion in known], [sides[place] for place, _ in known], alignment)
    angles: list[StanceAngles | None] = [None] * len(entries)
    for (place, _), angle in zip(known, measured, strict=True):
        angles[place] = angle
    return angles


def _alike(one: Alignment, other: Alignment) -> bool:
    """Whether two alignments measure the same angles and are equally sure."""
    if one is other:
        return True
    if one.left_sensor is None or other.left_sensor is None:
        return False
    axes = zip((*one.left_sensor, *one.up_sensor), (*other.left_sensor, *other.up_sensor), strict=True)
    near = all(abs(a - b) < SAME_ANGLE_DEG * RAD_PER_DEG / 2.0 for a, b in axes)
    return near and one.settled is other.settled and one.reference is other.reference


def _same_angles(angles: StanceAngles | None, before: Stride) -> bool:
    """Whether these are the angles that were told."""
    if angles is None:
        return before.reference is None
    return (
        angles.reference is before.reference
        and _near(angles.pelvic_drop_deg, before.pelvic_drop_deg)
        and _near(angles.pelvic_drop_excursion_deg, before.pelvic_drop_excursion_deg)
        and _near(angles.pelvic_tilt_deg, before.pelvic_tilt_deg)
    )


def _near(angle_deg: float | None, before_deg: float | None) -> bool:
    if angle_deg is None or before_deg is None:
        return angle_deg is before_deg
    return abs(angle_deg - before_deg) < SAME_ANGLE_DEG
