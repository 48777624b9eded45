"""A recording with what was done in it."""

from dataclasses import dataclass

from sensorhub.model.exercise import Drill
from sensorhub.model.gait import Side
from sensorhub.model.samples import SampleBlock
from tests.yardstick.other_bodies.body import Doing


@dataclass(frozen=True, slots=True)
class MadeSet:
    """A set as it was done: `side` is the direction of a walk, the side that is down, the knee that opens."""

    drill: Drill
    side: Side
    start_s: float
    end_s: float
    count: int | None = None

    @property
    def hold_s(self) -> float:
        """How long it took: of a side plank, the time off the floor."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class Recording:
    """Samples, the sets in them, and everything else that the body was busy with."""

    block: SampleBlock
    sets: tuple[MadeSet, ...]
    doings: tuple[Doing, ...]
