"""What the runner was doing, and what the signal lacked."""

from dataclasses import dataclass
from enum import StrEnum


class Activity(StrEnum):
    """What a span of a session was."""

    RUN = "run"
    WALK = "walk"
    STAND = "stand"
    BAND_WALK = "band_walk"
    SIDE_PLANK = "side_plank"
    STANDING_CLAMSHELL = "standing_clamshell"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Gap:
    """Samples that never came, from the last sample before to the first one after."""

    start_s: float
    end_s: float
    samples: int


@dataclass(frozen=True, slots=True)
class ActivitySpan:
    """One activity from start to end."""

    activity: Activity
    start_s: float
    end_s: float
