"""One SQLite file: write-ahead log, every commit on the disk before it is believed, migrations that survive a kill."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sensorhub.model.errors import SensorhubError, UsageError

PAGE_BYTES = 4096
BUSY_TIMEOUT_S = 10.0
NAME_ANOTHER = "Name another hub.data_dir, or see to it that you may write there."
# A commit returns when the log is on the disk: with NORMAL a power cut takes acknowledged records away.
DURABILITY = "PRAGMA synchronous = FULL"


class StoreError(SensorhubError):
    """The disk or the file does not let us keep a record."""


class StoreUnavailableError(StoreError):
    """For now the file cannot be written; what is to be kept must wait."""


class DiskFullError(StoreUnavailableError):
    """No room is left where the store lies."""


@dataclass(frozen=True, slots=True)
class Schema:
    """What a file holds: a number that marks the kind of file, and the statements of each version, oldest first."""

    application_id: int
    name: str
    versions: tuple[tuple[str, ...], ...]


class Database:
    """A connection that threads share; each transaction has it alone."""

    def __init__(self, path: Path, schema: Schema) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._connection = _connect(path)
        self._durable = True
        try:
            _migrate(self._connection, schema, path)
        except BaseException:
            self._connection.close()
            raise

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """All of it or nothing; on return it is on the disk.

        With `durable=False` a power cut (no kill) may take back the newest of it: for what can be found out again.
        Raises StoreError or DiskFullError, after which nothing of it has happened.
        """
        with self._lock:
            try:
                if durable is not self._durable:
                    self._connection.execute(DURABILITY if durable else "PRAGMA synchronous = NORMAL")
                    self._durable = durable
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                self._roll_back()
                raise _translated(error, self.path) from error
            except BaseException:
                self._roll_back()
                raise

    def query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Every row of a question."""
        with self._lock:
            try:
                return self._connection.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise _translated(error, self.path) from error

    def number(self, sql: str, values: Sequence[object] = ()) -> int:
        """One integer; 0 where there is none."""
        rows = self.query(sql, values)
        value = rows[0][0] if rows else None
        return value if isinstance(value, int) else 0

    def compact(self) -> None:
        """Leave nothing of deleted rows in the file or in its write-ahead log.

        Raises StoreError while somebody else has the file open and reads it.
        """
        with self._lock:
            try:
                self._connection.execute("VACUUM")
                busy = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            except sqlite3.Error as error:
                raise _translated(error, self.path) from error
        if busy:
            raise StoreError(f"{self.path} is in use: stop the service, then call again")

    def close(self) -> None:
        """Close it; nothing is pending, every commit is on the disk already."""
        with self._lock:
            self._connection.close()

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


def is_sound(path: Path, damaged_rows: str, functions: Mapping[str, Callable[..., bool]], limit_s: float = 0.5) -> bool:
    """Whether SQLite finds its pages and indexes in order and `damaged_rows` finds no row.

    `damaged_rows` is a query that may use `functions` by their names. A large file is looked at for `limit_s` only, so
    that a start is quick. A connection of its own is used; the write-ahead log is taken in as at any start.
    """
    connection = None
    try:
        connection = _connect(path)
        for name, function in functions.items():
            connection.create_function(name, -1, function, deterministic=True)
        timer = threading.Timer(limit_s, connection.interrupt)
        timer.start()
        try:
            return (
                _says_ok(connection, "PRAGMA quick_check(1)")
                and connection.execute(damaged_rows).fetchone() is None
                # Last, as it takes longest: whether the indexes say what the rows say.
                and _says_ok(connection, "PRAGMA integrity_check(1)")
            )
        finally:
            timer.cancel()
            timer.join()
    except sqlite3.OperationalError as error:
        return "interrupt" in str(error)
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return False
    finally:
        if connection is not None:
            connection.close()


def _says_ok(connection: sqlite3.Connection, check: str) -> bool:
    rows = connection.execute(check).fetchall()
    return bool(rows) and rows[0][0] == "ok"


def make_folder(folder: Path) -> None:
    """Make the folder that data is kept in. Raises UsageError where that cannot be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder}: this folder cannot be made ({error.strerror}). {NAME_ANOTHER}") from None


def _connect(path: Path) -> sqlite3.Connection:
    make_folder(path.parent)
    try:
        # Readable by its owner only, from the first byte on; SQLite gives -wal and -shm the rights of the file.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}). {NAME_ANOTHER}") from None
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        _write_ahead(connection)
        connection.execute(DURABILITY)
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA foreign_keys = ON")
        # The log is taken into the file every 1000 pages and cut back, so that it cannot grow for ever.
        connection.execute("PRAGMA journal_size_limit = 8388608")
    except BaseException:
        connection.close()
        raise
    return connection


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Change to the write-ahead log. SQLite's busy timeout does not hold here, where two processes make one file."""
    give_up_s = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up_s:
                raise
            time.sleep(0.01)
        else:
            return


def _migrate(connection: sqlite3.Connection, schema: Schema, path: Path) -> None:
    # The version first: another process may make the file in between, and sets both in one transaction.
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    kind = connection.execute("PRAGMA application_id").fetchone()[0]
    if version and kind != schema.application_id:
        raise UsageError(f"{path} is not {schema.name}: name another file")
    if version > len(schema.versions):
        raise UsageError(f"{path} was written by a newer sensorhub (version {version}): update sensorhub")
    for number, statements in enumerate(schema.versions[version:], start=version + 1):
        # One transaction a version, its number inside: a kill leaves the old version or the new one.
        connection.execute("BEGIN IMMEDIATE")
        try:
            if connection.execute("PRAGMA user_version").fetchone()[0] >= number:  # another process was quicker
                connection.execute("ROLLBACK")
                continue
            for statement in statements:
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {schema.application_id}")
            connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _translated(error: sqlite3.Error, path: Path) -> StoreError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return DiskFullError(f"no room left for {path}: free some disk space, recording goes on by itself")
    if code == sqlite3.SQLITE_IOERR:
        return DiskFullError(f"{path} cannot be written ({error}): check the disk, recording goes on by itself")
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StoreUnavailableError(f"{path} is in use by another program for long: end that one")
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return StoreUnavailableError(f"{path} may not be written ({error}): mend its rights")
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return StoreUnavailableError(f"{path} is damaged: start the service again, it keeps what is whole")
    return StoreError(f"{path}: {error}")
