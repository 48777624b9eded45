"""The drills together: which one it is, is decided from the motion."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from sensorhub.analysis.exercise.band_params import BandWalkParams
from sensorhub.analysis.exercise.band_walk import BandWalk
from sensorhub.analysis.exercise.clamshell_params import ClamshellParams
from sensorhub.analysis.exercise.drill_alignment import DrillAlignment, DrillAlignmentParams
from sensorhub.analysis.exercise.drill_frames import QUANTITIES, DrillFrameParams, DrillFramer, DrillFrames
from sensorhub.analysis.exercise.lever_arm import LeverArm, LeverArmParams
from sensorhub.analysis.exercise.posture import Posture, PostureParams
from sensorhub.analysis.exercise.side_plank import SidePlank, SidePlankParams
from sensorhub.analysis.exercise.standing_clamshell import StandingClamshell
from sensorhub.dsp.tail import Tail
from sensorhub.model.alignment import Alignment
from sensorhub.model.exercise import Announcement, Drill, DrillRep, DrillSet
from sensorhub.model.samples import FloatArray, MotionBlock
from sensorhub.model.status import Activity, ActivitySpan

DrillEvent = DrillRep | DrillSet | ActivitySpan
HISTORY_S = 45.0


@dataclass(frozen=True, slots=True)
class DrillParams:
    """The parameters of its stages."""

    frames: DrillFrameParams = field(default_factory=DrillFrameParams)
    posture: PostureParams = field(default_factory=PostureParams)
    lever_arm: LeverArmParams = field(default_factory=LeverArmParams)
    alignment: DrillAlignmentParams = field(default_factory=DrillAlignmentParams)
    band_walk: BandWalkParams = field(default_factory=BandWalkParams)
    side_plank: SidePlankParams = field(default_factory=SidePlankParams)
    standing_clamshell: ClamshellParams = field(default_factory=ClamshellParams)


class DrillAnalysis:
    """Motion in; steps, repetitions, holds and sets out, each as soon as it is certain and never taken back.

    activity: `auto` looks for all three drills; the name of a drill looks for that one alone, as if it had been
    announced for the whole session; anything else finds none. known: how the sensor sits, from a calibration.
    """

    def __init__(
        self, params: DrillParams = DrillParams(), activity: str = "auto", known: Alignment | None = None
    ) -> None:
        wanted = set(Drill) if activity == "auto" else {drill for drill in Drill if drill == activity}
        self._wanted = wanted
        self._params = params
        self._coming = [Announcement(float("-inf"), drill, None) for drill in wanted if drill == activity]
        self._framer = DrillFramer(params.frames)
        self._posture = Posture(params.posture)
        self._alignment = DrillAlignment(params.alignment)
        self._lever_arm: LeverArm | None = None
        self._tail = Tail(QUANTITIES)  # the rows of the last frames
        self._told: Alignment | None = None
        if known is not None:
            self.tell_left(known, float("-inf"))
        self._upright: FloatArray | None = None
        self._stages: tuple[BandWalk, SidePlank, StandingClamshell] | None = None

    def tell_left(self, alignment: Alignment, known_s: float) -> None:
        """Take how the sensor sits from running, which knew it at known_s of the session."""
        if alignment != self._told and alignment.left_sensor is not None:
            self._told = alignment
            self._alignment.tell_left(np.array(alignment.left_sensor), known_s)

    def announce(self, announcement: Announcement) -> None:
        """Take what the runner is told to do from a later moment on."""
        self._coming.append(announcement)

    def feed(self, block: MotionBlock) -> list[DrillEvent]:
        """Take the next motion."""
        if not self._wanted or not len(block):
            return []
        frames = self._framer.feed(block)
        return [] if frames is None else self._take(frames)

    def _take(self, frames: DrillFrames) -> list[DrillEvent]:
        if self._stages is None or self._lever_arm is None:
            rate_hz = self._framer.frame_rate_hz
            params = self._params
            self._lever_arm = LeverArm(rate_hz, params.lever_arm)
            self._stages = (
                BandWalk(rate_hz, self._alignment, params.band_walk),
                SidePlank(rate_hz, self._alignment, params.side_plank),
                StandingClamshell(self._alignment, params.standing_clamshell),
            )
        events: list[DrillEvent] = []
        for piece, upright in self._posture.feed(frames):
            for part in self._announced_parts(piece):
                events.extend(self._look(part, upright))
        return events

    def finish(self) -> list[DrillEvent]:
        """Look at the last frames, and end the set under way."""
        frames = self._framer.finish()
        events = [] if frames is None else self._take(frames)
        if self._stages is None or self._upright is None:
            return events
        band_walk, side_plank, clamshell = self._stages
        sets: list[DrillRep | DrillSet] = [*band_walk.finish(), *side_plank.finish(self._upright), *clamshell.finish()]
        return [*events, *(event for one in sets for event in self._with_span(one))]

    def _announced_parts(self, frames: DrillFrames) -> Iterator[DrillFrames]:
        """Cut the frames where an announcement comes into force, and tell it the drills at its time."""
        while self._coming and self._stages is not None:
            first = int(np.searchsorted(frames.t_s, self._coming[0].from_s))
            if first == len(frames):
                break
            if first:
                yield frames.cut(0, first)
            frames = frames.cut(first, len(frames))
            announcement = self._coming.pop(0)
            band_walk, _, clamshell = self._stages
            band_walk.announce(announcement)
            clamshell.announce(announcement)
        yield frames

    def _look(self, new: DrillFrames, upright: FloatArray | None) -> list[DrillEvent]:
        if self._stages is None or self._lever_arm is None:
            return []
        self._tail.forget_before(self._tail.end - round(HISTORY_S * self._framer.frame_rate_hz))
        self._tail.append(new.rows)
        frames = DrillFrames(self._tail.kept)
        first = len(frames) - len(new)
        for arm in self._lever_arm.feed(frames, first):
            self._alignment.tell_arm(arm)
        if upright is None:
            return []
        if upright is not self._upright:
            self._alignment.use_upright(upright, float(new.t_s[0]))
            self._upright = upright
        band_walk, side_plank, clamshell = self._stages
        walked, busy = band_walk.feed(frames, first, upright)
        found: list[tuple[int, DrillRep | DrillSet]] = [
            *walked,
            *side_plank.feed(frames, first, upright),
            *clamshell.feed(frames, first, upright, busy),
        ]
        found.sort(key=lambda told: told[0])
        return [event for _, one in found for event in self._with_span(one)]

    def _with_span(self, event: DrillRep | DrillSet) -> list[DrillEvent]:
        if event.drill not in self._wanted:
            return []
        if isinstance(event, DrillRep):
            return [event]
        return [event, ActivitySpan(Activity(event.drill.value), event.start_s, event.end_s)]
