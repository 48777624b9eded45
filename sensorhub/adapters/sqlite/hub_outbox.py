"""The outbox in the hub's file: what has to be sent, what was sent but not confirmed, what was given up."""

import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sensorhub.adapters.sqlite.database import Database
from sensorhub.adapters.sqlite.hub_schema import row_crc
from sensorhub.pipeline.outbox import Letter, OutboxParams
from sensorhub.pipeline.stored import StoredMark


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record that no broker took. `tries` 0: it never could have been sent."""

    seq: int
    topic: str
    tries: int
    reason: str
    since_unix_ns: int
    payload: bytes


BROKER_BIT = 1
TICKS_PER_RUN = 1_000_000


def assign_bits(database: Database, stored_by: Sequence[str] | None) -> None:
    """Give each group its bit; nobody else is waited for any more, with None not even the broker."""
    with database.transaction() as connection:
        known = dict(connection.execute("SELECT name, bit FROM reader").fetchall())
        for name in stored_by or ():
            if name not in known:
                free = next(bit for bit in (1 << place for place in range(1, 62)) if bit not in known.values())
                known[name] = free
                connection.execute("INSERT INTO reader VALUES (?, ?)", (name, free))
        everyone = 0 if stored_by is None else sum((known[name] for name in stored_by), start=BROKER_BIT)
        # Millions of records may wait, so they are gone through only when this has changed.
        if _counter(connection, "everyone") != everyone:
            connection.execute("UPDATE record SET missing = missing & ? WHERE missing <> 0", (everyone,))
            connection.execute("DELETE FROM outbox WHERE seq IN (SELECT seq FROM record WHERE missing = 0)")
            connection.execute("INSERT OR REPLACE INTO counter VALUES ('everyone', ?)", (everyone,))


def next_run(database: Database) -> int:
    """Count this run, so that what an earlier one sent is known to be long ago."""
    with database.transaction() as connection:
        run = (_counter(connection, "run") or 0) + 1
        connection.execute("INSERT OR REPLACE INTO counter VALUES ('run', ?)", (run,))
    return run


def _counter(connection: sqlite3.Connection, name: str) -> int | None:
    row = connection.execute("SELECT value FROM counter WHERE name = ?", (name,)).fetchone()
    return None if row is None else int(row[0])


class SqliteOutbox:
    """The sender's side of the store. Threads may share it; see pipeline.outbox.Outbox for the promises.

    What only saves sending twice is not synced: after a power cut it is sent, and confirmed, once more.
    """

    def __init__(self, database: Database, params: OutboxParams, run: int = 0) -> None:
        self.params = params
        self.everyone = database.number("SELECT value FROM counter WHERE name = 'everyone'")
        """The bits of all who do not have a new record."""
        self._database = database
        self._listeners: list[Callable[[], None]] = []
        self._tick = run * TICKS_PER_RUN
        readers = database.query("SELECT name, bit FROM reader")
        self._bits: dict[str, int] = {name: bit for name, bit in readers if bit & self.everyone}

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups of writers that must confirm."""
        return tuple(self._bits)

    def listen(self, wake: Callable[[], None]) -> None:
        """Call this, from whatever thread puts, whenever there may be something to send."""
        self._listeners.append(wake)

    def notify(self) -> None:
        """Tell the listeners."""
        for wake in self._listeners:
            wake()

    def next_letters(self, after_place: int, limit: int) -> list[Letter]:
        """Letters beyond this place, oldest first; a row that its checksum shows to be damaged is given up here."""
        rows = self._database.query(
            """SELECT place, seq, revision, tries, topic, payload, crc, sensor, session, runner, identity
               FROM outbox JOIN record USING (seq) WHERE place > ? ORDER BY place LIMIT ?""",
            (after_place, limit),
        )
        letters = [Letter(*row[:6]) for row in rows]
        damaged = [
            letter
            for letter, row in zip(letters, rows, strict=True)
            if row_crc(letter.seq, letter.revision, *row[7:], letter.topic, letter.payload) != row[6]
        ]
        for letter in damaged:
            self.refused(letter, "the row is damaged on the disk", give_up=True)
        return [letter for letter in letters if letter not in damaged]

    def delivered(self, letters: Sequence[Letter]) -> None:
        """The broker took them."""
        with self._database.transaction(durable=False) as connection:
            connection.executemany("DELETE FROM outbox WHERE place = ?", [(letter.place,) for letter in letters])
            connection.executemany(
                "UPDATE record SET sent_tick = ?, missing = missing & ? WHERE seq = ? AND revision = ?",
                [(self._tick, ~BROKER_BIT, letter.seq, letter.revision) for letter in letters],
            )

    def refused(self, letter: Letter, reason: str, *, give_up: bool) -> None:
        """One try failed: to the end of the queue with one more try on its count, or to the dead letters."""
        with self._database.transaction() as connection:
            gone = connection.execute("DELETE FROM outbox WHERE place = ?", (letter.place,)).rowcount == 0
            if gone:  # a revision took its place meanwhile, and starts anew
                return
            if give_up:
                connection.execute(
                    "INSERT OR REPLACE INTO dead_letter VALUES (?, ?, ?, ?)",
                    (letter.seq, letter.tries + 1, reason, time.time_ns()),
                )
            else:
                connection.execute("INSERT INTO outbox (seq, tries) VALUES (?, ?)", (letter.seq, letter.tries + 1))

    def mark_stored(self, group: str, mark: StoredMark) -> None:
        """A group of writers has these in its database. What everyone has needs not be sent (again)."""
        bit = self._bits.get(group)
        if bit is None:
            return
        # Who wrote it had it from the broker.
        keep = ~(bit | BROKER_BIT)
        with self._database.transaction(durable=False) as connection:
            for first, last in mark.ranges:
                # By the index of what is unconfirmed: a mark may name millions that were confirmed long ago.
                connection.execute(
                    """UPDATE record INDEXED BY record_unconfirmed SET missing = missing & ?
                       WHERE missing <> 0 AND missing & ? AND revision = 0 AND seq BETWEEN ? AND ?""",
                    (keep, bit, first, last),
                )
            connection.executemany(
                "UPDATE record SET missing = missing & ? WHERE seq = ? AND revision <= ?",
                [(keep, seq, revision) for seq, revision in mark.revised],
            )
            spans = [*mark.ranges, *((seq, seq) for seq, _ in mark.revised)]
            connection.executemany(
                """DELETE FROM outbox WHERE seq BETWEEN ? AND ?
                   AND (SELECT missing FROM record WHERE record.seq = outbox.seq) = 0""",
                spans,
            )

    def tick(self) -> None:
        """One resend interval has passed."""
        self._tick += 1

    def requeue_unconfirmed(self, group: str, limit: int) -> int:
        """Queue again what was delivered over an interval ago and this group has not confirmed; how many."""
        with self._database.transaction(durable=False) as connection:
            overdue = connection.execute(
                """SELECT seq FROM record INDEXED BY record_unconfirmed
                   WHERE missing <> 0 AND missing & ? AND sent_tick < ? ORDER BY seq LIMIT ?""",
                (self._bits[group], self._tick - 1, limit),
            ).fetchall()
            connection.executemany("UPDATE record SET sent_tick = NULL WHERE seq = ?", overdue)
            connection.executemany("INSERT OR IGNORE INTO outbox (seq) VALUES (?)", overdue)
        if overdue:
            self.notify()
        return len(overdue)

    def prune(self, keep: int, limit: int = 2000) -> int:
        """Delete the oldest stored records beyond the newest `keep` records; how many went (at most `limit`)."""
        with self._database.transaction(durable=False) as connection:
            return connection.execute(
                """DELETE FROM record WHERE seq IN (SELECT seq FROM record
                   WHERE missing = 0 AND seq <= (SELECT seq FROM record ORDER BY seq DESC LIMIT 1 OFFSET ?)
                   AND seq NOT IN (SELECT seq FROM unkept) ORDER BY seq LIMIT ?)""",
                (keep, limit),
            ).rowcount

    def unconfirmed(self) -> int:
        """Records that are not known to be stored by all who must confirm."""
        return self._database.number("SELECT count(*) FROM record INDEXED BY record_unconfirmed WHERE missing <> 0")

    def counts(self) -> tuple[int, int, int]:
        """Letters not sent, records not confirmed as stored, dead letters."""
        return (
            self._database.number("SELECT count(*) FROM outbox"),
            self.unconfirmed(),
            self._database.number("SELECT count(*) FROM dead_letter"),
        )

    def dead_letters(self, limit: int = 100) -> list[DeadLetter]:
        """The dead letters, oldest first."""
        rows = self._database.query(
            """SELECT seq, topic, tries, reason, since_unix_ns, payload FROM dead_letter JOIN record USING (seq)
               ORDER BY seq LIMIT ?""",
            (limit,),
        )
        return [DeadLetter(*row) for row in rows]

    def queue_everything(self) -> int:
        """Queue every record again that is still here, as if nobody had it; how many."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE record SET missing = ?, sent_tick = NULL", (self.everyone,))
            connection.execute("DELETE FROM dead_letter")
            connection.execute(
                "INSERT OR IGNORE INTO outbox (seq) SELECT seq FROM record WHERE missing <> 0 ORDER BY seq"
            )
            queued = int(connection.execute("SELECT count(*) FROM outbox").fetchone()[0])
        self.notify()
        return queued

    def retry_dead_letters(self, seqs: Sequence[int] | None = None) -> int:
        """Queue dead letters again, all or these; how many."""
        with self._database.transaction() as connection:
            known = [row[0] for row in connection.execute("SELECT seq FROM dead_letter")]
            chosen = [(seq,) for seq in known if seqs is None or seq in seqs]
            connection.executemany("INSERT OR IGNORE INTO outbox (seq) VALUES (?)", chosen)
            connection.executemany("DELETE FROM dead_letter WHERE seq = ?", chosen)
        self.notify()
        return len(chosen)
