"""The signals of the pelvis around each step, addressed by sample number."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import correlate1d

from sensorhub.analysis.alignment.pelvis import PelvisBlock
from sensorhub.dsp.smoothing import HannSmoother, hann_weights
from sensorhub.dsp.tail import Tail, between
from sensorhub.model.samples import FloatArray
from sensorhub.model.units import GRAVITY_MPS2

VERTICAL, FORWARD, ROLL, PITCH, YAW, OBLIQUITY, TILT, MISSING, CLIPPED, ROUGHNESS, TIME = range(11)
MOTION, SINES, COUNTS = slice(VERTICAL, YAW + 1), slice(OBLIQUITY, TILT + 1), slice(MISSING, ROUGHNESS + 1)


@dataclass(frozen=True, slots=True)
class SignalParams:
    """step_half_width_s keeps the step frequency alone; fine_half_width_s keeps what is slower than some 15 Hz."""

    step_half_width_s: float = 0.10
    fine_half_width_s: float = 0.04
    keep_s: float = 4.0


class GaitSignals:
    """Keeps the last seconds of a stream on one grid.

    VERTICAL and FORWARD in g (gravity removed); ROLL, PITCH, YAW in rad/s; OBLIQUITY and TILT as sines; from the start
    counted MISSING and CLIPPED samples and ROUGHNESS, the squared second differences of the vertical acceleration,
    (m/s2)2; TIME in s.
    """

    def __init__(self, rate_hz: float, params: SignalParams) -> None:
        self.rate_hz = rate_hz
        self._step_smoother = HannSmoother(rate_hz, params.step_half_width_s)
        self._fine_weights = hann_weights(rate_hz, params.fine_half_width_s)
        self._keep = int(params.keep_s * rate_hz)
        self._counted: FloatArray = np.zeros(3)
        self._last_two: FloatArray | None = None
        self._tail = Tail(TIME + 1)

    @property
    def step_delay(self) -> int:
        """How many samples the step-smoothed signal is behind."""
        return self._step_smoother.reach

    @property
    def fine_lead(self) -> int:
        """How many samples further `fine` reaches than the step-smoothed signal."""
        return self.step_delay - len(self._fine_weights) // 2

    def feed(self, block: PelvisBlock) -> FloatArray:
        """Take samples; give the step-smoothed vertical specific force less 1 g, m/s2."""
        self._tail.forget_before(self._tail.end - self._keep)
        samples = np.empty((TIME + 1, len(block)))
        samples[VERTICAL], samples[FORWARD] = block.vertical_mps2, block.forward_mps2
        samples[:ROLL] /= GRAVITY_MPS2
        samples[ROLL], samples[PITCH], samples[YAW] = (
            block.roll_rate_radps,
            block.pitch_rate_radps,
            block.yaw_rate_radps,
        )
        samples[OBLIQUITY], samples[TILT] = block.obliquity_sine, block.tilt_sine
        samples[COUNTS], samples[TIME] = self._counts(block), block.t_s
        self._tail.append(samples)
        return self._step_smoother.feed(block.vertical_mps2)

    def finish(self) -> FloatArray:
        """What the smoother still held back."""
        return self._step_smoother.finish()

    def fine(self, places: FloatArray) -> FloatArray:
        """MOTION, smoothed, at fractional sample numbers that lie `fine_lead` before the end; shape (5, ...).

        Motion is taken to have stood still before the first sample of the stream and after its last one.
        """
        reach = len(self._fine_weights) // 2
        first = max(int(places.min()) - self._tail.start - reach, 0)
        last = max(int(places.max()) - self._tail.start + 2 + reach, 1)
        stretch = self._tail.kept[MOTION, first:last]
        return between(correlate1d(stretch, self._fine_weights, mode="nearest"), places - (self._tail.start + first))

    def sines(self, places: FloatArray) -> FloatArray:
        """SINES at fractional sample numbers, shape (2, ...)."""
        return self._tail.between(places, SINES)

    def counts(self, places: FloatArray) -> FloatArray:
        """COUNTS at fractional sample numbers, shape (3, ...)."""
        return self._tail.between(places, COUNTS)

    def time_s(self, places: FloatArray) -> FloatArray:
        """Times at fractional sample numbers."""
        return self._tail.between(places, TIME)

    def _counts(self, block: PelvisBlock) -> FloatArray:
        vertical = block.vertical_mps2
        before = np.repeat(vertical[:1], 2) if self._last_two is None else self._last_two
        stretch = np.concatenate((before, vertical))
        self._last_two = stretch[-2:]
        bend = stretch[2:] - 2.0 * stretch[1:-1] + stretch[:-2]
        # Added in the order of time from what came before: the sums have the same bits however the stream is cut.
        counts = np.empty((3, len(block) + 1))
        counts[:, 0] = self._counted
        counts[0, 1:], counts[1, 1:], counts[2, 1:] = block.missing, block.clipped, bend * bend
        np.cumsum(counts, axis=1, out=counts)
        self._counted = counts[:, -1]
        return counts[:, 1:]
