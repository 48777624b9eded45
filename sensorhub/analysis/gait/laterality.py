"""Which foot: a running belief over alternating feet, fed by how the pelvis turns in each step."""

import math
from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

from sensorhub.analysis.gait.contact import Contact
from sensorhub.model.gait import Side


@dataclass(frozen=True, slots=True)
class LateralityParams:
    """How much a step may say.

    slip: how probable it is that a step was missed or doubled between two contacts. turn_scale_radps,
    roll_scale_radps: turn of the pelvis about up and about forward per unit of log-odds; a running step has 2 to 6
    units of each. turn_limit, roll_limit: the most log-odds that each may add in one step, as a stumble says anything;
    the turn needs no heading and outweighs a roll that has a wrong one. memory: over how
    many steps belief is carried back when a slip comes to light.
    """

    slip: float = 0.01
    slip_after_pause: float = 0.5
    turn_scale_radps: float = 0.35
    roll_scale_radps: float = 0.20
    turn_limit: float = 2.5
    roll_limit: float = 1.5
    memory: int = 12


class SideBelief(NamedTuple):
    """The side and how sure it is: 0.5 a coin, 1 certain.

    evidence: what this step alone says, log-odds of left. agreement: the same, for the side that was foretold.
    """

    side: Side
    confidence: float
    evidence: float
    agreement: float


class Laterality:
    """Forward-backward filter of a two-state Markov chain: feet alternate, save for a slip of the step count.

    Rabiner (1989) for the filter. The pelvis's turn about up needs no heading; its roll needs one.
    """

    def __init__(self, params: LateralityParams = LateralityParams()) -> None:
        self._params = params
        self._log_odds_left = 0.0
        self._recent: deque[tuple[float, float, float]] = deque(maxlen=params.memory)

    def feed(self, contact: Contact) -> SideBelief:
        """The belief in this contact's side, from it and from the contacts before it."""
        slip = self._params.slip_after_pause if contact.step_time_s is None else self._params.slip
        evidence = self._evidence(contact)
        foretold = _alternated(self._log_odds_left, slip)
        self._log_odds_left = foretold + evidence
        self._recent.append((slip, evidence, self._log_odds_left))
        return _belief(self._log_odds_left, evidence, foretold)

    def looking_back(self) -> list[SideBelief]:
        """Beliefs in the last contacts, oldest first, each from those before it and those after it."""
        beliefs: list[SideBelief] = []
        from_later = 0.0
        for slip, evidence, log_odds in reversed(self._recent):
            beliefs.append(_belief(log_odds + from_later, evidence, log_odds + from_later - evidence))
            from_later = _alternated(from_later + evidence, slip)
        return beliefs[::-1]

    def _evidence(self, contact: Contact) -> float:
        params = self._params
        turn, roll_radps = contact.turn_radps / params.turn_scale_radps, contact.roll_radps
        limit = params.turn_limit
        evidence = limit if turn > limit else max(turn, -limit)
        if roll_radps is None:
            return evidence
        roll, limit = roll_radps / params.roll_scale_radps, params.roll_limit
        return evidence + (limit if roll > limit else max(roll, -limit))


def _belief(log_odds_left: float, evidence: float, foretold: float) -> SideBelief:
    left = log_odds_left > 0.0
    confidence = 1.0 / (1.0 + math.exp(-abs(log_odds_left)))
    agreement = evidence if foretold > 0.0 else -evidence
    return SideBelief(Side.LEFT if left else Side.RIGHT, confidence, evidence, agreement)


def _alternated(log_odds: float, slip: float) -> float:
    """Log-odds of left one step on (or back): the other foot, save for a slip."""
    share = 1.0 / (1.0 + math.exp(-log_odds))
    other = slip * share + (1.0 - slip) * (1.0 - share)
    return math.log(other / (1.0 - other))
