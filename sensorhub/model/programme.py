"""A programme of drills as a coach writes it: what, how often, how long, and how it grows harder."""

from dataclasses import dataclass

from sensorhub.model.exercise import Drill
from sensorhub.model.gait import Side
from sensorhub.model.guided import Unit

UNITS = {Drill.BAND_WALK: Unit.STEPS, Drill.SIDE_PLANK: Unit.SECONDS, Drill.STANDING_CLAMSHELL: Unit.REPS}


@dataclass(frozen=True, slots=True)
class Stage:
    """One degree of difficulty: the range of steps, seconds or repetitions of a set, and what to mind."""

    name: str
    low: float
    high: float
    cue: str


@dataclass(frozen=True, slots=True)
class Prescription:
    """One drill: sets of each side, the rest after a pair of sides, the time to change sides, and its stages.

    `stage` is where the runner is, from 1, and `since_unix_ns` since when (None: always). Either side may be done
    first; `first_side` is what is asked for.
    """

    drill: Drill
    sets: int
    rest_s: float
    change_s: float
    first_side: Side
    stage: int
    stages: tuple[Stage, ...]
    since_unix_ns: int | None = None

    @property
    def unit(self) -> Unit:
        """What its sets are counted in."""
        return UNITS[self.drill]

    @property
    def present(self) -> Stage:
        """The stage where the runner is."""
        return self.stages[self.stage - 1]


@dataclass(frozen=True, slots=True)
class ProgressionRule:
    """When the next stage is suggested: so many sessions in a row at the top of the range, this level at least.

    The top of the range begins at `top_share` of its high end: a runner needs a moment to get into a hold.
    """

    sessions: int
    level_score: float
    top_share: float


@dataclass(frozen=True, slots=True)
class Programme:
    """A whole programme."""

    name: str
    get_ready_s: float
    drills: tuple[Prescription, ...]
    progression: ProgressionRule


@dataclass(frozen=True, slots=True)
class ProgrammeStep:
    """One set of one side, with the rest that follows it."""

    prescription: Prescription
    set: int
    side: Side
    rest_s: float


def steps_of(programme: Programme) -> tuple[ProgrammeStep, ...]:
    """Lay a programme out: each set on both sides, then rest; no rest after the last."""
    steps: list[ProgrammeStep] = []
    for prescription in programme.drills:
        for number in range(1, prescription.sets + 1):
            first = prescription.first_side
            steps.append(ProgrammeStep(prescription, number, first, prescription.change_s))
            steps.append(ProgrammeStep(prescription, number, first.other, prescription.rest_s))
    return tuple(steps)
