"""What the database will never take, kept for somebody to look at."""

import time
from dataclasses import dataclass
from pathlib import Path

from sensorhub.adapters.sqlite.database import Database, Schema

REFUSED_SCHEMA = Schema(
    application_id=0x53480003,
    name="a book of refused records",
    versions=(
        (
            """CREATE TABLE refused (
                id INTEGER PRIMARY KEY,
                topic TEXT NOT NULL,
                payload BLOB NOT NULL UNIQUE,
                reason TEXT NOT NULL,
                since_unix_ns INTEGER NOT NULL
            )""",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Refused:
    """A message and why it was refused."""

    topic: str
    payload: bytes
    reason: str


class SqliteRefusedBook:
    """A file of refused messages; the same one twice is one entry."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, REFUSED_SCHEMA)

    def add(self, topic: str, payload: bytes, reason: str) -> None:
        """Keep one; on the disk when this returns."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO refused (topic, payload, reason, since_unix_ns) VALUES (?, ?, ?, ?)",
                (topic, payload, reason, time.time_ns()),
            )

    def entries(self, limit: int = 100) -> list[Refused]:
        """The oldest entries."""
        rows = self._database.query("SELECT topic, payload, reason FROM refused ORDER BY id LIMIT ?", (limit,))
        return [Refused(*row) for row in rows]

    def close(self) -> None:
        """Close the file."""
        self._database.close()
