"""Readers of the page's stream: one as a browser is one, one that asks and then takes nothing."""

import json
import socket
from collections.abc import Iterator
from typing import Self

import httpx


class Reader:
    """A reader of the stream as a browser is one: (id, record) of each record event."""

    def __init__(self, url: str, last_id: int | None = None) -> None:
        self._client = httpx.Client(timeout=30)
        headers = {} if last_id is None else {"Last-Event-ID": str(last_id)}
        self._response = self._client.send(
            self._client.build_request("GET", f"{url}events", headers=headers), stream=True
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


def stuck_reader(port: int) -> socket.socket:
    """A reader that asks for the stream and then takes nothing."""
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    reader.connect(("127.0.0.1", port))
    reader.sendall(f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    return reader
