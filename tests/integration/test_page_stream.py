"""The page's stream over real sockets: order, resuming, stuck readers, and a clean end."""

import json
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from typing import Self

import httpx
import pytest

from sensorhub.pipeline.fanout import FanoutParams
from tests.support.page import PageUnderTest, stride

pytestmark = pytest.mark.integration


class Reader:
    """A reader of the stream as a browser is one: (id, record) of each record event."""

    def __init__(self, page: PageUnderTest, last_id: int | None = None) -> None:
        self._client = httpx.Client(timeout=10)
        headers = {} if last_id is None else {"Last-Event-ID": str(last_id)}
        self._response = self._client.send(
            self._client.build_request("GET", f"{page.url}events", headers=headers), stream=True
        )
        self._lines = self._response.iter_lines()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._response.close()
        self._client.close()

    def records(self) -> Iterator[tuple[int, dict[str, object]]]:
        event_id = -1
        for line in self._lines:
            key, _, value = line.partition(": ")
            if key == "id":
                event_id = int(value)
            elif key == "data" and event_id >= 0:
                yield event_id, json.loads(value)
                event_id = -1

    def take(self, count: int) -> list[tuple[int, dict[str, object]]]:
        records = self.records()
        return [next(records) for _ in range(count)]


def test_a_newcomer_gets_what_was_kept_and_then_what_comes() -> None:
    with PageUnderTest() as page:
        for number in range(5):
            page.tell(stride(number))
        with Reader(page) as reader:
            before = reader.take(5)
            page.tell(stride(5))
            after = reader.take(1)
    assert [record["seq"] for _, record in before + after] == [1, 2, 3, 4, 5, 6]


def test_a_reader_resumes_after_its_id_and_misses_nothing_over_a_restart() -> None:
    with PageUnderTest() as page:
        for number in range(1200):
            page.tell(stride(number))
        page.stop()
        for number in range(1200, 1210):
            page.tell(stride(number))
        page.start()
        with Reader(page, last_id=3) as reader:
            got = [event_id for event_id, _ in reader.take(1207)]
            page.tell(stride(1210))
            got += [event_id for event_id, _ in reader.take(1)]
    assert got == list(range(4, 1212))


def test_an_id_of_another_store_starts_anew() -> None:
    with PageUnderTest() as page:
        page.tell(stride(0))
        with Reader(page, last_id=99_999) as reader:
            assert [event_id for event_id, _ in reader.take(1)] == [1]


def stuck_reader(page: PageUnderTest) -> socket.socket:
    """A reader that asks for the stream and then takes nothing."""
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    reader.connect(("127.0.0.1", page.port))
    reader.sendall(f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{page.port}\r\n\r\n".encode())
    return reader


def test_a_hundred_stuck_readers_do_not_slow_a_good_one() -> None:
    strides = 1500
    arrived: dict[int, float] = {}

    def listen(reader: Reader) -> None:
        records = reader.records()
        while len(arrived) < strides:
            event_id, _ = next(records)
            arrived[event_id] = time.perf_counter()

    with PageUnderTest(FanoutParams(queue_size=128)) as page:
        stuck = [stuck_reader(page) for _ in range(100)]
        with Reader(page) as good:
            listener = threading.Thread(target=listen, args=(good,))
            listener.start()
            told = {}
            for number in range(strides):
                told[page.tell(stride(number)).event_id] = time.perf_counter()
                time.sleep(0.003)  # a pace: 8 sensors give some 25 strides a second, this is ten times that
            listener.join(20)
            streams = page.streams()
            health = httpx.get(f"{page.url}api/health").json()
        for reader in stuck:
            reader.close()
    delays_s = [arrived[event_id] - at for event_id, at in told.items()]
    p99_s = statistics.quantiles(delays_s, n=100)[98]
    assert p99_s < 0.25
    assert health["dropped_readers"] == 100
    assert health["readers"] <= 1
    assert streams <= 1, "streams to stuck readers are given up, not waited for"


def test_stopping_is_quick_with_readers_on_the_stream() -> None:
    with PageUnderTest() as page, Reader(page) as reader:
        page.tell(stride(0))
        reader.take(1)
        start = time.perf_counter()
        page.stop()
        assert time.perf_counter() - start < 1.5
        assert list(reader.records()) == []
        page.start()
