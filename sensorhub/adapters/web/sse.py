"""Server-sent events: what was missed, then what comes, with ids by which a reader resumes.

A reader that does not keep up is dropped by the fan-out; its browser connects again by itself and names the last id
it saw, so it misses nothing and nobody waited for it.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sensorhub.adapters.web.security import refuse
from sensorhub.pipeline.fanout import Fanout, FanoutFullError, Message, Subscription
from sensorhub.pipeline.ports import History, StoredRecord

BEAT_S: Final = 2.0
RETRY_MS: Final = 500
FIRST_RECORDS: Final = 2000
"""So many of the newest records a newcomer is told."""

HISTORY_BATCH: Final = 500
FAREWELL_S: Final = 0.5
STREAM_TASK = "page stream"
RESET = b"event: reset\ndata: {}\n\n"
BEAT = b"event: beat\ndata: {}\n\n"


def wire(kind: str, event_id: int | None, data: bytes) -> bytes:
    """One event as bytes; `data` is one line."""
    place = b"" if event_id is None else b"id: %d\n" % event_id
    return b"%bevent: %b\ndata: %b\n\n" % (place, kind.encode(), data)


class EventStream:
    """Opens streams for readers."""

    def __init__(self, fanout: Fanout, history: History) -> None:
        self._fanout = fanout
        self._history = history

    async def open(self, request: Request) -> Response:
        """Join the reader to the stream, or say that it is full."""
        try:
            reader = self._fanout.subscribe()
        except FanoutFullError:
            answer = refuse(503, "there are as many readers as this page takes; close one")
            answer.headers["Retry-After"] = "5"
            return answer
        return StreamResponse(reader, self._bytes(reader, resume_id(request)))

    async def _bytes(self, reader: Subscription, after: int | None) -> AsyncIterator[bytes]:
        yield b"retry: %d\n\n" % RETRY_MS
        last_id = -1
        async for chunk, reached_id in self._missed(after):
            yield chunk
            last_id = reached_id
        async for batch in reader.batches(BEAT_S):
            fresh = [message for message in batch if message.event_id is None or message.event_id > last_id]
            yield b"".join(map(message_wire, fresh)) if fresh else BEAT

    async def _missed(self, after: int | None) -> AsyncIterator[tuple[bytes, int]]:
        """Read what the store has for this reader, in pieces, each with the id it reaches."""
        newest = await asyncio.to_thread(self._history.recent, 1)
        if after is None or not newest or after > newest[-1].event_id:
            records = await asyncio.to_thread(self._history.recent, FIRST_RECORDS)
            after = max((record.event_id for record in records), default=-1)
            yield RESET + record_wires(sorted(records, key=lambda record: record.event_id)), after
        while True:
            records = await asyncio.to_thread(self._history.since, after, HISTORY_BATCH)
            after = records[-1].event_id if records else after
            yield record_wires(records), after
            if len(records) < HISTORY_BATCH:
                return


def message_wire(message: Message) -> bytes:
    """One message of the fan-out as bytes."""
    return wire(message.kind, message.event_id, message.data)


def record_wires(records: Iterable[StoredRecord]) -> bytes:
    """Put stored records into bytes."""
    return b"".join(wire("record", record.event_id, record.data) for record in records)


def resume_id(request: Request) -> int | None:
    """Find the last id that this reader saw, if it says so."""
    text = request.headers.get("last-event-id") or request.query_params.get("after", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


class StreamResponse(Response):
    """Sends until the reader leaves, is dropped, or the stream is closed; never waits for a reader that is stuck."""

    media_type = "text/event-stream"

    def __init__(self, reader: Subscription, chunks: AsyncIterator[bytes]) -> None:
        super().__init__()
        del self.headers["content-length"]
        self.headers["X-Accel-Buffering"] = "no"
        self._reader = reader
        self._chunks = chunks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        """Stream to one reader."""
        with self._reader:
            sending = asyncio.create_task(self._send(send), name=STREAM_TASK)
            waits = [sending, asyncio.create_task(gone(receive)), asyncio.create_task(self._reader.ended.wait())]
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in waits:
                    task.cancel()
                await asyncio.wait(waits)
        if not sending.cancelled() and (error := sending.exception()) is not None:
            raise error
        await self._farewell(send)

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        async for chunk in self._chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})

    async def _farewell(self, send: Send) -> None:
        """End the answer properly where the reader still listens."""
        try:
            async with asyncio.timeout(FAREWELL_S):
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            return


async def gone(receive: Receive) -> None:
    """Wait until the reader has closed the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass
