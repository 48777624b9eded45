"""The way of a record out of this hub: store, outbox, broker, keeper, page."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sensorhub.adapters.mqtt.home_assistant import HomeAssistant
from sensorhub.adapters.mqtt.sender import Sender
from sensorhub.adapters.mqtt.writer import Writer, WriterParams
from sensorhub.adapters.sqlite.hub_store import HubStore
from sensorhub.adapters.sqlite.keeper import Keeper
from sensorhub.adapters.sqlite.refused_book import SqliteRefusedBook
from sensorhub.adapters.web.server import serve_page
from sensorhub.adapters.web.settings import web_settings
from sensorhub.app.advice import KeptAdvice
from sensorhub.app.watchers import Watchers
from sensorhub.config import Settings
from sensorhub.model.session import Record
from sensorhub.model.status import LinkStatus
from sensorhub.pipeline.fanout import Fanout
from sensorhub.pipeline.ports import GuidedControl
from sensorhub.pipeline.tail import TailedSink


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
    folder = settings.hub.folder
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
        tell_of_keeper = partial(watchers.tell_link, source="keeper")
        stack.enter_context(Writer(settings.mqtt, sink, bytes.decode, book, tell_of_keeper, params))
        tell_of_outbox = partial(watchers.tell_link, source="outbox")
        stack.enter_context(Sender(store.outbox, settings.hub.name, settings.mqtt, tell_of_outbox))
        yield Delivery(store, watchers, page.url)


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
    return settings.hub.folder / "keeper.sqlite"
