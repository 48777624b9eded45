"""A page with a feed of the test's own: a kept history in memory, a server in a thread that can stop and come back."""

import asyncio
import json
import threading
from collections.abc import Coroutine
from typing import Any, Self

from sensorhub.adapters.web.server import PageAddress, serve_page
from sensorhub.adapters.web.settings import WebSettings, web_settings
from sensorhub.adapters.web.sse import STREAM_TASK
from sensorhub.analysis.training.progression import Suggestion
from sensorhub.config import PageSettings
from sensorhub.formats.records import encode_record
from sensorhub.model.events import Event
from sensorhub.model.gait import Side, Stride
from sensorhub.model.guided import GuidedAction
from sensorhub.model.session import Record, Session
from sensorhub.pipeline.fanout import Fanout, FanoutParams
from sensorhub.pipeline.ports import SessionDigest, StoredRecord
from tests.support import strides
from tests.support.servers import free_port

START_UNIX_NS = 1_780_000_000_000_000_000
SESSION = Session("hub", "clip-1", "ada", "s1", START_UNIX_NS)


def stride(number: int, drop_deg: float = 5.0, **changes: Any) -> Stride:
    """A plausible stride of a run, some seconds into it: odd numbers are right."""
    contact_s = 10.0 + 0.36 * number
    values: dict[str, Any] = {
        "side": Side.RIGHT if number % 2 else Side.LEFT,
        "initial_contact_s": contact_s,
        "toe_off_s": contact_s + 0.24,
        "ground_contact_time_s": 0.24,
        "pelvic_drop_deg": drop_deg,
        "pelvic_drop_excursion_deg": drop_deg - 1.0,
    }
    return strides.stride(number, **(values | changes))


class MemoryHistory:
    """Records kept in memory, as the store keeps them: a revision takes the place and a new id."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, int], StoredRecord] = {}
        self._next_id = 1
        self.digests: list[SessionDigest] = []

    def keep(self, record: Record) -> StoredRecord:
        with self._lock:
            stored = StoredRecord(self._next_id, encode_record(record))
            self._kept[(record.session.session, record.seq)] = stored
            self._next_id += 1
            return stored

    def recent(self, limit: int) -> list[StoredRecord]:
        return self._sorted()[-limit:]

    def since(self, event_id: int, limit: int) -> list[StoredRecord]:
        return [stored for stored in self._sorted() if stored.event_id > event_id][:limit]

    def sessions(self, limit: int) -> list[SessionDigest]:
        return self.digests[:limit]

    def records_of(self, session: str, limit: int) -> list[StoredRecord]:
        with self._lock:
            return [stored for (name, _), stored in self._kept.items() if name == session][:limit]

    def _sorted(self) -> list[StoredRecord]:
        with self._lock:
            return sorted(self._kept.values(), key=lambda stored: stored.event_id)


class PageUnderTest:
    """The real server on a free port of loopback, with its own event loop in a thread."""

    def __init__(self, params: FanoutParams | None = None, **page: Any) -> None:
        self.history = MemoryHistory()
        self.port = page.pop("port", 0) or free_port()
        self._settings: WebSettings = web_settings(PageSettings(port=self.port, **page))
        self.params = params
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="page under test", daemon=True)
        self._seq = 0
        self.actions: list[GuidedAction] = []
        self.advice: list[Suggestion] = []

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            self.start()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()
        self._end()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def url(self) -> str:
        return self.address.url

    def start(self) -> None:
        self.fanout = Fanout(self.params or FanoutParams())
        self._serving = serve_page(self.fanout, self.history, self._settings, self, self)
        self.address: PageAddress = self.call(self._serving.__aenter__())

    def stop(self) -> None:
        self.call(self._serving.__aexit__(None, None, None))

    def suggestions(self, runner: str) -> list[Suggestion]:
        """What the coach's rule says of ada; nothing is known of others."""
        return self.advice if runner == "ada" else []

    def act(self, action: GuidedAction) -> None:
        """Remember what the page asked of a guided session."""
        self.actions.append(action)

    def call(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine on the server's loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def streams(self) -> int:
        """How many streams the server is sending."""

        async def count() -> int:
            return sum(task.get_name() == STREAM_TASK for task in asyncio.all_tasks())

        return int(self.call(count()))

    def tell(self, event: Event, seq: int | None = None, session: Session = SESSION) -> StoredRecord:
        """Keep an event and tell every reader, as the hub does."""
        if seq is None:
            self._seq += 1
            seq = self._seq
        stored = self.history.keep(Record(session, seq, event))
        self._loop.call_soon_threadsafe(self.fanout.publish, stored.event_id, stored.data)
        return stored

    def tell_state(self, name: str, line: bytes) -> None:
        self._loop.call_soon_threadsafe(self.fanout.publish_state, name, line)


def link(part: str, health: str, detail: str = "") -> bytes:
    return json.dumps({"type": "link", "part": part, "health": health, "detail": detail}).encode()


def run_some(page: PageUnderTest, first: int, last: int) -> None:
    for number in range(first, last):
        page.tell(stride(number, drop_deg=5.0 + 1.4 * (number % 2) + 0.5 * ((number * 7919) % 13) / 13))
