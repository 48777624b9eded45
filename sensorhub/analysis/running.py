"""The run, on one screen: motion -> pelvis -> contacts -> sides -> strides."""

from sensorhub.analysis.alignment import Aligner
from sensorhub.analysis.contact import Contact
from sensorhub.analysis.gait_events import GaitEvents
from sensorhub.analysis.landings import Landings
from sensorhub.analysis.pelvis import PelvisBlock
from sensorhub.analysis.pelvis_tail import PelvisTail
from sensorhub.analysis.stride_book import StrideBook
from sensorhub.model.alignment import Alignment
from sensorhub.model.gait import Stride
from sensorhub.model.samples import MotionBlock
from sensorhub.model.status import ActivitySpan


class RunAnalysis:
    """Takes motion and gives a stride for each stance, once its toe-off is sure.

    A stride comes again with a higher revision when its side or the alignment are known better; at the end all strides
    are measured with the best alignment.
    """

    def __init__(self, known: Alignment | None = None) -> None:
        self._aligner = Aligner(known)  # sensor frame -> pelvis
        self._events = GaitEvents()  # initial contact and toe-off
        self._landings = Landings()  # left or right
        self._tail = PelvisTail()  # the pelvis's last seconds, to measure stances in
        self._book = StrideBook()  # strides, and their corrections
        self._alignment: Alignment | None = None
        self._end_s = float("-inf")

    def feed(self, motion: MotionBlock) -> list[Stride | ActivitySpan]:
        """Take the next samples; give the strides that they complete."""
        return [stride for block in self._aligner.feed(motion) for stride in self._pelvis(block)]

    def finish(self) -> list[Stride | ActivitySpan]:
        """Give what the end of the recording makes sure, and the strides that the best alignment changes."""
        strides = [stride for block in self._aligner.finish() for stride in self._pelvis(block)]
        strides += self._ended()
        best = self._aligner.alignment
        return [*strides, *([] if best is None else self._book.remeasured(best))]

    def _pelvis(self, block: PelvisBlock) -> list[Stride]:
        """Strides of the next samples in pelvis terms; after an open gap the stages with a memory start anew."""
        strides: list[Stride] = []
        if block.t_s[0] > self._end_s + 1.5 / block.rate_hz:
            strides += self._ended()
            self._tail = PelvisTail()
        self._end_s = float(block.t_s[-1])
        if block.alignment is None or block.alignment.left_sensor is None:
            return strides
        self._alignment = block.alignment
        self._tail.feed(block)
        return strides + self._strides(self._events.feed(block))

    def _ended(self) -> list[Stride]:
        return self._strides(self._events.finish())

    def _strides(self, contacts: list[Contact]) -> list[Stride]:
        landings = [landing for contact in contacts for landing in self._landings.feed(contact)]
        return self._book.add(landings, self._tail, self._alignment) if landings and self._alignment else []
