"""What the sensors' lines hand over, committed together beside the event loop, which never waits for the disk."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Self

from sensorhub.adapters.sqlite.hub_store import HubStore
from sensorhub.model.events import Event
from sensorhub.model.session import Record, Session

Put = tuple[Sequence[tuple[Event, Session]], Callable[[], None]]


class Committer:
    """An event store whose puts return at once: what gathers during one commit goes together into the next.

    Everything that was put is on the disk at the end of `async with`. All calls belong to the event loop's thread.
    """

    def __init__(self, store: HubStore) -> None:
        self._store = store
        self._gathered: list[Put] = []
        self._loop = asyncio.get_running_loop()
        self._commit: asyncio.Future[list[Record]] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        while self._commit is not None:
            await self._commit

    def put_many(self, events: Sequence[tuple[Event, Session]], kept: Callable[[], None]) -> None:
        """Take events; see EventStore. Raises what the store raised, if it broke down in an earlier commit."""
        self._gathered.append((events, kept))
        if self._commit is None:
            self._begin()
        elif self._commit.done():
            self._commit.result()

    def _begin(self) -> None:
        puts, self._gathered = self._gathered, []
        events = [event for events, _ in puts for event in events]
        # Handed to the thread at once: a task would first wait for its turn on the loop.
        self._commit = self._loop.run_in_executor(None, self._store.put_many, events)
        self._commit.add_done_callback(partial(self._committed, puts))

    def _committed(self, puts: list[Put], commit: asyncio.Future[list[Record]]) -> None:
        if commit.exception() is not None:  # raised at the next put and at the end
            return
        self._commit = None
        if self._gathered:
            self._begin()
        for _, kept in puts:
            kept()
