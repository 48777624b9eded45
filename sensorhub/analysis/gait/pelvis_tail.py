"""The newest seconds of the pelvis's motion, which steps and stances are looked up in, by sample number."""

import numpy as np

from sensorhub.analysis.alignment.pelvis import HIPS_AHEAD_M, PelvisBlock, pelvis_signals
from sensorhub.analysis.gait.bends import BendPull
from sensorhub.analysis.gait.oscillation import Rise
from sensorhub.dsp.running_sum import RunningSum
from sensorhub.dsp.smoothing import hann_weights, smoothed
from sensorhub.dsp.tail import Tail, between
from sensorhub.model.alignment import Alignment
from sensorhub.model.samples import FloatArray

VERTICAL, FORWARD, ROLL, PITCH, YAW, OBLIQUITY, TILT = range(7)
UP, MISSING, CLIPPED = slice(7, 10), 10, 11
ROUGHNESS, PULL, HEADING, SPEED, HEIGHT, MIDDLE, BOUNCE = range(12, 19)
MOTION, SIGNALS, SINES, LACKS, RISE = slice(0, 5), slice(1, 7), slice(5, 7), slice(10, 13), slice(15, 17)

FINE_HALF_WIDTH_S = 0.04
"""Smoothing over this keeps what is slower than some 15 Hz."""

BOUNCE_HALF_WIDTH_S = 0.10
"""Smoothing over this keeps the step frequency and little of its overtones."""


class PelvisTail:
    """Keeps the last seconds of pelvis blocks, which follow each other on one grid.

    As they come: VERTICAL: acceleration without gravity, m/s2. UP: the earth's up in the sensor frame. MISSING,
    CLIPPED: 1 where a sample was.
    Derived: FORWARD: as VERTICAL. ROLL, PITCH, YAW: rates, rad/s. OBLIQUITY, TILT: sines. ROUGHNESS: squared second
    difference of VERTICAL, (m/s2)2. PULL: how far a bend may have pulled the inclination off, rad. HEADING: since the
    start, rad. SPEED, HEIGHT: the `Rise` of the sensor; MIDDLE: that height for the middle of the pelvis, m. BOUNCE:
    VERTICAL, smoothed, `bounce_reach` samples behind the rest.
    """

    def __init__(self, kept_s: float = 6.0) -> None:
        self.rate_hz = 0.0
        self._kept_s = kept_s
        self._grid_start_s = 0.0
        self._tail = Tail(BOUNCE + 1)
        self._alignment: Alignment | None = None
        self._vectors: list[FloatArray] = []  # of the samples from which SIGNALS are still to be derived
        self._derived = 0  # the sample from which on what is derived, BOUNCE apart, is still to be written
        self._bounces = 0  # and that for BOUNCE
        self.bounce_reach = 0

    def feed(self, block: PelvisBlock) -> None:
        """Add samples; what is older than `kept_s` before them is let go of."""
        if not len(block):
            return
        motion = block.motion
        if not self.rate_hz:
            self._begin(motion.rate_hz, float(motion.t_s[0]))
        if block.alignment is not self._alignment or self.end - self._derived > self.rate_hz:
            self._derive()
        self._alignment = block.alignment
        self._tail.forget_before(self.end - round(self._kept_s * self.rate_hz))
        new = self._tail.extended(len(block))
        new[VERTICAL], new[UP] = block.vertical_mps2, motion.up
        new[MISSING], new[CLIPPED] = motion.missing, motion.clipped
        self._vectors.append(motion.vectors)
        self._smooth(self.end - self.bounce_reach)

    def finish(self) -> None:
        """The rest of BOUNCE, as if the motion stood still after the newest sample."""
        self._smooth(self.end)

    def _begin(self, rate_hz: float, grid_start_s: float) -> None:
        self.rate_hz, self._grid_start_s = rate_hz, grid_start_s
        self._bend_pull, self._heading, self._rise = BendPull(rate_hz), RunningSum(), Rise(rate_hz)
        self._fine_weights = hann_weights(rate_hz, FINE_HALF_WIDTH_S)
        self._bounce_weights = hann_weights(rate_hz, BOUNCE_HALF_WIDTH_S)
        self.fine_reach, self.bounce_reach = len(self._fine_weights) // 2, len(self._bounce_weights) // 2

    def _smooth(self, stop: int) -> None:
        """Write BOUNCE up to a sample."""
        if stop > self._bounces:
            self._tail.kept[BOUNCE, self._bounces - self.start : stop - self.start] = self._smoothed(
                VERTICAL, self._bounce_weights, self._bounces, stop
            )
            self._bounces = stop

    def _smoothed(self, signals: int | slice, weights: FloatArray, first: int, stop: int) -> FloatArray:
        """Signals from a sample to before another; motion stood still before the stream's start and after its end."""
        reach = len(weights) // 2
        begin = max(first - reach, self.start)
        around = self._tail.kept[signals, begin - self.start : stop + reach - self.start]
        return smoothed(around, weights)[..., first - begin : stop - begin]

    def _derive(self) -> None:
        """Write what is derived for the samples that came since: few calls for many, as it is looked up rarely."""
        if self._derived == self.end:
            return
        kept, first, self._derived = self._tail.kept, self._derived - self.start, self.end
        new = kept[:, first:]
        vectors = self._vectors[0] if len(self._vectors) == 1 else np.concatenate(self._vectors, axis=2)
        new[SIGNALS] = pelvis_signals(vectors, self._alignment)
        self._vectors = []
        bend = np.diff(kept[VERTICAL, max(first - 2, 0) :], 2)
        new[ROUGHNESS] = 0.0  # as is the stream's first two samples'
        new[ROUGHNESS, new.shape[1] - len(bend) :] = bend * bend
        new[PULL], new[HEADING] = self._bend_pull.feed(new[YAW]), self._heading.feed(new[YAW] / self.rate_hz)
        new[SPEED], new[HEIGHT] = self._rise.feed(new[VERTICAL])
        new[MIDDLE] = new[HEIGHT] - HIPS_AHEAD_M * new[TILT]

    @property
    def start(self) -> int:
        """The number of the oldest sample that is kept."""
        return self._tail.start

    @property
    def end(self) -> int:
        """The number of the sample that comes next."""
        return self._tail.end

    @property
    def kept(self) -> FloatArray:
        """All signals from the oldest sample that is kept, shape (19, n); not yet all of BOUNCE."""
        self._derive()
        return self._tail.kept

    @property
    def bounce(self) -> FloatArray:
        """BOUNCE from the oldest sample that is kept, as far as it is known."""
        return self._tail.kept[BOUNCE, : self._bounces - self.start]

    def fine(self, places: FloatArray) -> FloatArray:
        """MOTION, smoothed, and SINES at fractional sample numbers `fine_reach` and more before the end; (7, ...)."""
        self._derive()
        first = max(int(places.min()), self.start)
        stop = min(max(int(places.max()) + 2, first + 1), self.end)
        motion = self._smoothed(MOTION, self._fine_weights, first, stop)
        sines = self._tail.kept[SINES, first - self.start : stop - self.start]
        return between(np.concatenate((motion, sines)), places - first)

    def places(self, times_s: FloatArray) -> FloatArray:
        """The fractional sample numbers of times."""
        # The grid's own start makes these the same to the last bit however the stream is cut.
        return (times_s - self._grid_start_s) * self.rate_hz

    def times_s(self, places: FloatArray) -> FloatArray:
        """The times of fractional sample numbers."""
        return self._grid_start_s + places / self.rate_hz
