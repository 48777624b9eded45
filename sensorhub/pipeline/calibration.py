"""Calibration on purpose: stand, then jog; what comes of it is an Alignment to keep for the clip. Pure."""

from sensorhub.analysis.alignment.aligner import Aligner
from sensorhub.dsp.front_end import FrontEnd, FrontEndOutput
from sensorhub.model.alignment import Alignment
from sensorhub.model.gait import Reference
from sensorhub.model.samples import SampleBlock


class Calibration:
    """Samples in; `alignment` is there once standing was seen and the heading is sure."""

    def __init__(self) -> None:
        self._front_end = FrontEnd()
        self._aligner = Aligner()
        self.alignment: Alignment | None = None

    @property
    def stood(self) -> bool:
        """Whether quiet standing was seen."""
        return self._aligner.has_stood

    def feed(self, block: SampleBlock) -> None:
        """Take the next samples."""
        self._watch(self._front_end.feed(block))

    def finish(self) -> None:
        """Take what is still on its way."""
        self._watch(self._front_end.finish())

    def _watch(self, output: FrontEndOutput) -> None:
        for motion in output.motion:
            self._aligner.feed(motion)
            best = self._aligner.alignment
            if best is not None and best.settled and best.reference is Reference.STANDING:
                self.alignment = best
