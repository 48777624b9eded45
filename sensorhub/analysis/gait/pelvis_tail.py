"""The newest seconds of the pelvis's motion, which steps and stances are looked up in, by sample number."""

import numpy as np

from sensorhub.analysis.alignment.pelvis import PelvisBlock
from sensorhub.analysis.gait.bends import BendPull
from sensorhub.dsp.smoothing import hann_weights, smoothed
from sensorhub.dsp.tail import Tail, between
from sensorhub.model.samples import FloatArray

VERTICAL, FORWARD, ROLL, PITCH, YAW, OBLIQUITY, TILT, PULL, TIME = range(9)
MISSING, CLIPPED, ROUGHNESS = range(9, 12)
MOTION, SINES, COUNTS, UP = slice(0, 5), slice(5, 7), slice(9, 12), slice(12, 15)

FINE_HALF_WIDTH_S = 0.04
"""Smoothing over this keeps what is slower than some 15 Hz."""


class PelvisTail:
    """Keeps the last seconds of pelvis blocks, which follow each other on one grid.

    VERTICAL, FORWARD: acceleration without gravity, m/s2. ROLL, PITCH, YAW: rates, rad/s. OBLIQUITY, TILT: sines. PULL:
    how far a bend may have pulled the inclination off, rad. TIME in s. MISSING, CLIPPED: how many samples were, and
    ROUGHNESS: the sum of the squared second differences of the vertical acceleration, (m/s2)2, all since the start. UP:
    the earth's up in the sensor frame.
    """

    def __init__(self, kept_s: float = 6.0) -> None:
        self.rate_hz = 0.0
        self._kept_s = kept_s
        self._grid_start_s = 0.0
        self._tail = Tail(UP.stop)
        self._bend_pull: BendPull | None = None
        self._fine_weights = np.ones(1)
        self._derived = 0  # the sample from which on PULL and COUNTS are still to be written

    def feed(self, block: PelvisBlock) -> None:
        """Add samples; what is older than `kept_s` before them is let go of."""
        if not len(block):
            return
        if self._bend_pull is None:
            self.rate_hz, self._grid_start_s = block.rate_hz, float(block.t_s[0])
            self._bend_pull = BendPull(block.rate_hz)
            self._fine_weights = hann_weights(block.rate_hz, FINE_HALF_WIDTH_S)
        if self.end - self._derived > self.rate_hz:
            self._derive()
        self._tail.forget_before(self.end - round(self._kept_s * self.rate_hz))
        new = self._tail.extended(len(block))
        new[VERTICAL], new[FORWARD] = block.vertical_mps2, block.forward_mps2
        new[ROLL], new[PITCH], new[YAW] = block.roll_rate_radps, block.pitch_rate_radps, block.yaw_rate_radps
        new[OBLIQUITY], new[TILT] = block.obliquity_sine, block.tilt_sine
        new[TIME], new[UP], new[MISSING], new[CLIPPED] = block.t_s, block.up_sensor.T, block.missing, block.clipped

    def _derive(self) -> None:
        """Write PULL and COUNTS for the samples that came since: few calls for many, as they are looked up rarely."""
        if self._bend_pull is None or self._derived == self.end:
            return
        kept, first, self._derived = self._tail.kept, self._derived - self.start, self.end
        new = kept[:, first:]
        new[PULL] = self._bend_pull.feed(new[YAW])
        vertical = np.concatenate(
            (np.repeat(kept[VERTICAL, :1], max(2 - first, 0)), kept[VERTICAL, max(first - 2, 0) :])
        )
        bend = vertical[2:] - 2.0 * vertical[1:-1] + vertical[:-2]
        new[ROUGHNESS] = bend * bend
        # Added in the order of time to what came before: the sums have the same bits however the stream is cut.
        if first:
            new[COUNTS, 0] += kept[COUNTS, first - 1]
        np.cumsum(new[COUNTS], axis=1, out=new[COUNTS])

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
        """All signals from the oldest sample that is kept, shape (15, n)."""
        self._derive()
        return self._tail.kept

    def vertical_since(self, number: int) -> FloatArray:
        """VERTICAL from this sample on."""
        return self._tail.kept[VERTICAL, number - self.start :]

    @property
    def fine_reach(self) -> int:
        """How many samples to each side of it a smoothed one needs."""
        return len(self._fine_weights) // 2

    def fine(self, places: FloatArray) -> FloatArray:
        """MOTION, smoothed, at fractional sample numbers `fine_reach` and more before the end; shape (5, ...).

        Motion is taken to have stood still before the first sample of the stream and after its last one.
        """
        first = max(int(places.min()) - self.start - self.fine_reach, 0)
        stop = max(int(places.max()) - self.start + 2 + self.fine_reach, 1)
        stretch = smoothed(self._tail.kept[MOTION, first:stop], self._fine_weights)
        return between(stretch, places - (self.start + first))

    def at(self, places: FloatArray, signals: int | slice) -> FloatArray:
        """One signal, or some, at fractional sample numbers, on straight lines; shape (...) or (signals, ...)."""
        self._derive()
        return self._tail.between(places, signals)

    def places(self, times_s: FloatArray) -> FloatArray:
        """The fractional sample numbers of times."""
        # The grid's own start makes these the same to the last bit however the stream is cut.
        return (times_s - self._grid_start_s) * self.rate_hz
