"""Measures each landing as it comes, and all of them again when the alignment is known better."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sensorhub.analysis.pelvic_drop import StanceAngles, measure_stances
from sensorhub.analysis.pelvis_tail import PelvisTail, StanceReading, StanceSpan
from sensorhub.analysis.strides import Doubts, Landing, assembled
from sensorhub.model.alignment import Alignment
from sensorhub.model.gait import Stride


@dataclass(frozen=True, slots=True)
class StrideBookParams:
    """What raises a doubt and what it leaves of the quality.

    turn_radps: mean turn over some strides that counts as a bend, a lean of 1.6 deg at 3.5 m/s; turn_memory: share of
    the newest stride in that mean. slip_s: how long before it is noticed the clip may have slipped.
    """

    turn_radps: float = 0.08
    turn_memory: float = 0.3
    slip_s: float = 10.0
    turning: float = 0.6
    slipped: float = 0.25
    unsettled: float = 0.6


@dataclass(slots=True)
class _Entry:
    landing: Landing
    reading: StanceReading | None
    mounting: int
    doubts: Doubts
    stride: Stride | None = None


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
        new = [landing for landing in landings if landing.revision == 0]
        spans = [StanceSpan(x.contact.initial_contact_s, x.contact.toe_off_s, x.times.stride_start_s) for x in new]
        for landing, reading in zip(new, tail.read(spans), strict=True):
            self._entries.append(_Entry(landing, reading, alignment.mounting, self._doubts(reading, alignment)))
        for landing in landings:
            self._entries[landing.seq].landing = landing
        return strides + self._measured([self._entries[landing.seq] for landing in landings], alignment)

    def remeasured(self, alignment: Alignment) -> list[Stride]:
        """The strides of this alignment's mounting that look different with it."""
        entries = [entry for entry in self._entries if entry.mounting == alignment.mounting]
        for entry in entries:
            entry.doubts = replace(entry.doubts, unsettled=not alignment.settled)
        return self._measured(entries, alignment)

    def _after_change(self, alignment: Alignment, now_s: float) -> list[Stride]:
        """What a slip of the clip, or knowing the heading for sure, says about the strides before."""
        before, self._alignment = self._alignment, alignment
        if before is None or before is alignment:
            return []
        if alignment.mounting == before.mounting:
            return self.remeasured(alignment) if alignment.settled and not before.settled else []
        strides = self.remeasured(before)
        slipped = [e for e in self._entries if e.landing.contact.initial_contact_s > now_s - self._params.slip_s]
        for entry in slipped:
            entry.doubts = replace(entry.doubts, slipped=True)
        return strides + self._measured(slipped, before)

    def _doubts(self, reading: StanceReading | None, alignment: Alignment) -> Doubts:
        params = self._params
        if reading is not None:
            self._turn_radps += params.turn_memory * (reading.turn_radps - self._turn_radps)
        turning = abs(self._turn_radps) > params.turn_radps
        return Doubts(turning=turning, slipped=False, unsettled=not alignment.settled)

    def _measured(self, entries: Sequence[_Entry], alignment: Alignment) -> list[Stride]:
        """The strides of these entries where they are new or changed, each change with a revision of its own."""
        known = [entry for entry in entries if entry.reading is not None]
        motions = [entry.reading.motion for entry in known if entry.reading is not None]
        sides = [entry.landing.side for entry in known]
        angles = dict(zip(map(id, known), measure_stances(motions, sides, alignment), strict=True))
        strides: list[Stride] = []
        for entry in entries:
            stride = self._assembled(entry, angles.get(id(entry)))
            if stride != entry.stride:
                revision = 0 if entry.stride is None else entry.stride.revision + 1
                entry.landing = replace(entry.landing, revision=revision)
                entry.stride = replace(stride, revision=revision)
                strides.append(entry.stride)
        return strides

    def _assembled(self, entry: _Entry, angles: StanceAngles | None) -> Stride:
        doubts, params = entry.doubts, self._params
        quality = entry.landing.quality
        quality *= params.turning if doubts.turning else 1.0
        quality *= params.slipped if doubts.slipped else 1.0
        quality *= params.unsettled if doubts.unsettled else 1.0
        return assembled(entry.landing, entry.reading, angles, doubts, quality)
