"""The newest seconds of the pelvis's motion, which steps and stances are looked up in, by sample number."""

import numpy as np
from scipy.ndimage import correlate1d

from sensorhub.analysis.alignment.pelvis import PelvisBlock
from sensorhub.analysis.gait.bends import BendPull
from sensorhub.dsp.smoothing import hann_weights
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
        self._tail = Tail(15)
        self._bend_pull: BendPull | None = None
        self._fine_weights = np.ones(1)
        self._last_two = np.zeros(2)
        self._counted: FloatArray = np.zeros(3)

    def feed(self, block: PelvisBlock) -> None:
        """Add samples; what is older than `kept_s` before them is let go of."""
        if not len(block):
            return
        if self._bend_pull is None:
            self.rate_hz, self._grid_start_s = block.rate_hz, float(block.t_s[0])
            self._bend_pull = BendPull(block.rate_hz)
            self._fine_weights = hann_weights(block.rate_hz, FINE_HALF_WIDTH_S)
            self._last_two = np.repeat(block.vertical_mps2[:1], 2)
        self._tail.forget_before(self._tail.end - round(self._kept_s * self.rate_hz))
        new = self._tail.extended(len(block))
        new[VERTICAL], new[FORWARD] = block.vertical_mps2, block.forward_mps2
        new[ROLL], new[PITCH], new[YAW] = block.roll_rate_radps, block.pitch_rate_radps, block.yaw_rate_radps
        new[OBLIQUITY], new[TILT] = block.obliquity_sine, block.tilt_sine
        new[PULL], new[TIME], new[UP] = self._bend_pull.feed(block.yaw_rate_radps), block.t_s, block.up_sensor.T
        new[MISSING], new[CLIPPED], new[ROUGHNESS] = block.missing, block.clipped, self._roughness(block.vertical_mps2)
        # Added in the order of time to what came before: the sums have the same bits however the stream is cut.
        new[COUNTS, 0] += self._counted
        np.cumsum(new[COUNTS], axis=1, out=new[COUNTS])
        self._counted = new[COUNTS, -1].copy()

    def _roughness(self, vertical_mps2: FloatArray) -> FloatArray:
        """The squared second difference that ends at each sample."""
        stretch = np.concatenate((self._last_two, vertical_mps2))
        self._last_two = stretch[-2:]
        bend = stretch[2:] - 2.0 * stretch[1:-1] + stretch[:-2]
        squared: FloatArray = bend * bend
        return squared

    @property
    def start(self) -> int:
        """The number of the oldest sample that is kept."""
        return self._tail.start

    @property
    def end(self) -> int:
        """The number of the sample that comes next."""
        return self._tail.end

    @property
    def end_s(self) -> float:
        """The time of the newest sample."""
        return self._grid_start_s + (self.end - 1) / self.rate_hz if self.rate_hz else -np.inf

    @property
    def kept(self) -> FloatArray:
        """All signals from the oldest sample that is kept, shape (15, n)."""
        return self._tail.kept

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
        smoothed = correlate1d(self.kept[MOTION, first:stop], self._fine_weights, mode="nearest")
        return between(smoothed, places - (self.start + first))

    def at(self, places: FloatArray, signals: int | slice) -> FloatArray:
        """One signal, or some, at fractional sample numbers, on straight lines; shape (...) or (signals, ...)."""
        return self._tail.between(places, signals)

    def places(self, times_s: FloatArray) -> FloatArray:
        """The fractional sample numbers of times."""
        # The grid's own start makes these the same to the last bit however the stream is cut.
        return (times_s - self._grid_start_s) * self.rate_hz
