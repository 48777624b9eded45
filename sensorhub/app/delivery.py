"""The way of a record out of this hub: store, outbox, broker, keeper, page."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from sensorhub.adapters.mqtt.home_assistant import HomeAssistant
from sensorhub.adapters.mqtt.sender import Sender
from sensorhub.adapters.mqtt.writer import Writer, WriterParams
from sensorhub.adapters.sqlite.hub_store import HubStore
from sensorhub.adapters.sqlite.keeper import Keeper
from sensorhub.adapters.sqlite.refused_book import SqliteRefusedBook
from sensorhub.adapters.web.server import serve_page
from sensorhub.adapters.web.settings import web_settings
from sensorhub.app.advice import KeptAdvice
from sensorhub.config import Settings
from sensorhub.formats.records import decode_record
from sensorhub.model.guided import GuidedState
from sensorhub.model.session import Record
from sensorhub.model.status import Health, LinkStatus, Part
from sensorhub.pipeline.fanout import Fanout
from sensorhub.pipeline.ports import GuidedControl, StoredRecord
from sensorhub.pipeline.tail import TailedSink

WATCH_STORE_S = 2.0


class Watchers:
    """Those who watch this hub: every page that is open, and one more who is told in the service itself.

    Both methods may be called from any thread; watchers are told on the event loop.
    """

    def __init__(
        self, fanout: Fanout, on_record: Callable[[Record], None], on_link: Callable[[LinkStatus], None]
    ) -> None:
        self._fanout = fanout
        self._on_record = on_record
        self._on_link = on_link
        self._links: dict[str, LinkStatus] = {}
        self._loop = asyncio.get_running_loop()

    def tell_record(self, stored: StoredRecord) -> None:
        """Tell of a record that the keeper holds."""
        self._loop.call_soon_threadsafe(self._show_record, stored)

    def tell_link(self, status: LinkStatus, name: str = "") -> None:
        """Tell how a part fares now; `name` tells several sensors apart."""
        self._loop.call_soon_threadsafe(self._show_link, status, name)

    def tell_guided(self, state: GuidedState) -> None:
        """Tell the pages how a guided session stands; on the event loop only."""
        body = {"type": "guided"} | msgspec.to_builtins(state)
        self._fanout.publish_state("guided", msgspec.json.encode(body))

    def _show_record(self, stored: StoredRecord) -> None:
        self._fanout.publish(stored.event_id, stored.data)
        self._on_record(decode_record(stored.data))

    def _show_link(self, status: LinkStatus, name: str) -> None:
        if self._links.get(status.part + name) == status:
            return
        self._links[status.part + name] = status
        body = {"type": "link", "part": status.part, "name": name, "health": status.health, "detail": status.detail}
        self._fanout.publish_state(status.part + name, msgspec.json.encode(body))
        self._on_link(status)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the hub's loop uses of it."""

    store: HubStore
    watchers: Watchers
    page_url: str


@asynccontextmanager
async def open_delivery(
    settings: Settings,
    on_record: Callable[[Record], None],
    on_link: Callable[[LinkStatus], None],
    guided: GuidedControl | None = None,
) -> AsyncIterator[Delivery]:
    """Open all of it, in the order of the way; close it in reverse, so that nothing is told that is not kept."""
    folder = _data_folder(settings)
    async with AsyncExitStack() as stack:
        store = stack.enter_context(HubStore.open(folder / "hub.sqlite", stored_by=settings.hub.stored_by))
        keeper = stack.enter_context(Keeper.open(keeper_path(settings)))
        book = SqliteRefusedBook(folder / "refused.sqlite")
        stack.callback(book.close)
        if settings.homeassistant.enabled:
            on_record = _both(on_record, stack.enter_context(_home_assistant(settings)).tell)
        fanout = Fanout()
        watchers = Watchers(fanout, on_record, on_link)
        serving = serve_page(fanout, keeper, web_settings(settings.page), guided, KeptAdvice(keeper, settings))
        page = await stack.enter_async_context(serving)
        sink = TailedSink(keeper, keeper, watchers.tell_record)
        params = WriterParams(hub=settings.hub.name)
        stack.enter_context(Writer(settings.mqtt, sink, bytes.decode, book, watchers.tell_link, params))
        stack.enter_context(Sender(store.outbox, settings.hub.name, settings.mqtt, watchers.tell_link))
        watching = asyncio.create_task(_watch_store(store, watchers), name="watch the store")
        stack.push_async_callback(_end, watching)
        yield Delivery(store, watchers, page.url)


async def _watch_store(store: HubStore, watchers: Watchers) -> None:
    """Say when the disk is full or the store was damaged, and when that is over."""
    told = None
    while True:
        trouble = await asyncio.to_thread(store.trouble)
        if trouble != told:
            told = trouble
            watchers.tell_link(
                LinkStatus(Part.STORE, Health.LOST if trouble else Health.OK, trouble or "keeping"), "hub"
            )
        await asyncio.sleep(WATCH_STORE_S)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _home_assistant(settings: Settings) -> HomeAssistant:
    sensors = [sensor.name for sensor in settings.sensor]
    # How the broker fares is told by the sender already.
    return HomeAssistant(settings.mqtt, settings.homeassistant, settings.hub.name, sensors, lambda _: None)


def _both(one: Callable[[Record], None], other: Callable[[Record], None]) -> Callable[[Record], None]:
    def tell(record: Record) -> None:
        one(record)
        other(record)

    return tell


def keeper_path(settings: Settings) -> Path:
    """Where the keeper of this hub lies."""
    return _data_folder(settings) / "keeper.sqlite"


def _data_folder(settings: Settings) -> Path:
    return Path(settings.hub.data_dir).expanduser()
