"""One stream of messages to many readers, none of whom can hold up another.

Each reader has a bounded queue. When it is full the reader is dropped: its subscription ends at once,
it is counted, and it comes back by itself with the id of the last record it saw (`ports.History.since`).
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class FanoutParams:
    """How much a reader may lag (messages) and how many there may be."""

    queue_size: int = 256
    max_readers: int = 256


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to tell every reader: a record with its id, or the present state of something (`event_id` None)."""

    kind: str
    event_id: int | None
    data: bytes


class FanoutFullError(Exception):
    """There are as many readers as there may be."""


class Subscription:
    """One reader's place in the stream; iterate over it, close it when done."""

    def __init__(self, owner: "Fanout", queue_size: int) -> None:
        self._owner = owner
        self._queue: asyncio.Queue[Message] = asyncio.Queue(queue_size)
        self._ended = asyncio.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._owner.leave(self)

    @property
    def ended(self) -> asyncio.Event:
        """Set once this reader was dropped or the stream was closed."""
        return self._ended

    def offer(self, message: Message) -> bool:
        """Queue a message; False when the queue is full."""
        try:
            self._queue.put_nowait(message)
        except asyncio.QueueFull:
            return False
        return True

    def end(self) -> None:
        """Tell the reader that nothing more will come."""
        self._ended.set()

    async def batches(self, patience_s: float) -> AsyncIterator[list[Message]]:
        """Yield all that waits, at least every `patience_s` (then perhaps nothing), until the subscription ends."""
        while not self._ended.is_set():
            yield await self._next(patience_s)

    async def _next(self, patience_s: float) -> list[Message]:
        try:
            async with asyncio.timeout(patience_s):
                batch = [await self._queue.get()]
        except TimeoutError:
            return []
        while not self._queue.empty():
            batch.append(self._queue.get_nowait())
        return batch


class Fanout:
    """Gives each message to every reader. All calls belong to the event loop's thread."""

    def __init__(self, params: FanoutParams = FanoutParams()) -> None:
        self._params = params
        self._readers: set[Subscription] = set()
        self._states: dict[str, Message] = {}
        self._closed = False
        self.dropped_readers = 0
        self.refused_readers = 0

    @property
    def readers(self) -> int:
        """How many readers there are."""
        return len(self._readers)

    def subscribe(self) -> Subscription:
        """Join the stream; the present states come first."""
        if self._closed or len(self._readers) >= self._params.max_readers:
            self.refused_readers += 1
            raise FanoutFullError
        reader = Subscription(self, self._params.queue_size)
        for message in self._states.values():
            reader.offer(message)
        self._readers.add(reader)
        return reader

    def leave(self, reader: Subscription) -> None:
        """Take a reader out; harmless when it has left."""
        reader.end()
        self._readers.discard(reader)

    def publish(self, event_id: int, data: bytes) -> None:
        """Tell every reader of a stored record (one line of JSON)."""
        self._tell(Message("record", event_id, data))

    def publish_state(self, name: str, data: bytes) -> None:
        """Tell every reader, and whoever joins later, how `name` stands now (one line of JSON)."""
        message = Message("state", None, data)
        self._states[name] = message
        self._tell(message)

    def close(self) -> None:
        """End every subscription and take no more."""
        self._closed = True
        for reader in tuple(self._readers):
            self.leave(reader)

    def _tell(self, message: Message) -> None:
        for reader in tuple(self._readers):
            if not reader.offer(message):
                self.dropped_readers += 1
                self.leave(reader)
