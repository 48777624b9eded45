"""When each foot lands and leaves: initial contact and toe-off from one sensor on the pelvis."""

import math
from dataclasses import dataclass, field

import numpy as np

from sensorhub.analysis.step_pulses import PulseParams, Pulses, StepPulses
from sensorhub.dsp.rotation import up_in_sensor
from sensorhub.dsp.smoothing import HannSmoother
from sensorhub.dsp.tail import Tail
from sensorhub.model.gait import Gait
from sensorhub.model.samples import FloatArray, MotionBlock
from sensorhub.model.units import GRAVITY_MPS2


@dataclass(frozen=True, slots=True)
class Contact:
    """One foot on the ground. Which foot is not known here.

    known_s: the time of the newest sample that was needed to say so. turn_radps: how fast the pelvis turned about the
    earth's up at the start of the step less that later in it; positive for a left foot. effective_s: how long the
    smoothed specific force was above 1 g. trough_mps2, peak_mps2: its extremes in the dip before and in the push.
    """

    initial_contact_s: float
    toe_off_s: float
    step_time_s: float | None
    known_s: float
    gait: Gait
    turn_radps: float
    effective_s: float
    trough_mps2: float | None
    peak_mps2: float


@dataclass(frozen=True, slots=True)
class GaitEventParams:
    """Where contact and toe-off lie beside the passes of 1 g, and what a running or walking step can be."""

    pulses: PulseParams = field(default_factory=PulseParams)
    turn_half_width_s: float = 0.05
    shortest_step_s: float = 0.20
    longest_run_step_s: float = 0.55
    longest_walk_step_s: float = 1.25
    first_step_s: float = 0.36
    run_swing_mps2: float = 12.0
    walk_swing_mps2: float = 1.5
    contact_lead: tuple[float, float] = (0.594, -0.155)
    toe_off_lag: tuple[float, float] = (1.313, -0.377)


class GaitEvents:
    """Contacts of either foot, each given once, as soon as its toe-off is sure."""

    def __init__(self, params: GaitEventParams | None = None) -> None:
        self._params = params or GaitEventParams()
        self._rate_hz = 0.0

    def _start(self, rate_hz: float) -> None:
        self._rate_hz = rate_hz
        self._smoother = HannSmoother(rate_hz, self._params.pulses.half_width_s)
        self._turn_smoother = HannSmoother(rate_hz, self._params.turn_half_width_s)
        self._finder = StepPulses(rate_hz, self._params.pulses)
        self._turn, self._time_s = Tail(), Tail()

    def feed(self, block: MotionBlock) -> list[Contact]:
        """Take samples; give the contacts that they complete."""
        if not len(block):
            return []
        if self._rate_hz == 0.0:
            self._start(block.rate_hz)
        up = up_in_sensor(block.q_earth_from_sensor)
        force, gyr = block.acc_mps2, block.gyr_radps
        self._time_s.append(block.t_s)
        turn_radps = gyr[:, 0] * up[:, 0] + gyr[:, 1] * up[:, 1] + gyr[:, 2] * up[:, 2]
        up_mps2 = force[:, 0] * up[:, 0] + force[:, 1] * up[:, 1] + force[:, 2] * up[:, 2]
        return self._advance(self._smoother.feed(up_mps2), self._turn_smoother.feed(turn_radps))

    def finish(self) -> list[Contact]:
        """The contacts that only the end of the recording makes sure."""
        return self._advance(self._smoother.finish(), self._turn_smoother.finish()) if self._rate_hz else []

    def _advance(self, smoothed_up_mps2: FloatArray, turn_radps: FloatArray) -> list[Contact]:
        self._turn.append(turn_radps)
        pulses = self._finder.feed(smoothed_up_mps2)
        contacts = self._contacts(pulses) if len(pulses) else []
        oldest = self._time_s.end - int(self._params.pulses.keep_s * self._rate_hz)
        self._time_s.forget_before(oldest)
        self._turn.forget_before(oldest)
        return contacts

    def _contacts(self, pulses: Pulses) -> list[Contact]:
        """Contacts for pushes that can be running steps."""
        params, rate_hz = self._params, self._rate_hz
        step = (pulses.rise - pulses.rise_before) / rate_hz
        known_step = (step >= params.shortest_step_s) & (step <= params.longest_run_step_s)
        model_step = np.where(known_step, step, params.first_step_s)
        swing = pulses.peak_mps2 - np.where(np.isnan(pulses.trough_mps2), GRAVITY_MPS2 / 2, pulses.trough_mps2)
        lead = (params.contact_lead[0] * model_step + params.contact_lead[1]) * model_step
        lag = (params.toe_off_lag[0] * model_step + params.toe_off_lag[1]) * model_step
        contact = self._seconds(pulses.rise - lead * rate_hz)
        toe_off = self._seconds(pulses.fall + lag * rate_hz)
        turn = self._turn.between(pulses.rise) - self._turn.between(
            np.minimum(pulses.rise + 0.55 * model_step * rate_hz, pulses.seen)
        )
        known = self._seconds(pulses.seen + self._smoother.reach)
        columns = (
            contact,
            toe_off,
            np.where(known_step, step, np.nan),
            known,
            turn,
            (pulses.fall - pulses.rise) / rate_hz,
        )
        rows = np.column_stack((*columns, pulses.trough_mps2, pulses.peak_mps2))[
            swing >= params.run_swing_mps2
        ].tolist()
        return [_contact(row) for row in rows]

    def _seconds(self, places: FloatArray) -> FloatArray:
        return self._time_s.between(places)


def _contact(row: list[float]) -> Contact:
    contact_s, toe_off_s, step_s, known_s, turn_radps, effective_s, trough_mps2, peak_mps2 = row
    return Contact(
        contact_s, toe_off_s, _known(step_s), known_s, Gait.RUN, turn_radps, effective_s, _known(trough_mps2), peak_mps2
    )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
