"""A look into a hub's outbox from outside of the service, which may be running."""

from dataclasses import dataclass

from sensorhub.adapters.sqlite.database import Database
from sensorhub.adapters.sqlite.hub_outbox import DeadLetter, SqliteOutbox
from sensorhub.adapters.sqlite.hub_schema import HUB_SCHEMA
from sensorhub.config import Settings
from sensorhub.model.errors import InputError
from sensorhub.pipeline.outbox import OutboxParams


@dataclass(frozen=True, slots=True)
class OutboxView:
    """What waits. `queued`: records that were queued again just now."""

    unsent: int
    unconfirmed: int
    queued: int
    dead_letters: list[DeadLetter]


def look_into_outbox(settings: Settings, retry: list[int] | None, *, everything: bool) -> OutboxView:
    """Counts and dead letters.

    First queue again the dead letters of `retry` (empty: all, None: none), or `everything` that the hub still has.
    """
    path = settings.hub.folder / "hub.sqlite"
    if not path.exists():
        raise InputError(f"{path} is not there: no hub has kept anything in hub.data_dir yet.")
    database = Database(path, HUB_SCHEMA)
    try:
        outbox = SqliteOutbox(database, OutboxParams())
        queued = 0
        if everything:
            queued = outbox.queue_everything()
        elif retry is not None:
            queued = outbox.retry_dead_letters(retry or None)
        unsent, unconfirmed, _ = outbox.counts()
        return OutboxView(unsent, unconfirmed, queued, outbox.dead_letters(limit=10_000))
    finally:
        database.close()
