"""Two who make the same database file at once both get it."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from sensorhub.adapters.sqlite.database import Database, Schema, _migrate
from sensorhub.adapters.sqlite.refused_book import SqliteRefusedBook


def test_two_who_open_a_new_file_at_once_both_get_it(tmp_path):
    def open_and_close(path, start):
        start.wait()
        SqliteRefusedBook(path).close()

    with ThreadPoolExecutor(2) as pool:
        for number in range(10):
            start = threading.Barrier(2)
            opening = [pool.submit(open_and_close, tmp_path / f"{number}.sqlite", start) for _ in range(2)]
            assert [each.result(timeout=60) for each in opening] == [None, None]


SCHEMA = Schema(77, "a test", (("CREATE TABLE row (a INTEGER)",),))


class Overtaken:
    """A connection after whose first look at the file somebody else makes it."""

    def __init__(self, path):
        self._path = path
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._looks = 0

    def execute(self, statement):
        row = self._connection.execute(statement).fetchone()
        self._looks += 1
        if self._looks == 1:
            Database(self._path, SCHEMA).close()
        return SimpleNamespace(fetchone=lambda: row)


def test_a_file_that_another_makes_between_two_looks_is_not_taken_for_a_strange_one(tmp_path):
    path = tmp_path / "new.sqlite"
    connection = Overtaken(path)
    _migrate(connection, SCHEMA, path)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
