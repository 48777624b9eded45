"""Contacts in a row become landings with a side, and are corrected when a slip of the step count comes to light."""

from collections import deque
from dataclasses import dataclass, field

from sensorhub.analysis.gait.contact import Contact
from sensorhub.analysis.gait.laterality import Laterality, LateralityParams
from sensorhub.analysis.gait.stride_quality import QualityParams, StrideQuality
from sensorhub.analysis.gait.strides import Landing

LOOKS_BACK = 5
"""How many contacts after a slip of the step count still tell better where it was."""


@dataclass(frozen=True, slots=True)
class LandingParams:
    """The parameters of its parts."""

    laterality: LateralityParams = field(default_factory=LateralityParams)
    quality: QualityParams = field(default_factory=QualityParams)


class Landings:
    """Numbers the landings; the last ones come again when their side was wrong."""

    def __init__(self, params: LandingParams | None = None) -> None:
        self._params = params or LandingParams()
        self._laterality = Laterality(self._params.laterality)
        self._quality = StrideQuality(self._params.quality)
        self._seq = 0
        self._doubtful = 0
        self._recent: deque[Landing] = deque(maxlen=self._params.laterality.memory)

    def feed(self, contact: Contact) -> list[Landing]:
        """The landing of this contact, after those whose side it corrects."""
        belief = self._laterality.feed(contact)
        joined = contact.step_time_s is not None
        before = self._recent[-1] if self._recent and joined else None
        landing = Landing(
            seq=self._seq,
            contact=contact,
            belief=belief,
            trust=self._quality.feed(contact, belief),
            before=None if before is None else (before.belief.side, before.contact),
            before_that=None if before is None else before.before,
        )
        self._seq += 1
        self._recent.append(landing)
        if before is not None and before.belief.side is belief.side:
            self._doubtful = LOOKS_BACK
        if not self._doubtful:
            return [landing]
        self._doubtful -= 1
        return self._corrected()

    def _corrected(self) -> list[Landing]:
        """The recent landings that look different from here, and the newest."""
        changed: list[Landing] = []
        for index, belief in enumerate(self._laterality.looking_back()):
            landing = self._recent[index]
            better = landing if belief.side is landing.belief.side else landing._replace(belief=belief)
            if index and landing.before is not None:
                before = self._recent[index - 1]
                better = better._replace(before=(before.belief.side, before.contact), before_that=before.before)
            if better != landing or index == len(self._recent) - 1:
                self._recent[index] = better
                changed.append(better)
        return changed
