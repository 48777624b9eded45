"""The keeper: every record of a hub, by number; the highest revision holds, keeping twice changes nothing."""

import sqlite3
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import msgspec

from sensorhub.adapters.sqlite.database import PAGE_BYTES, Database, Schema, is_sound
from sensorhub.adapters.sqlite.digests import DIGEST_TABLE, session_digest
from sensorhub.adapters.sqlite.page_scan import scan_rows
from sensorhub.adapters.sqlite.set_aside import set_aside
from sensorhub.pipeline.ports import SessionDigest, StoredRecord

KEEPER_SCHEMA = Schema(
    application_id=0x53480002,
    name="a sensorhub keeper",
    versions=(
        (
            # AUTOINCREMENT: ids rise with every write, so a reader that asks "since" misses nothing.
            """CREATE TABLE record (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                crc INTEGER NOT NULL,
                hub TEXT NOT NULL,
                seq INTEGER NOT NULL,
                revision INTEGER NOT NULL,
                kind TEXT NOT NULL,
                session TEXT NOT NULL,
                runner TEXT NOT NULL,
                t_us INTEGER NOT NULL,
                payload TEXT NOT NULL,
                UNIQUE (hub, seq)
            )""",
            "CREATE INDEX record_session ON record (session, kind, t_us)",
            DIGEST_TABLE,
        ),
        (
            "CREATE TABLE file (number INTEGER NOT NULL)",
            "INSERT INTO file VALUES (random())",
        ),
    ),
)
COLUMNS = 10
DAMAGED_ROWS = (
    "SELECT 1 FROM record WHERE NOT is_whole(crc, hub, seq, revision, kind, session, runner, t_us, payload) LIMIT 1"
)
IN_ORDER = "ORDER BY kind = 'summary', t_us, id"


class _Key(msgspec.Struct):
    """What the keeper has to know of a record."""

    type: str
    hub: str
    seq: int
    session: str
    runner: str
    revision: int = 0
    initial_contact_s: float | None = None
    t_s: float | None = None
    start_s: float | None = None

    @property
    def t_us(self) -> int:
        known = (self.initial_contact_s, self.t_s, self.start_s)
        return round(1e6 * next((instant for instant in known if instant is not None), 0.0))


class Keeper:
    """What the page and the history read; see ports.History. Threads may share it.

    `rescued`: one line for people if the file was damaged when it was opened, else None.
    """

    def __init__(self, database: Database, rescued: str | None = None) -> None:
        self.rescued = rescued
        self._database = database

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open or make the keeper. A damaged file is set aside and what is whole in it is taken over."""
        if not path.exists() or is_sound(path, DAMAGED_ROWS, {"is_whole": _is_whole}):
            return cls(Database(path, KEEPER_SCHEMA))
        damaged = set_aside(path)
        rows = scan_rows(damaged, PAGE_BYTES)
        whole = [str(values[-1]).encode() for _, values in rows if len(values) == COLUMNS and _is_whole(*values[1:])]
        rescued = f"the history was damaged: {len(whole)} whole records kept, the old file is {damaged}; check the card"
        keeper = cls(Database(path, KEEPER_SCHEMA), rescued)
        keeper.keep(whole)
        return keeper

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @property
    def number(self) -> int:
        """Which file this is: one that was lost, or damaged and made anew, had another number."""
        return self._database.number("SELECT number FROM file")

    def keep(self, records: Sequence[bytes]) -> list[StoredRecord]:
        """Keep records in one transaction, on the disk when this returns; those that are new here, by rising id.

        Raises StoreError, after which nothing of it has happened.
        """
        with self._database.transaction() as connection:
            ids = [_upsert(connection, msgspec.json.decode(data, type=_Key), data.decode()) for data in records]
        return [StoredRecord(new, data) for new, data in zip(ids, records, strict=True) if new is not None]

    def count(self) -> int:
        """How many records are kept."""
        return self._database.number("SELECT count(*) FROM record")

    def recent(self, limit: int) -> list[StoredRecord]:
        """Give the last records that were written, of whatever session, by rising id."""
        rows = self._database.query("SELECT id, payload FROM record ORDER BY id DESC LIMIT ?", (limit,))
        return _stored(reversed(rows))

    def since(self, event_id: int, limit: int) -> list[StoredRecord]:
        """Give the records written after this id, by rising id."""
        return _stored(
            self._database.query("SELECT id, payload FROM record WHERE id > ? ORDER BY id LIMIT ?", (event_id, limit))
        )

    def records_of(self, session: str, limit: int) -> list[StoredRecord]:
        """Give the records of one session, oldest first; none for a session that is not known."""
        return _stored(
            self._database.query(
                f"SELECT id, payload FROM record WHERE session = ? {IN_ORDER} LIMIT ?",  # noqa: S608 - a constant
                (session, limit),
            )
        )

    def sessions(self, limit: int) -> list[SessionDigest]:
        """Give the newest sessions, newest first."""
        rows = self._database.query(
            "SELECT session, max(id) AS newest FROM record GROUP BY session ORDER BY newest DESC LIMIT ?", (limit,)
        )
        return [session_digest(self._database, session, newest) for session, newest in rows]


def _upsert(connection: sqlite3.Connection, key: _Key, line: str) -> int | None:
    """The new id, None if this revision or a higher one is kept already."""
    old = connection.execute("SELECT revision FROM record WHERE hub = ? AND seq = ?", (key.hub, key.seq)).fetchone()
    if old is not None and old[0] >= key.revision:
        return None
    values = (key.hub, key.seq, key.revision, key.type, key.session, key.runner, key.t_us, line)
    return connection.execute(
        "INSERT OR REPLACE INTO record (crc, hub, seq, revision, kind, session, runner, t_us, payload)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (_crc(*values), *values),
    ).lastrowid


def _crc(*values: Any) -> int:
    return zlib.crc32("\x1f".join(map(str, values)).encode())


def _is_whole(crc: Any, *values: Any) -> bool:
    return isinstance(values[-1], str) and bool(crc == _crc(*values))


def _stored(rows: Any) -> list[StoredRecord]:
    return [StoredRecord(event_id, payload.encode()) for event_id, payload in rows]
