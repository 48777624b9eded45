"""The ports: what the hub needs from the world, in the hub's words. Adapters have these shapes."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Protocol

from sensorhub.analysis.training.progression import Suggestion
from sensorhub.model.frames import LinkReport, RawFrame
from sensorhub.model.guided import GuidedAction


class FrameSource(Protocol):
    """A sensor, real or replayed: frames in the order they came, until it ends. It reconnects by itself.

    Every `RawFrame` belongs to the decoder and the recording, link marks included; a `LinkReport` is for health only.
    """

    def frames(self) -> AsyncGenerator[RawFrame | LinkReport, None]:
        """Yield frames as they arrive, and reports as the link changes. Closing the iterator ends the connection."""
        ...


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as the store keeps it: its JSON line, and the id under which a reader resumes.

    Ids rise with every write. A revised record replaces the older one and takes a new id, so that whoever asks for
    what came after an id gets the revision too.
    """

    event_id: int
    data: bytes


@dataclass(frozen=True, slots=True)
class SessionDigest:
    """What one session came to, for lists and the long time axis. Means are of the trusted strides; unknown is None."""

    session: str
    runner: str
    start_unix_ns: int | None
    duration_s: float | None
    strides: int
    pelvic_drop_left_deg: float | None
    pelvic_drop_right_deg: float | None
    pelvic_drop_excursion_left_deg: float | None
    pelvic_drop_excursion_right_deg: float | None
    band_walk_sets: int
    band_walk_steps: int
    side_plank_sets: int
    side_plank_hold_s: float
    standing_clamshell_sets: int
    standing_clamshell_reps: int
    level_score: float | None


class GuidedControl(Protocol):
    """A guided session that is running, as whoever watches may steer it."""

    def act(self, action: GuidedAction) -> None:
        """Do what the runner asks, where the session is in a phase for it."""
        ...


class Adviser(Protocol):
    """Applies the coach's rule to what was kept. Calls block for a while and come from worker threads."""

    def suggestions(self, runner: str) -> Sequence[Suggestion]:
        """Give what the rule says of each drill of this runner."""
        ...


class History(Protocol):
    """What was kept. Calls block for a short while and come from worker threads, several at a time."""

    def recent(self, limit: int) -> list[StoredRecord]:
        """Give the last records written, by rising id."""
        ...

    def since(self, event_id: int, limit: int) -> list[StoredRecord]:
        """Give the records written after this id, by rising id."""
        ...

    def sessions(self, limit: int) -> list[SessionDigest]:
        """Give the newest sessions, newest first."""
        ...

    def records_of(self, session: str, limit: int) -> list[StoredRecord]:
        """Give the records of one session, oldest first; none for a session that is not known."""
        ...
