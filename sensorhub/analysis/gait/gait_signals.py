"""The smoothed signals of the pelvis around each step, addressed by sample number."""

from dataclasses import dataclass

import numpy as np

from sensorhub.analysis.alignment.pelvis import PelvisBlock
from sensorhub.dsp.smoothing import HannSmoother
from sensorhub.dsp.tail import Tail
from sensorhub.model.samples import FloatArray
from sensorhub.model.units import GRAVITY_MPS2

VERTICAL, FORWARD, ROLL, PITCH, YAW = range(5)
OBLIQUITY, TILT = range(2)
MISSING, CLIPPED, ROUGHNESS, TIME = range(4)


@dataclass(frozen=True, slots=True)
class SignalParams:
    """step_half_width_s keeps the step frequency alone; fine_half_width_s keeps what is slower than some 15 Hz."""

    step_half_width_s: float = 0.10
    fine_half_width_s: float = 0.04
    keep_s: float = 4.0


class GaitSignals:
    """Smooths and keeps the last seconds of a stream on one grid.

    Columns of `fine`: VERTICAL and FORWARD in g (gravity removed), ROLL, PITCH, YAW in rad/s. Columns of `sines`:
    OBLIQUITY and TILT. Columns of `counts`, from the start: MISSING and CLIPPED samples and ROUGHNESS, the squared
    second differences of the vertical acceleration, (m/s2)2; and TIME in s.
    """

    def __init__(self, rate_hz: float, params: SignalParams) -> None:
        self.rate_hz = rate_hz
        self._step_smoother = HannSmoother(rate_hz, params.step_half_width_s)
        self._fine_smoother = HannSmoother(rate_hz, params.fine_half_width_s)
        self._keep = int(params.keep_s * rate_hz)
        self._counted: FloatArray = np.zeros(3)
        self._last_two: FloatArray | None = None
        self.fine, self.sines, self.counts = Tail(5), Tail(2), Tail(4)

    @property
    def fine_lead(self) -> int:
        """How many samples further `fine` reaches than the step-smoothed signal."""
        return self._step_smoother.reach - self._fine_smoother.reach

    @property
    def step_delay(self) -> int:
        """How many samples the step-smoothed signal is behind."""
        return self._step_smoother.reach

    def feed(self, block: PelvisBlock) -> FloatArray:
        """Take samples; give the step-smoothed vertical specific force less 1 g, m/s2."""
        self.sines.append(np.column_stack((block.obliquity_sine, block.tilt_sine)))
        self.counts.append(self._counts(block))
        columns = (
            *(block.vertical_mps2 / GRAVITY_MPS2, block.forward_mps2 / GRAVITY_MPS2),
            *(block.roll_rate_radps, block.pitch_rate_radps, block.yaw_rate_radps),
        )
        self.fine.append(self._fine_smoother.feed(np.column_stack(columns)))
        return self._step_smoother.feed(block.vertical_mps2)

    def finish(self) -> FloatArray:
        """What the smoothers still held back."""
        self.fine.append(self._fine_smoother.finish())
        return self._step_smoother.finish()

    def forget(self) -> None:
        """Let go of all but the last seconds."""
        oldest = self.counts.end - self._keep
        for tail in (self.fine, self.sines, self.counts):
            tail.forget_before(oldest)

    def time_s(self, places: FloatArray) -> FloatArray:
        """Times at fractional sample numbers."""
        return self.counts.between(places, TIME)

    def _counts(self, block: PelvisBlock) -> FloatArray:
        vertical = block.vertical_mps2
        before = np.repeat(vertical[:1], 2) if self._last_two is None else self._last_two
        stretch = np.concatenate((before, vertical))
        self._last_two = stretch[-2:]
        bend = stretch[2:] - 2.0 * stretch[1:-1] + stretch[:-2]
        # Added in the order of time from what came before: the sums have the same bits however the stream is cut.
        counts = np.empty((4, len(block) + 1))
        counts[:TIME, 0] = self._counted
        counts[MISSING, 1:], counts[CLIPPED, 1:], counts[ROUGHNESS, 1:] = block.missing, block.clipped, bend * bend
        np.cumsum(counts[:TIME], axis=1, out=counts[:TIME])
        counts[TIME, 1:] = block.t_s
        self._counted = counts[:TIME, -1]
        return counts[:, 1:].T
