"""How far a stride can be trusted: whether it is a step at all, and how far off its drop may be."""

import math
from dataclasses import dataclass

import numpy as np

from sensorhub.analysis.gait.contact import Contacts
from sensorhub.analysis.gait.laterality import SideBeliefs
from sensorhub.dsp.table import Table
from sensorhub.model.samples import BoolArray, FloatArray
from sensorhub.model.units import RAD_PER_DEG


@dataclass(frozen=True, slots=True)
class QualityParams:
    """When a doubt has cost half of the trust in the gait.

    rhythm: change of the step time against the mean of the last steps, as a share. overlap: how much longer than its
    step a running stance is, as a share; the last one goes over into standing. spin_radps, sway_rad: more than twice
    what a pelvis does in a sprint (Schache 1999); a wrist, a washing machine and a phone in a hand do more.
    alternation: share of what steps say about their side that agrees with what was foretold; where feet do not take
    turns it is below 0.6 in 19 of 20 steps, else above 0.8. steps: contacts since a pause, less a half.
    """

    rhythm: float = 0.12
    overlap: float = 0.03
    spin_radps: float = 4.5
    sway_rad: float = 40.0 * RAD_PER_DEG
    alternation: float = 0.7
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


class Trust(Table, frozen=True):
    """How far each contact is believed to be a step, 0 to 1, and how far off its samples may put the drop, deg."""

    gait: FloatArray
    error_deg: FloatArray


def quality_of(
    trust: Trust, *, lean_deg: FloatArray, bend_deg: FloatArray, slipped: BoolArray, unsettled: BoolArray
) -> FloatArray:
    """The quality of strides: their own trust, less for what their angles, a bend, a slip or an unsure heading add."""
    heading_rad = np.where(unsettled, ERRORS.unsettled_rad, ERRORS.heading_rad)
    slip_deg = np.where(slipped, ERRORS.slip_deg, 0.0)
    squared_deg2 = (
        trust.error_deg**2 + (heading_rad * lean_deg) ** 2 + (ERRORS.bend_share * bend_deg) ** 2 + slip_deg**2
    )
    quality: FloatArray = trust.gait / (1.0 + squared_deg2 / ERRORS.half_deg**2)
    return quality


class StrideQuality:
    """Judges contacts against the last ones."""

    def __init__(self, params: QualityParams = QualityParams()) -> None:
        self._params = params
        # Steps in a row, their mean time, what agreed and what was said, as if steps had agreed with nothing.
        self._last = (0.0, math.nan, 0.0, 0.5)
        self._missing_s = self._clipped_s = self._last_s = 0.0

    def feed(self, contacts: Contacts, beliefs: SideBeliefs) -> Trust:
        """How far these contacts' strides are trusted, before what their angles add."""
        params = self._params
        steps, usual_step_s, alternation = self._against_the_last(contacts, beliefs)
        gait = (2.0 * beliefs.confidence - 1.0) * _grows(np.maximum(alternation, 0.0) ** 4, params.alternation**4)
        gait *= _grows(steps + 0.5, params.steps)
        # What is unknown costs nothing.
        out_of_rhythm = contacts.step_time_s / usual_step_s - 1.0
        overlap = (contacts.toe_off_s - contacts.initial_contact_s) / contacts.step_time_s - 1.0
        overlap = np.where(contacts.running, np.maximum(overlap, 0.0), 0.0)
        doubts = np.array((out_of_rhythm, overlap, contacts.spin_radps, contacts.sway_rad))
        halves = np.array([[params.rhythm], [params.overlap], [params.spin_radps], [params.sway_rad]])
        rhythm, flight, spin, sway = np.where(np.isnan(doubts), 1.0, _falls(doubts, halves))
        return Trust(gait * rhythm * flight * spin * sway, self._error_deg(contacts))

    def _error_deg(self, contacts: Contacts) -> FloatArray:
        missing_s, clipped_s = self._lost_s(contacts)
        squared_deg2: FloatArray = (
            ERRORS.base_deg**2
            + (ERRORS.per_missing_s * missing_s) ** 2
            + (ERRORS.per_clipped_s * clipped_s) ** 2
            + (ERRORS.per_roughness * contacts.roughness_mps2) ** 2
        )
        return np.sqrt(squared_deg2)

    def _lost_s(self, contacts: Contacts) -> FloatArray:
        """Seconds missing and clipped, of each contact and those before, that gravity has not mended; shape (2, n)."""
        if not (self._missing_s or self._clipped_s or contacts.missing_s.any() or contacts.clipped_s.any()):
            self._last_s = float(contacts.initial_contact_s[-1])
            return np.zeros((2, len(contacts)))
        lost_s: list[tuple[float, float]] = []
        columns = (contacts.initial_contact_s, contacts.missing_s, contacts.clipped_s)
        for contact_s, missing_s, clipped_s in zip(*(column.tolist() for column in columns), strict=True):
            left = math.exp((self._last_s - contact_s) / ERRORS.tilt_settles_s)
            self._missing_s, self._clipped_s = self._missing_s * left + missing_s, self._clipped_s * left + clipped_s
            self._last_s = contact_s
            lost_s.append((self._missing_s, self._clipped_s))
        return np.array(lost_s).T

    def _against_the_last(self, contacts: Contacts, beliefs: SideBeliefs) -> FloatArray:
        """Each contact beside those before it, shape (3, n).

        How many steps were taken since the last pause; the mean step time before, NaN where none is known; the share of
        what steps say about their side that agrees with what was foretold.
        """
        rhythm, alternation = self._params.memory, self._params.alternation_memory
        steps, usual_s, agreed, said = self._last
        in_a_row: list[float] = []
        before_s: list[float] = []
        shares: list[float] = []
        columns = (contacts.step_time_s, beliefs.agreement, np.abs(beliefs.evidence))
        for step_s, agrees, says in zip(*(column.tolist() for column in columns), strict=True):
            steps = 0.0 if math.isnan(step_s) else steps + 1.0
            agreed += alternation * (agrees - agreed)
            said += alternation * (says - said)
            in_a_row.append(steps)
            before_s.append(usual_s)
            shares.append(agreed / said)
            usual_s = step_s if math.isnan(usual_s) else usual_s + rhythm * (step_s - usual_s)
        self._last = steps, usual_s, agreed, said
        return np.array((in_a_row, before_s, shares))


def _grows(value: FloatArray, half: float) -> FloatArray:
    """From 0 over a half to nearly 1, as value goes from 0 over `half` on."""
    squared: FloatArray = (value / half) ** 2
    return squared / (1.0 + squared)


def _falls(value: FloatArray, half: FloatArray) -> FloatArray:
    """From 1 over a half to nearly 0, as value goes from 0 over `half` on."""
    squared: FloatArray = (value / half) ** 2
    return 1.0 / (1.0 + squared * squared)
