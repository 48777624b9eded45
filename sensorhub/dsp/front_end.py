"""From a sensor's samples to motion: gate, grid, clipping and orientation in a row."""

import math

import msgspec
import numpy as np

from sensorhub.dsp.clipping import Clipping
from sensorhub.dsp.gate import Gate
from sensorhub.dsp.orientation import Orientation
from sensorhub.dsp.resample import Grid, GridBlock
from sensorhub.dsp.rotation import up_in_sensor
from sensorhub.model.samples import ACC, GYR, UP, MotionBlock, SampleBlock
from sensorhub.model.status import Gap

BATCH = 32768  # samples worked on at a time: fewer, longer calls cost less than what falls out of the cache
LEAST_S = 0.03  # of a live stream is gathered first: a sensor that notifies each sample would cost five times more


class FrontEndOutput(msgspec.Struct, frozen=True):
    """Motion on the grid, and the gaps that were closed.

    Inside a block and from one to the next, samples are 1 / rate_hz apart, except that behind an open gap (longer than
    GridParams.longest_bridge_s) a new block starts further on: stages that carry state start anew there.
    """

    motion: list[MotionBlock]
    gaps: list[Gap]


class FrontEnd:
    """Sample blocks in, motion blocks out. Nothing comes out until the rate is known, after 2 s of samples."""

    def __init__(self) -> None:
        self._gate = Gate()
        self._gathered: list[SampleBlock] = []
        self._grid = Grid()
        self._clipping = Clipping()
        self._orientation: Orientation | None = None

    @property
    def rejected_samples(self) -> int:
        """Samples that the gate refused so far."""
        return self._gate.rejected_samples

    def feed(self, block: SampleBlock, wait_until_s: float = -math.inf) -> FrontEndOutput:
        """Take the next samples of the stream; they are held back while all are older than wait_until_s."""
        motion: list[MotionBlock] = []
        for start in range(0, len(block), BATCH):
            passed = self._gate.feed(block.cut(start, start + BATCH))
            if len(passed):
                self._gathered.append(passed)
            if self._gathered and not self._waits(wait_until_s):
                motion.extend(self._from_gathered())
        return self._output(motion)

    def finish(self) -> FrontEndOutput:
        """Return what was still held back."""
        return self._output([*self._from_gathered(), *(self._oriented(part) for part in self._grid.finish())])

    def _waits(self, until_s: float) -> bool:
        """Whether what was gathered is too little to be worked on, or too early."""
        return bool(self._gathered[-1].t_s[-1] < max(self._gathered[0].t_s[0] + LEAST_S, until_s))

    def _from_gathered(self) -> list[MotionBlock]:
        """The motion of what was gathered."""
        gathered, self._gathered = self._gathered, []
        on_grid = self._grid.feed(SampleBlock.joined(gathered)) if gathered else []
        return [self._oriented(part) for part in on_grid]

    def _oriented(self, part: GridBlock) -> MotionBlock:
        rate_hz = self._grid.rate_hz or 0.0
        if self._orientation is None:
            self._orientation = Orientation(rate_hz)
            self._orientation.start(part.acc_mps2, part.gyr_radps)
        elif not part.joins:
            self._orientation.restart()
        vectors = np.empty((3, 3, len(part.t_s)))
        vectors[GYR], vectors[ACC] = part.gyr_radps.T, part.acc_mps2.T
        vectors[UP] = up_in_sensor(self._orientation.feed(part.acc_mps2, part.gyr_radps, part.missing))
        return MotionBlock(rate_hz, part.t_s, vectors, part.missing, self._clipping.feed(vectors[:UP]))

    def _output(self, motion: list[MotionBlock]) -> FrontEndOutput:
        gaps, self._grid.gaps = self._grid.gaps, []
        return FrontEndOutput([block for block in motion if len(block)], gaps)
