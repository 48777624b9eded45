"""How an event becomes a row: the identity that makes it the same record when it comes again, its number, its bytes."""

import hashlib
import sqlite3
from dataclasses import dataclass

from sensorhub.adapters.sqlite.hub_schema import row_crc
from sensorhub.formats.records import encode_record, record_type
from sensorhub.model.events import Event
from sensorhub.model.gait import Stride
from sensorhub.model.session import Record, Session
from sensorhub.pipeline.outbox import OutboxParams, why_not_sendable
from sensorhub.pipeline.topics import record_topic


@dataclass(slots=True)
class PendingRow:
    """An event on its way into the store. `seq` is 0 until it has a number."""

    event: Event
    session: Session
    identity: str
    revision: int
    seq: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it one record."""
        return self.session.session, self.session.sensor, self.identity

    @property
    def record(self) -> Record:
        """The record under its number."""
        return Record(self.session, self.seq, self.event)


def pending_row(event: Event, session: Session) -> PendingRow:
    """A stride is known by its count in the session, anything else by its content."""
    if isinstance(event, Stride):
        return PendingRow(event, session, f"stride:{event.seq}", event.revision)
    digest = hashlib.blake2b(repr(event).encode(), digest_size=12).hexdigest()
    return PendingRow(event, session, f"{record_type(event)}:{digest}", 0)


def number_row(connection: sqlite3.Connection, row: PendingRow, next_seq: int) -> tuple[int | None, int]:
    """Give the row its number: its old one if the store knows it. The revision that is kept (None: new), next_seq."""
    old = connection.execute(
        "SELECT seq, revision FROM record WHERE session = ? AND sensor = ? AND identity = ?", row.key
    ).fetchone()
    if old is not None:
        row.seq, kept_revision = old
        return kept_revision, next_seq
    row.seq = row.seq or next_seq
    return None, max(next_seq, row.seq + 1)


def write_row(
    connection: sqlite3.Connection, row: PendingRow, missing: int, params: OutboxParams, unix_ns: int
) -> None:
    """Write the record, to be kept, and its place in the outbox or, where no broker could take it, a dead letter.

    `missing` are the bits of those who are to have it by way of the broker; 0: there is none.
    """
    session, payload = row.session, encode_record(row.record)
    topic = record_topic(session.hub, session.sensor, record_type(row.event))
    texts = (session.sensor, session.session, session.runner, row.identity, topic)
    crc = row_crc(row.seq, row.revision, *texts, payload)
    connection.execute(
        """INSERT INTO record VALUES (?, ?, ?, ?, NULL, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (seq) DO UPDATE SET crc = excluded.crc, revision = excluded.revision, missing = excluded.missing,
           sent_tick = NULL, payload = excluded.payload""",
        (row.seq, crc, row.revision, missing, *texts, payload),
    )
    connection.execute("INSERT OR REPLACE INTO unkept VALUES (?, ?)", (row.seq, row.revision))
    if not missing:
        return
    connection.execute("DELETE FROM dead_letter WHERE seq = ?", (row.seq,))
    why_not = why_not_sendable(topic, payload, params)
    if why_not is None:
        connection.execute("INSERT OR REPLACE INTO outbox (seq) VALUES (?)", (row.seq,))
    else:
        connection.execute("INSERT INTO dead_letter VALUES (?, 0, ?, ?)", (row.seq, why_not, unix_ns))
