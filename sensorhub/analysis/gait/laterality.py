"""Which foot: a running belief over alternating feet, fed by how the pelvis turns in each step."""

from dataclasses import dataclass

import numpy as np

from sensorhub.analysis.gait.contact import Contacts
from sensorhub.dsp.table import Table
from sensorhub.model.samples import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class LateralityParams:
    """How much a step may say.

    slip: how probable it is that a step was missed or doubled between two contacts. turn_scale_radps,
    roll_scale_radps: turn of the pelvis about up and about forward per unit of log-odds; a running step has 2 to 6
    units of each. turn_limit, roll_limit: the most log-odds that each may add in one step, as a stumble says anything;
    the turn needs no heading and outweighs a roll that has a wrong one. memory: over how many steps belief is carried
    back when a slip comes to light.
    """

    slip: float = 0.01
    slip_after_pause: float = 0.5
    turn_scale_radps: float = 0.35
    roll_scale_radps: float = 0.20
    turn_limit: float = 2.5
    roll_limit: float = 1.5
    memory: int = 12


class SideBeliefs(Table, frozen=True):
    """The side of each contact and how sure it is: 0.5 a coin, 1 certain; arrays of shape (n,).

    evidence: what the step alone says, log-odds of left. agreement: the same, for the side that was foretold.
    """

    left: BoolArray
    confidence: FloatArray
    evidence: FloatArray
    agreement: FloatArray


class Laterality:
    """Forward-backward filter of a two-state Markov chain: feet alternate, save for a slip of the step count.

    Rabiner (1989) for the filter; beliefs are odds of left. The pelvis's turn about up needs no heading; its roll needs
    one.
    """

    def __init__(self, params: LateralityParams = LateralityParams()) -> None:
        self._params = params
        self._odds = 1.0
        self._steps: list[tuple[float, float, float]] = []
        """Of the contacts fed last and of `memory` before them: chance of a slip, odds by itself, odds as believed."""

    def feed(self, contacts: Contacts) -> SideBeliefs:
        """The belief in each contact's side, from it and from the contacts before it."""
        paused = np.isnan(contacts.step_time_s)
        slips = np.where(paused, self._params.slip_after_pause, self._params.slip).tolist()
        evidence = self._evidence(contacts)
        foretold: list[float] = []
        believed: list[float] = []
        said_odds = np.exp(evidence).tolist()
        for slip, said in zip(slips, said_odds, strict=True):
            foretold.append(_alternated(self._odds, slip))
            self._odds = foretold[-1] * said
            believed.append(self._odds)
        self._steps = [*self._steps[-self._params.memory :], *zip(slips, said_odds, believed, strict=True)]
        odds = np.array(believed)
        return SideBeliefs(
            left=odds > 1.0,
            confidence=np.maximum(odds, 1.0) / (1.0 + odds),
            evidence=evidence,
            agreement=np.where(np.array(foretold) > 1.0, evidence, -evidence),
        )

    def looking_back(self, later: int) -> list[tuple[bool, float]]:
        """Side (left?) and confidence of `memory` contacts, newest first, from those before and those after each.

        `later`: how many of the newest contacts are not known yet.
        """
        beliefs: list[tuple[bool, float]] = []
        odds_from_later, stop = 1.0, len(self._steps) - later
        for slip, said, believed in reversed(self._steps[max(stop - self._params.memory, 0) : stop]):
            odds = believed * odds_from_later
            beliefs.append((odds > 1.0, max(odds, 1.0) / (1.0 + odds)))
            odds_from_later = _alternated(odds_from_later * said, slip)
        return beliefs

    def _evidence(self, contacts: Contacts) -> FloatArray:
        params = self._params
        turn = _limited(contacts.turn_radps / params.turn_scale_radps, params.turn_limit)
        roll = _limited(contacts.roll_radps / params.roll_scale_radps, params.roll_limit)
        evidence: FloatArray = turn + np.where(np.isnan(roll), 0.0, roll)
        return evidence


def _limited(value: FloatArray, limit: float) -> FloatArray:
    return np.minimum(np.maximum(value, -limit), limit)


def _alternated(odds: float, slip: float) -> float:
    """Odds of left one step on (or back): the other foot, save for a slip."""
    return (1.0 - slip + slip * odds) / (slip + (1.0 - slip) * odds)
