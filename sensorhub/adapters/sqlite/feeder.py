"""Fills the keeper from the hub's store, and tells those who watch of what it holds now."""

import threading
from collections.abc import Callable
from typing import Final, Self

from sensorhub.adapters.sqlite.database import StoreError
from sensorhub.adapters.sqlite.hub_store import HubStore
from sensorhub.adapters.sqlite.keeper import Keeper
from sensorhub.model.status import Health, LinkStatus, Part
from sensorhub.pipeline.ports import StoredRecord

AT_ONCE: Final = 500
TRY_AGAIN_S: Final = 2.0


class Feeder:
    """A thread that runs from `with` to its end. What is not kept by then is kept by the next one.

    `tell` and `on_status` are called in that thread: of each record that is new in the keeper, by rising id, and when
    the health of the keeper changes. Nobody is told of what an empty keeper is filled with at first: it is history.
    """

    def __init__(
        self,
        store: HubStore,
        keeper: Keeper,
        tell: Callable[[StoredRecord], None],
        on_status: Callable[[LinkStatus], None],
    ) -> None:
        self._unkept = store.unkept
        self._keeper = keeper
        self._tell = tell
        self._on_status = on_status
        self._history_upto = store.unkept.begin(keeper.number)
        self._trouble: str | None = None
        self._closing = threading.Event()
        self._news = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keeper")
        store.outbox.listen(self._news.set)

    def __enter__(self) -> Self:
        self._news.set()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._news.set()
        self._thread.join()

    def feed(self) -> bool:
        """Keep some records; whether there may be more. The thread does so by itself."""
        records = self._unkept.oldest(AT_ONCE)
        if records:
            new = self._keeper.keep([record.payload for record in records if record.payload is not None])
            if records[-1].seq > self._history_upto:
                for stored in new:
                    self._tell(stored)
            self._unkept.kept(records)
        return len(records) == AT_ONCE

    def _run(self) -> None:
        while not self._closing.is_set():
            self._news.wait()
            self._news.clear()
            try:
                while self.feed() and not self._closing.is_set():
                    pass
            except StoreError as error:
                self._say(f"{error}; nothing is lost, the hub's store has it")
                self._closing.wait(TRY_AGAIN_S)
                self._news.set()
            else:
                self._say(self._keeper.rescued)

    def _say(self, trouble: str | None) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            health = Health.LOST if trouble else Health.OK
            self._on_status(LinkStatus(Part.STORE, health, trouble or "storing"))
