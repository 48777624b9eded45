"""The way of a record out of this hub: from the store into the keeper and to the page, and to the broker."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sensorhub.adapters.mqtt.home_assistant import HomeAssistant
from sensorhub.adapters.mqtt.sender import Sender
from sensorhub.adapters.sqlite.feeder import Feeder
from sensorhub.adapters.sqlite.hub_store import HubStore
from sensorhub.adapters.sqlite.keeper import Keeper
from sensorhub.adapters.web.server import serve_page
from sensorhub.adapters.web.settings import web_settings
from sensorhub.app.advice import KeptAdvice
from sensorhub.app.watchers import Watchers
from sensorhub.config import Settings
from sensorhub.model.session import Record
from sensorhub.model.status import LinkStatus
from sensorhub.pipeline.fanout import Fanout
from sensorhub.pipeline.ports import GuidedControl


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the hub's loop uses of it."""

    store: HubStore
    watchers: Watchers
    page_url: str

    def is_done(self) -> bool:
        """Whether the keeper and the far end hold everything."""
        return not self.store.unkept.any() and not self.store.depth()


@asynccontextmanager
async def open_delivery(
    settings: Settings,
    on_record: Callable[[Record], None],
    on_link: Callable[[LinkStatus], None],
    guided: GuidedControl | None = None,
) -> AsyncIterator[Delivery]:
    """Open all of it, in the order of the way; close it in reverse, so that nothing is told that is not kept."""
    async with AsyncExitStack() as stack:
        stored_by = settings.hub.stored_elsewhere_by if settings.mqtt.enabled else None
        store = stack.enter_context(HubStore.open(settings.hub.folder / "hub.sqlite", stored_by=stored_by))
        keeper = stack.enter_context(Keeper.open(keeper_path(settings)))
        listeners = [on_record]
        if settings.mqtt.enabled and settings.homeassistant.enabled:
            sensors = [sensor.name for sensor in settings.sensor]
            home = HomeAssistant(settings.mqtt, settings.homeassistant, settings.hub.name, sensors)
            listeners.append(stack.enter_context(home).tell)
        fanout = Fanout()
        watchers = Watchers(fanout, listeners, on_link)
        serving = serve_page(fanout, keeper, web_settings(settings.page), guided, KeptAdvice(keeper, settings))
        page = await stack.enter_async_context(serving)
        tell_of_keeper = partial(watchers.tell_link, source="keeper")
        stack.enter_context(Feeder(store, keeper, watchers.tell_record, tell_of_keeper))
        if settings.mqtt.enabled:
            tell_of_outbox = partial(watchers.tell_link, source="outbox")
            stack.enter_context(Sender(store.outbox, settings.hub.name, settings.mqtt, tell_of_outbox))
        yield Delivery(store, watchers, page.url)


def keeper_path(settings: Settings) -> Path:
    """Where the keeper of this hub lies."""
    return settings.hub.folder / "keeper.sqlite"
