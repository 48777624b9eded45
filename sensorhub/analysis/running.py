"""The run, on one screen: motion -> pelvis -> contacts -> sides -> strides."""

import math
from typing import Final

from sensorhub.analysis.alignment.aligner import Aligner
from sensorhub.analysis.alignment.pelvis import PelvisBlock
from sensorhub.analysis.gait.activity import ActivityTimeline
from sensorhub.analysis.gait.contact import NO_CONTACTS, Contacts
from sensorhub.analysis.gait.gait_events import GaitEvents
from sensorhub.analysis.gait.landings import LandingOrder
from sensorhub.analysis.gait.pelvis_tail import PelvisTail
from sensorhub.analysis.gait.stride_book import StrideBook
from sensorhub.model.alignment import Alignment
from sensorhub.model.gait import Stride
from sensorhub.model.samples import MotionBlock
from sensorhub.model.status import ActivitySpan

SETTLED_AFTER_S: Final = 25.0  # the aligner holds samples back for 20 s and looks at windows of 4 s

SOONEST_S: Final = 0.3
"""From one toe-off of running until the next is told: a step of 0.28 s (214 a minute) and what telling takes at least.

It was 0.37 s at least (n = 3086). In a sprint of 300 steps a minute a stride is told 80 ms late for it.
"""


class RunAnalysis:
    """Takes motion and gives a stride for each stance, once its toe-off is sure.

    A stride comes again with a higher revision when its side or the alignment are known better; at the end all strides
    are measured with the best alignment. no_stride_before_s: samples before it complete no further stride; -inf where
    that cannot be told.
    """

    def __init__(self, known: Alignment | None = None) -> None:
        self._aligner = Aligner(known)  # sensor frame -> pelvis
        self._tail = PelvisTail()  # the pelvis's last seconds, which steps and stances are looked up in
        self._events = GaitEvents()  # initial contact and toe-off
        self._landings = LandingOrder()  # left or right
        self._book = StrideBook()  # strides, and their corrections
        self._timeline = ActivityTimeline()  # run, walk, stand or other
        self._alignment: Alignment | None = None
        self._end_s = float("-inf")
        self._settled: list[tuple[Alignment, float]] = []
        """Alignments that became sure and are not told yet, and when each was known, whatever the cut."""
        self.no_stride_before_s = -math.inf

    def feed(self, motion: MotionBlock) -> list[Stride | ActivitySpan]:
        """Take the next samples; give the strides that they complete and the activities that they end."""
        return [event for block in self._aligner.feed(motion) for event in self._pelvis(block)]

    def settled(self) -> list[tuple[Alignment, float]]:
        """Each alignment that became sure since the last call, and the session time from which others may know it."""
        told, self._settled = self._settled, []
        return told

    def finish(self) -> list[Stride | ActivitySpan]:
        """Give what the end of the recording makes sure, and the strides that the best alignment changes."""
        events = [event for block in self._aligner.finish() for event in self._pelvis(block)]
        events += self._ended()
        best = self._aligner.alignment
        return [*events, *([] if best is None else self._book.remeasured(best))]

    def _pelvis(self, block: PelvisBlock) -> list[Stride | ActivitySpan]:
        """Take the next samples with their alignment; after an open gap the stages with a memory start anew."""
        events: list[Stride | ActivitySpan] = []
        t_s = block.motion.t_s
        if t_s[0] > self._end_s + 1.5 / block.motion.rate_hz:
            events += self._ended()
            self._tail, self._events, self._timeline = PelvisTail(), GaitEvents(), ActivityTimeline()
        self._end_s = float(t_s[-1])
        contacts = NO_CONTACTS
        if block.alignment is not None and block.alignment.left_sensor is not None:
            if block.alignment.settled and block.alignment != self._alignment:
                self._settled.append((block.alignment, float(t_s[0]) + SETTLED_AFTER_S))
            self._alignment = block.alignment
            self._tail.feed(block)
            contacts = self._events.feed(self._tail)
        return [*events, *self._strides(contacts), *self._timeline.feed(block, contacts)]

    def _ended(self) -> list[Stride | ActivitySpan]:
        return [*self._strides(self._events.finish(self._tail)), *self._timeline.finish()]

    def _strides(self, contacts: Contacts) -> list[Stride]:
        if not len(contacts) or self._alignment is None:
            return []
        self.no_stride_before_s = float(contacts.toe_off_s[-1]) + SOONEST_S if contacts.running[-1] else -math.inf
        return self._book.add(self._landings.feed(contacts), self._tail, self._alignment)
