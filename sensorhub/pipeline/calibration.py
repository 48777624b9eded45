"""Calibration on purpose: stand, then jog; what comes of it is an Alignment to keep for the clip. Pure."""

import numpy as np

from sensorhub.analysis.alignment.aligner import Aligner
from sensorhub.analysis.alignment.quiet import QuietStanding
from sensorhub.dsp.front_end import FrontEnd, FrontEndOutput
from sensorhub.model.alignment import Alignment
from sensorhub.model.gait import Reference
from sensorhub.model.samples import ACC, GYR, UP, MotionBlock, SampleBlock


class Calibration:
    """Samples in; `alignment` is there once standing was seen and the heading is sure."""

    def __init__(self) -> None:
        self._front_end = FrontEnd()
        self._aligner = Aligner()
        self._quiet = QuietStanding()
        self._second = np.empty((2, 3, 0))
        self.alignment: Alignment | None = None

    @property
    def stood(self) -> bool:
        """Whether quiet standing was seen."""
        return bool(self._quiet.stretches)

    def feed(self, block: SampleBlock) -> None:
        """Take the next samples."""
        self._watch(self._front_end.feed(block))

    def finish(self) -> None:
        """Take what is still on its way."""
        self._watch(self._front_end.finish())

    def _watch(self, output: FrontEndOutput) -> None:
        for motion in output.motion:
            self._look_for_quiet(motion)
            self._aligner.feed(motion)
            best = self._aligner.alignment
            if best is not None and best.settled and best.reference is Reference.STANDING:
                self.alignment = best

    def _look_for_quiet(self, motion: MotionBlock) -> None:
        size = round(motion.rate_hz)
        self._second = np.concatenate((self._second, motion.vectors[:UP]), axis=2)
        while self._second.shape[2] >= size:
            self._quiet.feed(self._second[ACC, :, :size].T, self._second[GYR, :, :size].T)
            self._second = self._second[:, :, size:]
