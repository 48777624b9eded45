"""The three hip drills: repetitions and sets."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from sensorhub.model.gait import Side


class Drill(StrEnum):
    """The drills a therapist prescribes to runners."""

    BAND_WALK = "band_walk"
    SIDE_PLANK = "side_plank"
    STANDING_CLAMSHELL = "standing_clamshell"


@dataclass(frozen=True, slots=True)
class Announcement:
    """From a moment of the session on, which drill and side the runner was told to do; None: nothing, or either side.

    What is done is measured all the same: an announcement only lets it be believed sooner.
    """

    from_s: float
    drill: Drill | None
    side: Side | None


@dataclass(frozen=True, slots=True)
class DrillRep:
    """One step of the leading foot in a band walk, or one clamshell repetition. `rep` counts from 1 in its set."""

    drill: Drill
    set: int
    rep: int
    t_s: float
    direction: Side | None
    side: Side | None
    duration_s: float | None
    pelvic_drop_deg: float | None


@dataclass(frozen=True, slots=True)
class BandWalkSet:
    """Band-walk steps of the leading foot in one direction, between two pauses or turns."""

    drill: ClassVar = Drill.BAND_WALK
    set: int
    direction: Side
    steps: int
    start_s: float
    end_s: float
    tempo_spm: float | None
    step_evenness: float | None
    level_score: float | None


@dataclass(frozen=True, slots=True)
class SidePlankSet:
    """One hold on one side; `side` is the side that is down."""

    drill: ClassVar = Drill.SIDE_PLANK
    set: int
    side: Side
    hold_s: float
    sag_deg: float | None
    shake_deg: float | None
    leg_lift: bool | None
    leg_lift_confidence: float | None
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class ClamshellSet:
    """Clamshells of one knee; where the pelvis was too level to count, `reps` is None and `reason` says so.

    `side` is then None too, where the knee could not be told either.
    """

    drill: ClassVar = Drill.STANDING_CLAMSHELL
    set: int
    side: Side | None
    reps: int | None
    reps_confidence: float
    reason: str | None
    start_s: float
    end_s: float
    tempo_s: float | None
    level_score: float | None


DrillSet = BandWalkSet | SidePlankSet | ClamshellSet
