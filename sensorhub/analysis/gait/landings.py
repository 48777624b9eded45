"""Contacts in a row become landings with a side, and are told again when a slip of the step count comes to light."""

import numpy as np
from numpy.typing import NDArray

from sensorhub.analysis.gait.contact import Contacts
from sensorhub.analysis.gait.laterality import Laterality, LateralityParams
from sensorhub.analysis.gait.stride_quality import StrideQuality
from sensorhub.dsp.table import Table
from sensorhub.model.samples import BoolArray, FloatArray

LOOKS_BACK = 5
"""How many contacts after a slip of the step count still tell better where it was."""

LEFT, NOBODY, RIGHT = 1, 0, -1
"""The foot of a landing; nobody's where no landing came before in the same bout."""


class Landings(Table, frozen=True):
    """Contacts with their side, in the order in which they are told, arrays of shape (n,); some come again, corrected.

    seq: the place in the session. again: whether it was told before. confidence: of the side. step_time_s,
    flight_time_s: from the landing before; contact_before_s, toe_off_before_s: of the same foot; NaN where the feet did
    not take turns. missing, clipped: whether anything was in this step or the one before.
    """

    seq: NDArray[np.int64]
    again: BoolArray
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


class _Recent(Table, frozen=True):
    """The last contacts and the feet that they are believed to be; follows: whether they do, without a pause."""

    initial_contact_s: FloatArray
    toe_off_s: FloatArray
    running: BoolArray
    follows: BoolArray
    missing: BoolArray
    clipped: BoolArray
    trust_in_gait: FloatArray
    error_deg: FloatArray
    foot: NDArray[np.int64]
    confidence: FloatArray


class _Looks(Table, frozen=True):
    """Contacts by their place among the recent ones, their foot, and the feet of the two landings before each."""

    place: NDArray[np.int64]
    again: BoolArray
    foot: NDArray[np.int64]
    before: NDArray[np.int64]
    before_that: NDArray[np.int64]
    confidence: FloatArray


class LandingOrder:
    """Numbers the landings and names their feet; the last ones come again when their side was wrong."""

    def __init__(self, params: LateralityParams | None = None) -> None:
        params = params or LateralityParams()
        self._memory = params.memory
        self._laterality = Laterality(params)
        self._quality = StrideQuality()
        self._doubtful = 0
        self._first_seq = 0
        self._recent = _Recent.empty()

    def feed(self, contacts: Contacts) -> Landings:
        """The landings of these contacts, each after those whose side it corrects."""
        self._take(contacts)
        newest, end = len(self._recent) - len(contacts), len(self._recent)
        told: list[_Looks] = []
        while newest < end:
            alternating = self._alternating(newest)
            if not alternating:
                self._doubtful = LOOKS_BACK
            if self._doubtful:
                self._doubtful -= 1
                told.append(self._corrected(newest))
                newest += 1
            else:
                told.append(self._look(np.arange(newest, newest + alternating), newest))
                newest += alternating
        return self._landings(_Looks.joined(told))

    def _take(self, contacts: Contacts) -> None:
        """Put contacts behind those that may still be corrected; the oldest of these has two before it."""
        beliefs = self._laterality.feed(contacts)
        trust = self._quality.feed(contacts, beliefs)
        new = _Recent(
            initial_contact_s=contacts.initial_contact_s,
            toe_off_s=contacts.toe_off_s,
            running=contacts.running,
            follows=~np.isnan(contacts.step_time_s),
            missing=contacts.missing_s > 0.0,
            clipped=contacts.clipped_s > 0.0,
            trust_in_gait=trust.gait,
            error_deg=trust.error_deg,
            foot=np.where(beliefs.left, LEFT, RIGHT),
            confidence=beliefs.confidence,
        )
        forgotten = max(len(self._recent) - self._memory - 2, 0)
        self._first_seq += forgotten
        self._recent = _Recent.joined([self._recent.rows(slice(forgotten, None)), new])

    def _alternating(self, newest: int) -> int:
        """How many contacts from the newest one on are those of the other foot than the one before."""
        foot, follows = self._recent.foot, self._recent.follows
        first = max(newest, 1)
        slips = np.flatnonzero(follows[first:] & (foot[first:] == foot[first - 1 : -1]))
        return int(slips[0]) + first - newest if len(slips) else len(foot) - newest

    def _corrected(self, newest: int) -> _Looks:
        """The newest contact, and before it those that look different from here."""
        foot, confidence = self._recent.foot, self._recent.confidence
        places = np.arange(max(newest - self._memory + 1, 0), newest + 1)
        told = self._look(places, newest)
        for back, (left, sure) in enumerate(self._laterality.looking_back(later=len(foot) - 1 - newest)):
            if left != (foot[newest - back] == LEFT):
                foot[newest - back], confidence[newest - back] = LEFT if left else RIGHT, sure
        now = self._look(places, newest)
        same = (now.foot == told.foot) & (now.before == told.before) & (now.before_that == told.before_that)
        return now.rows(~same | ~now.again)

    def _look(self, place: NDArray[np.int64], newest: int) -> _Looks:
        """Contacts as they look now; those before the newest were told before."""
        recent = self._recent
        # No landing follows what lies before the first: its number does not matter.
        one, two = np.maximum(place - 1, 0), np.maximum(place - 2, 0)
        before = np.where(recent.follows[place], recent.foot[one], NOBODY)
        before_that = np.where((before != NOBODY) & recent.follows[one], recent.foot[two], NOBODY)
        return _Looks(place, place < newest, recent.foot[place], before, before_that, recent.confidence[place])

    def _landings(self, told: _Looks) -> Landings:
        recent, place = self._recent, told.place
        # Where nobody landed before, any row will do: it is not looked at.
        one, two = np.maximum(place - 1, 0), np.maximum(place - 2, 0)
        took_turns = told.before == -told.foot
        twice = took_turns & (told.before_that == told.foot)
        known = told.before != NOBODY
        contact_s, toe_off_s = recent.initial_contact_s[place], recent.toe_off_s[place]
        flight_s = contact_s - recent.toe_off_s[one]
        return Landings(
            seq=self._first_seq + place,
            again=told.again,
            left=told.foot == LEFT,
            confidence=told.confidence,
            trust_in_gait=recent.trust_in_gait[place],
            error_deg=recent.error_deg[place],
            initial_contact_s=contact_s,
            toe_off_s=toe_off_s,
            running=recent.running[place],
            step_time_s=np.where(took_turns, contact_s - recent.initial_contact_s[one], np.nan),
            flight_time_s=np.where(took_turns & (flight_s > 0.0), flight_s, np.nan),
            contact_before_s=np.where(twice, recent.initial_contact_s[two], np.nan),
            toe_off_before_s=np.where(twice, recent.toe_off_s[two], np.nan),
            missing=recent.missing[place] | (known & recent.missing[one]),
            clipped=recent.clipped[place] | (known & recent.clipped[one]),
        )
