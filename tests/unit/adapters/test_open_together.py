"""Two who make the same database file at once both get it."""

import threading
from concurrent.futures import ThreadPoolExecutor

from sensorhub.adapters.sqlite.refused_book import SqliteRefusedBook


def test_two_who_open_a_new_file_at_once_both_get_it(tmp_path):
    def open_and_close(path, start):
        start.wait()
        SqliteRefusedBook(path).close()

    with ThreadPoolExecutor(2) as pool:
        for number in range(10):
            start = threading.Barrier(2)
            opening = [pool.submit(open_and_close, tmp_path / f"{number}.sqlite", start) for _ in range(2)]
            assert [each.result(timeout=20) for each in opening] == [None, None]
