"""How far a stride can be trusted: what each doubt costs, from 0 to 1."""

import math
from dataclasses import dataclass

from sensorhub.analysis.gait.contact import Contact
from sensorhub.analysis.gait.laterality import SideBelief
from sensorhub.model.units import RAD_PER_DEG


@dataclass(frozen=True, slots=True)
class QualityParams:
    """When a doubt has cost half of the trust.

    rhythm: change of the step time against the mean of the last steps, as a share. spin_radps, sway_rad: more than
    twice what a pelvis does in a sprint (Schache 1999); a wrist, a washing machine and a phone in a hand do more.
    alternation: share of what steps say about their side that agrees with what was foretold; where feet do not take
    turns it is near 0. steps: how many steps it takes to believe in a gait at all. missing_s, clipped_s: bridged or
    clipped motion; gravity mends what it did to the inclination with the time constant tilt_settles_s.
    roughness_mps2: shock that the samples are too slow for.
    """

    rhythm: float = 0.12
    spin_radps: float = 4.5
    sway_rad: float = 40.0 * RAD_PER_DEG
    alternation: float = 0.5
    steps: float = 1.5
    memory: float = 0.25
    alternation_memory: float = 0.08
    missing_s: float = 0.1
    clipped_s: float = 0.1
    tilt_settles_s: float = 1.0
    roughness_mps2: float = 40.0


class StrideQuality:
    """Judges one contact after the other against the last ones."""

    def __init__(self, params: QualityParams = QualityParams()) -> None:
        self._params = params
        # As if steps had been seen that said something and agreed with nothing.
        self._agreed, self._said = 0.0, 2.0
        self._step_s: float | None = None
        self._steps = 0
        self._missing_s = self._clipped_s = self._last_s = 0.0

    def feed(self, contact: Contact, belief: SideBelief) -> float:
        """The quality of this contact's stride, before what its angles add."""
        params = self._params
        self._steps = 0 if contact.step_time_s is None else self._steps + 1
        quality = (2.0 * belief.confidence - 1.0) * self._alternation(belief)
        quality *= _grows(self._steps + 0.5, params.steps) * self._rhythm(contact)
        if contact.spin_radps is not None:
            quality *= _falls(contact.spin_radps, params.spin_radps)
        if contact.sway_rad is not None:
            quality *= _falls(contact.sway_rad, params.sway_rad)
        forgotten = self._forgotten(contact)
        self._missing_s = self._missing_s * forgotten + contact.missing_s
        self._clipped_s = self._clipped_s * forgotten + contact.clipped_s
        doubt = self._missing_s / params.missing_s + self._clipped_s / params.clipped_s
        doubt += (contact.roughness_mps2 / params.roughness_mps2) ** 2
        return quality / (1.0 + doubt)

    def _forgotten(self, contact: Contact) -> float:
        """What is left of an error of inclination since the contact before."""
        passed_s, self._last_s = contact.initial_contact_s - self._last_s, contact.initial_contact_s
        return math.exp(-passed_s / self._params.tilt_settles_s)

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
