"""Contacts in a row become landings with a side, and are told again when a slip of the step count comes to light."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sensorhub.analysis.gait.contact import NO_CONTACTS, Contacts
from sensorhub.analysis.gait.laterality import Laterality, LateralityParams
from sensorhub.analysis.gait.stride_quality import QualityParams, StrideQuality, Trust
from sensorhub.dsp.table import Table
from sensorhub.model.samples import BoolArray, FloatArray

LOOKS_BACK = 5
"""How many contacts after a slip of the step count still tell better where it was."""

LEFT, NOBODY, RIGHT = 1, 0, -1
"""The foot of a landing; nobody's where no landing came before in the same bout."""


@dataclass(frozen=True, slots=True)
class LandingParams:
    """The parameters of its parts."""

    laterality: LateralityParams = field(default_factory=LateralityParams)
    quality: QualityParams = field(default_factory=QualityParams)


@dataclass(frozen=True, slots=True)
class Landings(Table):
    """Contacts with their side, in the order in which they are told, arrays of shape (n,); some come again, corrected.

    seq: the place in the session. confidence: of the side. step_time_s, flight_time_s: from the landing before;
    contact_before_s, toe_off_before_s: of the same foot; NaN where the feet did not take turns. missing, clipped:
    whether anything was in this step or the one before.
    """

    seq: NDArray[np.int64]
    left: BoolArray
    confidence: FloatArray
    trust_in_gait: FloatArray
    error_deg: FloatArray
    initial_contact_s: FloatArray
    toe_off_s: FloatArray
    running: BoolArray
    step_time_s: FloatArray
    flight_time_s: FloatArray
    contact_before_s: FloatArray
    toe_off_before_s: FloatArray
    missing: BoolArray
    clipped: BoolArray

    @property
    def stride_time_s(self) -> FloatArray:
        """From the same foot's contact before."""
        return self.initial_contact_s - self.contact_before_s


@dataclass(frozen=True, slots=True)
class _Looks(Table):
    """Contacts by their place among the recent ones, their foot, and the feet of the two landings before each."""

    place: NDArray[np.int64]
    foot: NDArray[np.int64]
    before: NDArray[np.int64]
    before_that: NDArray[np.int64]
    confidence: FloatArray


class LandingOrder:
    """Numbers the landings and names their feet; the last ones come again when their side was wrong."""

    def __init__(self, params: LandingParams | None = None) -> None:
        self._params = params or LandingParams()
        self._laterality = Laterality(self._params.laterality)
        self._quality = StrideQuality(self._params.quality)
        self._kept = self._params.laterality.memory + 2  # the oldest that is corrected has two before it
        self._doubtful = 0
        self._first_seq = 0
        self._contacts = NO_CONTACTS
        self._trust = Trust(np.empty(0), np.empty(0))
        self._joined = np.empty(0, dtype=bool)
        self._foot = np.empty(0, dtype=np.int64)
        self._confidence = np.empty(0)
        self._told = _Looks(*(np.empty(0, dtype=np.int64),) * 4, np.empty(0))

    def feed(self, contacts: Contacts) -> Landings:
        """The landings of these contacts, each after those whose side it corrects."""
        beliefs = self._laterality.feed(contacts)
        self._forget()
        newest = len(self._foot)
        self._contacts = Contacts.joined([self._contacts, contacts])
        self._trust = Trust.joined([self._trust, self._quality.feed(contacts, beliefs)])
        self._joined = np.concatenate((self._joined, ~np.isnan(contacts.step_time_s)))
        self._foot = np.concatenate((self._foot, np.where(beliefs.left, LEFT, RIGHT)))
        self._confidence = np.concatenate((self._confidence, beliefs.confidence))
        untold = np.zeros(len(contacts), dtype=np.int64)
        self._told = _Looks.joined([self._told, _Looks(*(untold,) * 4, beliefs.confidence)])
        told: list[_Looks] = []
        while newest < len(self._foot):
            slips = np.flatnonzero((self._joined & (self._foot == np.roll(self._foot, 1)))[newest:])
            sure = int(slips[0]) if len(slips) else len(self._foot) - newest
            if not sure:
                self._doubtful = LOOKS_BACK
            if self._doubtful:
                self._doubtful -= 1
                told.append(self._corrected(newest))
                newest += 1
            else:
                told.append(self._look(newest, newest + sure))
                newest += sure
        return self._landings(_Looks.joined(told))

    def _forget(self) -> None:
        """Keep what may still be corrected."""
        kept = slice(max(len(self._foot) - self._kept, 0), None)
        self._first_seq += kept.start
        self._contacts, self._trust = self._contacts.rows(kept), self._trust.rows(kept)
        self._joined, self._foot, self._confidence = self._joined[kept], self._foot[kept], self._confidence[kept]
        self._told = self._told.rows(kept)

    def _corrected(self, newest: int) -> _Looks:
        """The newest contact, and before it those that look different from here."""
        later = len(self._foot) - 1 - newest
        for back, (left, confidence) in enumerate(self._laterality.looking_back(later)):
            foot = LEFT if left else RIGHT
            if foot != self._foot[newest - back]:
                self._foot[newest - back], self._confidence[newest - back] = foot, confidence
        oldest = max(newest - self._params.laterality.memory + 1, 0)
        told = self._told.rows(np.arange(oldest, newest + 1))
        looks = self._look(oldest, newest + 1)
        changed = (looks.foot != told.foot) | (looks.before != told.before) | (looks.before_that != told.before_that)
        changed[-1] = True
        return looks.rows(changed)

    def _look(self, start: int, stop: int) -> _Looks:
        """Contacts as they look now, noted as told so."""
        place = np.arange(start, stop)
        # No landing is joined to what lies before the first: its number does not matter.
        one, two = np.maximum(place - 1, 0), np.maximum(place - 2, 0)
        before = np.where(self._joined[place], self._foot[one], NOBODY)
        before_that = np.where((before != NOBODY) & self._joined[one], self._foot[two], NOBODY)
        looks = _Looks(place, self._foot[place], before, before_that, self._confidence[place])
        self._told.put(place, looks)
        return looks

    def _landings(self, told: _Looks) -> Landings:
        place, foot = told.place, told.foot
        # Where nobody landed before, any row will do: it is not looked at.
        contact, before, before_that = (self._contacts.rows(np.maximum(place - back, 0)) for back in range(3))
        took_turns = told.before == -foot
        twice = took_turns & (told.before_that == foot)
        known = told.before != NOBODY
        flight_s = contact.initial_contact_s - before.toe_off_s
        return Landings(
            seq=self._first_seq + place,
            left=foot == LEFT,
            confidence=told.confidence,
            trust_in_gait=self._trust.gait[place],
            error_deg=self._trust.error_deg[place],
            initial_contact_s=contact.initial_contact_s,
            toe_off_s=contact.toe_off_s,
            running=contact.running,
            step_time_s=np.where(took_turns, contact.initial_contact_s - before.initial_contact_s, np.nan),
            flight_time_s=np.where(took_turns & (flight_s > 0.0), flight_s, np.nan),
            contact_before_s=np.where(twice, before_that.initial_contact_s, np.nan),
            toe_off_before_s=np.where(twice, before_that.toe_off_s, np.nan),
            missing=(contact.missing_s > 0.0) | (known & (before.missing_s > 0.0)),
            clipped=(contact.clipped_s > 0.0) | (known & (before.clipped_s > 0.0)),
        )
