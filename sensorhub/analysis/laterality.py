"""Which foot: a running belief over alternating feet, fed by how the pelvis moves in each step."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sensorhub.analysis.gait_events import Contact
from sensorhub.model.gait import Side


@dataclass(frozen=True, slots=True)
class LateralityParams:
    """How much a step may say.

    slip: how probable it is that a step was missed or doubled between two contacts. evidence_scale_radps: turn of the
    pelvis per unit of log-odds. evidence_limit: the most log-odds that one step may add, as a stumble says anything.
    """

    slip: float = 0.01
    slip_after_pause: float = 0.5
    evidence_scale_radps: float = 0.25
    evidence_limit: float = 2.5


@dataclass(frozen=True, slots=True)
class SideBelief:
    """The side and how sure it is: 0.5 a coin, 1 certain."""

    side: Side
    confidence: float


class Laterality:
    """Forward filter of a two-state Markov chain: feet alternate, save for a slip of the step count."""

    def __init__(self, params: LateralityParams = LateralityParams()) -> None:
        self._params = params
        self._log_odds_left = 0.0

    def feed(self, contacts: Sequence[Contact]) -> list[SideBelief]:
        """One belief for each contact, from it and from those before it."""
        return [self._next(contact) for contact in contacts]

    def _next(self, contact: Contact) -> SideBelief:
        params = self._params
        slip = params.slip_after_pause if contact.step_time_s is None else params.slip
        last_left = 1.0 / (1.0 + math.exp(-self._log_odds_left))
        left = slip * last_left + (1.0 - slip) * (1.0 - last_left)
        evidence = contact.turn_radps / params.evidence_scale_radps
        limited = min(max(evidence, -params.evidence_limit), params.evidence_limit)
        self._log_odds_left = math.log(left / (1.0 - left)) + limited
        confidence = 1.0 / (1.0 + math.exp(-abs(self._log_odds_left)))
        return SideBelief(Side.LEFT if self._log_odds_left > 0.0 else Side.RIGHT, confidence)
