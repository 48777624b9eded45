"""A guided session of drills as it is shown: what is due, how far it is, and what has been done."""

from dataclasses import dataclass
from enum import StrEnum

from sensorhub.model.exercise import Drill
from sensorhub.model.gait import Side


class GuidedPhase(StrEnum):
    """Where a guided session is."""

    READY = "ready"
    COUNTDOWN = "countdown"
    WORK = "work"
    REST = "rest"
    PAUSED = "paused"
    DONE = "done"


class GuidedAction(StrEnum):
    """What the runner may ask of a guided session."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    SKIP = "skip"
    STOP = "stop"


class Unit(StrEnum):
    """What a prescription counts."""

    STEPS = "steps"
    REPS = "reps"
    SECONDS = "s"


@dataclass(frozen=True, slots=True)
class SetResult:
    """One set, done against prescribed. `done` is None where it could not be counted."""

    drill: Drill
    set: int
    side: Side
    prescribed_low: float
    prescribed_high: float
    done: float | None
    unit: Unit
    level_score: float | None


@dataclass(frozen=True, slots=True)
class GuidedState:
    """What page and terminal show. Unknown is None.

    step of steps: place in the whole programme, from 1. set of sets: of this drill and side. side: the direction of
    a band walk, the side that is down, the knee that moves. count: live steps or repetitions. clock_s: live seconds
    of a hold. remaining_s: of a countdown or a rest. level_score: of the last set, 0 to 100. cue: one line for
    people. sensor_lost: no motion came lately; the clock goes on, the count waits. rings: rises by one each time a
    bell is due.
    """

    programme: str
    phase: GuidedPhase
    drill: Drill | None
    step: int
    steps: int
    set: int
    sets: int
    side: Side | None
    target_low: float | None
    target_high: float | None
    unit: Unit | None
    count: int | None
    clock_s: float | None
    remaining_s: float | None
    level_score: float | None
    cue: str
    next: str | None
    sensor_lost: bool
    rings: int
    results: tuple[SetResult, ...]
