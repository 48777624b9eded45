"""Takes every byte of a runner out of the SQLite files, free pages and write-ahead log included."""

from pathlib import Path

import msgspec

from sensorhub.adapters.sqlite.database import Database
from sensorhub.adapters.sqlite.hub_schema import HUB_SCHEMA
from sensorhub.adapters.sqlite.keeper import KEEPER_SCHEMA
from sensorhub.adapters.sqlite.refused_book import REFUSED_SCHEMA


def erase_from_store(path: Path, runner: str) -> int:
    """Erase a runner from a hub's store, with outbox and dead letters; how many records."""
    database = Database(path, HUB_SCHEMA)
    try:
        with database.transaction() as connection:
            gone = connection.execute("DELETE FROM record WHERE runner = ?", (runner,)).rowcount
        database.compact()
    finally:
        database.close()
    return gone


def erase_from_keeper(path: Path, runner: str) -> int:
    """Erase a runner from a keeper; how many records."""
    database = Database(path, KEEPER_SCHEMA)
    try:
        with database.transaction() as connection:
            connection.execute(
                "DELETE FROM digest WHERE session IN (SELECT session FROM record WHERE runner = ?)", (runner,)
            )
            gone = connection.execute("DELETE FROM record WHERE runner = ?", (runner,)).rowcount
        database.compact()
    finally:
        database.close()
    return gone


def erase_from_refused(path: Path, runner: str) -> int:
    """Erase a runner from a book of refused records; how many. What is no record stays: it names nobody for sure."""
    database = Database(path, REFUSED_SCHEMA)
    try:
        with database.transaction() as connection:
            rows = connection.execute("SELECT id, payload FROM refused").fetchall()
            meant = [(row_id,) for row_id, payload in rows if names_runner(payload, runner)]
            connection.executemany("DELETE FROM refused WHERE id = ?", meant)
        database.compact()
    finally:
        database.close()
    return len(meant)


class _Whose(msgspec.Struct):
    runner: str | None = None


def names_runner(payload: bytes, runner: str) -> bool:
    """Whether a JSON object says that it is this runner's."""
    try:
        return msgspec.json.decode(payload, type=_Whose).runner == runner
    except ValueError:  # no JSON, or no UTF-8 in it
        return False
