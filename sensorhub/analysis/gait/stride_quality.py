"""How far a stride can be trusted: whether it is a step at all, and how far off its drop may be."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from sensorhub.analysis.gait.contact import Contact
from sensorhub.analysis.gait.laterality import SideBelief
from sensorhub.model.units import RAD_PER_DEG


@dataclass(frozen=True, slots=True)
class QualityParams:
    """When a doubt has cost half of the trust in the gait.

    rhythm: change of the step time against the mean of the last steps, as a share. spin_radps, sway_rad: more than
    twice what a pelvis does in a sprint (Schache 1999); a wrist, a washing machine and a phone in a hand do more.
    alternation: share of what steps say about their side that agrees with what was foretold; where feet do not take
    turns it is near 0. steps: how many steps it takes to believe in a gait at all.
    """

    rhythm: float = 0.12
    spin_radps: float = 4.5
    sway_rad: float = 40.0 * RAD_PER_DEG
    alternation: float = 0.5
    steps: float = 1.5
    memory: float = 0.25
    alternation_memory: float = 0.08


@dataclass(frozen=True, slots=True)
class ErrorParams:
    """How far each thing throws the drop off, deg, root mean square, as if they were independent.

    base_deg: with nothing the matter. per_missing_s, per_clipped_s: bridged or clipped motion, which gravity mends with
    the time constant tilt_settles_s. per_roughness: shock that the samples are too slow for, per m/s2. heading_rad: the
    heading's error, which turns the lean of running into obliquity; unsettled_rad: while it has seen few windows.
    bend_share: of the most that a bend may have pulled the inclination. slip_deg: after a slip, before it was noticed.
    half_deg: the error at which half of the trust is gone.
    """

    base_deg: float = 0.1
    per_missing_s: float = 3.0
    per_clipped_s: float = 5.4
    tilt_settles_s: float = 1.0
    per_roughness: float = 0.012
    heading_rad: float = 0.025
    unsettled_rad: float = 0.04
    bend_share: float = 0.45
    slip_deg: float = 6.0
    half_deg: float = 0.5


ERRORS = ErrorParams()


class Trust(NamedTuple):
    """How far one contact is believed to be a step, 0 to 1, and how far off its samples may put the drop."""

    gait: float
    error_deg: float


def quality_of(trust: Trust, *, lean_deg: float, bend_deg: float, slipped: bool, unsettled: bool) -> float:
    """The quality of a stride: its own trust, less for what its angles, a bend, a slip or an unsure heading add."""
    heading_rad = ERRORS.unsettled_rad if unsettled else ERRORS.heading_rad
    slip_deg = ERRORS.slip_deg if slipped else 0.0
    error_deg = math.hypot(trust.error_deg, heading_rad * lean_deg, ERRORS.bend_share * bend_deg, slip_deg)
    return trust.gait / (1.0 + (error_deg / ERRORS.half_deg) ** 2)


class StrideQuality:
    """Judges one contact after the other against the last ones."""

    def __init__(self, params: QualityParams = QualityParams()) -> None:
        self._params = params
        # As if steps had been seen that said something and agreed with nothing.
        self._agreed, self._said = 0.0, 2.0
        self._step_s: float | None = None
        self._steps = 0
        self._missing_s = self._clipped_s = self._last_s = 0.0

    def feed(self, contact: Contact, belief: SideBelief) -> Trust:
        """How far this contact's stride is trusted, before what its angles add."""
        params = self._params
        self._steps = 0 if contact.step_time_s is None else self._steps + 1
        gait = (2.0 * belief.confidence - 1.0) * self._alternation(belief)
        gait *= _grows(self._steps + 0.5, params.steps) * self._rhythm(contact)
        if contact.spin_radps is not None:
            gait *= _falls(contact.spin_radps, params.spin_radps)
        if contact.sway_rad is not None:
            gait *= _falls(contact.sway_rad, params.sway_rad)
        return Trust(gait, self._error_deg(contact))

    def _error_deg(self, contact: Contact) -> float:
        forgotten = self._forgotten(contact)
        self._missing_s = self._missing_s * forgotten + contact.missing_s
        self._clipped_s = self._clipped_s * forgotten + contact.clipped_s
        return math.hypot(
            ERRORS.base_deg,
            ERRORS.per_missing_s * self._missing_s,
            ERRORS.per_clipped_s * self._clipped_s,
            ERRORS.per_roughness * contact.roughness_mps2,
        )

    def _forgotten(self, contact: Contact) -> float:
        """What is left of an error of inclination since the contact before."""
        passed_s, self._last_s = contact.initial_contact_s - self._last_s, contact.initial_contact_s
        return math.exp(-passed_s / ERRORS.tilt_settles_s)

    def _alternation(self, belief: SideBelief) -> float:
        memory = self._params.alternation_memory
        self._agreed += memory * (belief.agreement - self._agreed)
        self._said += memory * (abs(belief.evidence) - self._said)
        share = max(self._agreed, 0.0) / self._said
        return _grows(share**2, self._params.alternation**2)

    def _rhythm(self, contact: Contact) -> float:
        step_s, usual_s = contact.step_time_s, self._step_s
        if step_s is None:
            self._step_s = None
            return 1.0
        self._step_s = step_s if usual_s is None else usual_s + self._params.memory * (step_s - usual_s)
        return 1.0 if usual_s is None else _falls(step_s / usual_s - 1.0, self._params.rhythm)


def _grows(value: float, half: float) -> float:
    """From 0 over a half to nearly 1, as value goes from 0 over `half` on."""
    ratio = value / half
    return ratio**2 / (1.0 + ratio**2)


def _falls(value: float, half: float) -> float:
    """From 1 over a half to nearly 0, as value goes from 0 over `half` on."""
    ratio = value / half
    return 1.0 / (1.0 + ratio**4)
