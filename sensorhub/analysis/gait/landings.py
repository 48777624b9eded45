"""Contacts in a row become landings with a side, and are told again when a slip of the step count comes to light."""

from dataclasses import dataclass, field
from typing import NamedTuple

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


class _Told(NamedTuple):
    """A contact by its place among the recent ones, its foot, and the feet of the two landings before it."""

    place: int
    foot: int
    before: int
    before_that: int
    confidence: float


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
        self._joined: list[bool] = []
        self._sides: list[tuple[int, float]] = []
        self._told: list[_Told | None] = []

    def feed(self, contacts: Contacts) -> Landings:
        """The landings of these contacts, each after those whose side it corrects."""
        beliefs = self._laterality.feed(contacts)
        self._forget()
        first = len(self._sides)
        self._contacts = Contacts.joined([self._contacts, contacts])
        self._trust = Trust.joined([self._trust, self._quality.feed(contacts, beliefs)])
        self._joined += (~np.isnan(contacts.step_time_s)).tolist()
        self._sides += zip(np.where(beliefs.left, LEFT, RIGHT).tolist(), beliefs.confidence.tolist(), strict=True)
        self._told += [None] * len(contacts)
        return self._table([told for newest in range(first, len(self._sides)) for told in self._fresh(newest)])

    def _forget(self) -> None:
        """Keep what may still be corrected."""
        old = max(len(self._sides) - self._kept, 0)
        self._first_seq += old
        self._contacts, self._trust = self._contacts.rows(slice(old, None)), self._trust.rows(slice(old, None))
        for column in (self._joined, self._sides, self._told):
            del column[:old]

    def _fresh(self, newest: int) -> list[_Told]:
        """What the newest contact adds: itself, and before it those that look different from here."""
        if self._joined[newest] and newest and self._sides[newest][0] == self._sides[newest - 1][0]:
            self._doubtful = LOOKS_BACK
        changed: list[_Told] = []
        if self._doubtful:
            self._doubtful -= 1
            changed = self._corrected(newest)
        self._told[newest] = told = self._look(newest)
        return [*changed, told]

    def _corrected(self, newest: int) -> list[_Told]:
        """The contacts before the newest that look different from here."""
        later = len(self._sides) - 1 - newest
        for back, belief in enumerate(self._laterality.looking_back(later)):
            left, confidence = belief
            foot = LEFT if left else RIGHT
            if foot != self._sides[newest - back][0]:
                self._sides[newest - back] = (foot, confidence)
        changed: list[_Told] = []
        for place in range(max(newest - self._params.laterality.memory + 1, 0), newest):
            look = self._look(place)
            if look[1:] != (self._told[place] or look)[1:]:
                self._told[place] = look
                changed.append(look)
        return changed

    def _look(self, place: int) -> _Told:
        before = self._sides[place - 1][0] if place and self._joined[place] else NOBODY
        before_that = self._sides[place - 2][0] if before and place > 1 and self._joined[place - 1] else NOBODY
        return _Told(place, self._sides[place][0], before, before_that, self._sides[place][1])

    def _table(self, told: list[_Told]) -> Landings:
        places, feet, feet_before, feet_before_that, confidence = np.array(told).T
        place = places.astype(np.int64)
        # Where nobody landed before, any row will do: it is not looked at.
        contact, before, before_that = (self._contacts.rows(np.maximum(place - back, 0)) for back in range(3))
        took_turns = feet_before == -feet
        twice = took_turns & (feet_before_that == feet)
        known = feet_before != NOBODY
        flight_s = contact.initial_contact_s - before.toe_off_s
        return Landings(
            seq=self._first_seq + place,
            left=feet == LEFT,
            confidence=confidence,
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
