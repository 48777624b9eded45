"""Those who watch this hub: every page that is open, and the terminal."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from sensorhub.formats.records import decode_record
from sensorhub.model.guided import GuidedState
from sensorhub.model.session import Record
from sensorhub.model.status import Health, LinkStatus, Part
from sensorhub.pipeline.fanout import Fanout
from sensorhub.pipeline.ports import StoredRecord

WORST_LAST: Final = (Health.OK, Health.WAITING, Health.LOST)


class Watchers:
    """Those who watch this hub: every page that is open, and those in the service itself who listen.

    `tell_record` and `tell_link` may be called from any thread; watchers are told on the event loop.
    """

    def __init__(
        self, fanout: Fanout, listeners: Sequence[Callable[[Record], None]], on_link: Callable[[LinkStatus], None]
    ) -> None:
        self._fanout = fanout
        self._listeners = listeners
        self._on_link = on_link
        self._heard: dict[Part, dict[str, LinkStatus]] = {}
        self._shown: dict[str, LinkStatus] = {}
        self._loop = asyncio.get_running_loop()

    def tell_record(self, stored: StoredRecord) -> None:
        """Tell of a record that the keeper holds."""
        self._loop.call_soon_threadsafe(self._show_record, stored)

    def tell_link(self, status: LinkStatus, source: str) -> None:
        """Tell how a part fares now. Each sensor is shown by itself; of other parts the worst that a source says."""
        self._loop.call_soon_threadsafe(self._show_link, status, source)

    def tell_guided(self, state: GuidedState) -> None:
        """Tell the pages how a guided session stands; on the event loop only."""
        body = {"type": "guided"} | msgspec.to_builtins(state)
        self._fanout.publish_state("guided", msgspec.json.encode(body))

    def _show_record(self, stored: StoredRecord) -> None:
        self._fanout.publish(stored.event_id, stored.data)
        record = decode_record(stored.data)
        for listener in self._listeners:
            listener(record)

    def _show_link(self, status: LinkStatus, source: str) -> None:
        heard = self._heard.setdefault(status.part, {})
        heard[source] = status
        name = source if status.part is Part.SENSOR else ""
        shown = status if name else max(heard.values(), key=lambda each: WORST_LAST.index(each.health))
        if self._shown.get(status.part + name) == shown:
            return
        self._shown[status.part + name] = shown
        body = {"type": "link", "part": shown.part, "name": name, "health": shown.health, "detail": shown.detail}
        self._fanout.publish_state(shown.part + name, msgspec.json.encode(body))
        self._on_link(shown)
