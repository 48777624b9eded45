"""The hub's store: a record and its place in the outbox, in one transaction, before anybody hears of it."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from sensorhub.adapters.sqlite.database import Database, DiskFullError, StoreUnavailableError
from sensorhub.adapters.sqlite.hub_outbox import SqliteOutbox, assign_bits, next_run
from sensorhub.adapters.sqlite.hub_rescue import open_or_rescue
from sensorhub.adapters.sqlite.hub_rows import PendingRow, number_row, pending_row, write_row
from sensorhub.adapters.sqlite.reserve import Ballast, SeqReserve
from sensorhub.adapters.sqlite.unkept import Unkept
from sensorhub.formats.records import decode_record
from sensorhub.model.events import Event
from sensorhub.model.session import Record, Session
from sensorhub.model.status import SensorStatus
from sensorhub.pipeline.outbox import OutboxParams

EPOCH_UNIX_S = 1_700_000_000
BACKLOG_LIMIT = 50_000
TRY_AGAIN_S = 1.0
ANSWER_WITHIN_S = 2.0


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """How the store fares. `detail` is one line for people where something is wrong, else None."""

    unsent: int
    unconfirmed: int
    dead_letters: int
    in_memory_only: int
    detail: str | None


class HubStore:
    """Keeps every record until the keeper and every database that it was told of hold it. Threads may share it.

    `outbox` is the sender's side of it, `unkept` the keeper's. When the disk is full the records wait in memory, in
    order, `trouble()` says so, and once a second it is tried again.
    """

    def __init__(self, database: Database, outbox: SqliteOutbox, rescued: str | None) -> None:
        self.outbox = outbox
        self.unkept = Unkept(database)
        self._database = database
        self._reserve = SeqReserve(database.path)
        self._ballast = Ballast(database.path)
        self._lock = threading.Lock()
        self._backlog: list[PendingRow] = []
        self._shed = 0
        self._full: str | None = None
        self._try_again_s = 0.0
        self._rescued = rescued
        self._next_seq = self._first_free_seq()
        self._low = not self._ballast.keep()

    @classmethod
    def open(cls, path: Path, params: OutboxParams | None = None, *, stored_by: Sequence[str] | None = ()) -> Self:
        """Open or make the store. A damaged file is set aside and what is whole in it is taken over.

        `stored_by`: the groups of writers elsewhere that must each confirm a record before it may be pruned. With none,
        what the broker took counts as stored; with None there is no broker, and nothing waits for one.
        """
        database, rescued = open_or_rescue(path)
        assign_bits(database, stored_by)
        outbox = SqliteOutbox(database, params or OutboxParams(), next_run(database))
        return cls(database, outbox, rescued)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Write what still waits in memory, if the disk lets it, and close."""
        self.retry()
        self._database.close()

    def put(self, event: Event, session: Session) -> Record:
        """Keep one event; see put_many."""
        return self.put_many([(event, session)])[0]

    def put_many(self, events: Sequence[tuple[Event, Session]]) -> list[Record]:
        """Keep events in one transaction, on the disk when this returns, and give their records.

        The same event of the same session is one record: put twice it keeps its seq, and only a higher revision of a
        stride replaces it and is sent again. A sensor's status is told the depth of the outbox.
        """
        with self._lock:
            fresh = [pending_row(self._with_depth(event), session) for event, session in events]
            self._keep([*self._backlog, *fresh])
        self.outbox.notify()
        return [row.record for row in fresh]

    def latest(self, sensor: str, limit: int) -> list[Record]:
        """Give the last records of a sensor's last session, the newest number first; none if it never had one."""
        rows = self._database.query(
            """SELECT payload FROM record WHERE sensor = ?1 AND session =
               (SELECT session FROM record WHERE sensor = ?1 ORDER BY seq DESC LIMIT 1) ORDER BY seq DESC LIMIT ?2""",
            (sensor, limit),
        )
        return [decode_record(payload) for (payload,) in rows]

    def retry(self) -> None:
        """Write at once what waits in memory since the disk was full; nothing to do most of the time."""
        with self._lock:
            self._keep(self._backlog, at_once=True)
        self.outbox.notify()

    def status(self) -> StoreStatus:
        """How many wait for what."""
        trouble = self.trouble()
        return StoreStatus(*self.outbox.counts(), len(self._backlog), trouble)

    def trouble(self) -> str | None:
        """One line for people where something is wrong. It also writes what waits in memory, if it is time to try."""
        path = self._database.path
        if not self._lock.acquire(timeout=ANSWER_WITHIN_S):
            return f"the disk of {path} does not answer: records wait in memory, look at the card or the disk"
        try:
            self._keep(self._backlog)
        finally:
            self._lock.release()
        shed = f"{self._shed} records found no room on the disk of {path} nor in memory, and are lost"
        low = f"little room is left on the disk of {path}: free some"
        return self._full or (shed if self._shed else None) or (low if self._low else None) or self._rescued

    def depth(self) -> int:
        """How many records the far end is not known to hold."""
        return self.outbox.unconfirmed()

    def _with_depth(self, event: Event) -> Event:
        return replace(event, outbox_depth=self.depth()) if isinstance(event, SensorStatus) else event

    def _keep(self, rows: list[PendingRow], *, at_once: bool = False) -> None:
        if not rows:
            return
        if self._full is not None and not at_once and time.monotonic() < self._try_again_s:
            self._hold(rows)
            return
        self._try_again_s = time.monotonic() + TRY_AGAIN_S
        try:
            self._write_into_ballast(rows)
        except StoreUnavailableError as error:
            self._full = str(error)
            self._hold(rows)
        else:
            self._full = None
            self._low = self._low and not self._ballast.keep()

    def _write_into_ballast(self, rows: list[PendingRow]) -> None:
        try:
            self._write(rows)
        except DiskFullError:
            self._low = True
            if not self._ballast.drop():
                raise
            self._write(rows)

    def _write(self, rows: list[PendingRow]) -> None:
        next_seq = self._next_seq
        self._reserve.cover(next_seq + len(rows))
        unix_ns = time.time_ns()
        with self._database.transaction() as connection:
            for row in rows:
                kept_revision, next_seq = number_row(connection, row, next_seq)
                if kept_revision is None or row.revision > kept_revision:
                    write_row(connection, row, self.outbox.everyone, self.outbox.params, unix_ns)
        self._next_seq = next_seq
        self._backlog = []

    def _hold(self, rows: list[PendingRow]) -> None:
        """Number the rows in memory, newest revision of each, for as long as the disk is full."""
        newest: dict[tuple[str, str, str], PendingRow] = {}
        for row in rows:
            held = newest.get(row.key)
            if held is not None:
                row.seq = held.seq
            elif not row.seq:
                row.seq = self._next_seq
            self._next_seq = max(self._next_seq, row.seq + 1)
            if held is None or row.revision >= held.revision:
                newest[row.key] = row
        held_rows = list(newest.values())
        self._shed += max(0, len(held_rows) - BACKLOG_LIMIT)
        self._backlog = held_rows[-BACKLOG_LIMIT:]

    def _first_free_seq(self) -> int:
        used = max(self._reserve.ceiling, self._database.number("SELECT max(seq) FROM record"))
        # A place that never had a store: a replaced card of a hub that goes on under its name must not use its old
        # numbers again.
        return used + 1 if used else _number_from_clock()


def _number_from_clock() -> int:
    """A number that no earlier store has reached: a thousand a second are more than a hub ever makes."""
    return max(1, (int(time.time()) - EPOCH_UNIX_S) * 1000)


def renumber_from_clock(path: Path) -> None:
    """Let a store that came out of a backup go on with numbers that nobody has used since."""
    SeqReserve(path).cover(_number_from_clock())
