"""The service without its radio, living through simulated days as fast as the machine goes; every record is counted."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from sensorhub.app.delivery import Delivery, open_delivery
from sensorhub.app.session_start import SessionStart
from sensorhub.app.worn_sensor import WornSensor
from sensorhub.config import HubSettings, MqttSettings, PageSettings, SensorSettings, Settings
from sensorhub.model.events import Event
from sensorhub.model.frames import LinkReport, RawFrame
from sensorhub.model.gait import Gait, Stride
from sensorhub.model.session import Record, Session
from sensorhub.pipeline.hub import Begin, OpenSession, SensorLine
from tests.support.clip_days import HOUR_S, ClipDays
from tests.support.delivery import wait_until
from tests.support.servers import Server

MOST_RECORDS = 1_000_000
START_UNIX_NS = 1_700_000_000_000_000_000


@dataclass
class Lived:
    """What was put into the store, and the memory of the service at the end of each simulated hour.

    `revisions`: of the record with each number, from the first one on; -1 where there is none. All of its room is
    taken at once, so that counting takes no memory that grows.
    """

    rss_mib: list[float] = field(default_factory=list)
    revisions: np.ndarray = field(default_factory=lambda: np.full(MOST_RECORDS, -1, dtype=np.int16))
    first_seq: int | None = None
    running_strides: int = 0
    sessions: int = 0

    def note(self, record: Record) -> None:
        """Take a record that the store has acknowledged."""
        if self.first_seq is None:
            self.first_seq = record.seq
        event, revision = record.event, 0
        if isinstance(event, Stride):
            revision = event.revision
            self.running_strides += revision == 0 and event.activity is Gait.RUN
        place = record.seq - self.first_seq
        self.revisions[place] = max(revision, self.revisions[place])

    def put(self) -> set[tuple[int, int]]:
        """Number and last revision of each record that was acknowledged."""
        places = np.flatnonzero(self.revisions >= 0)
        return {(place + (self.first_seq or 0), int(self.revisions[place])) for place in places.tolist()}

    def slope_mib_per_hour(self, warm_up: int) -> float:
        """Of the memory over the simulated hours after the first ones."""
        hours = np.arange(len(self.rss_mib))[warm_up:]
        return float(np.polyfit(hours, self.rss_mib[warm_up:], 1)[0])


@dataclass(frozen=True)
class NotingStore:
    """The hub's store, with everything it acknowledges noted."""

    delivery: Delivery
    lived: Lived

    def put_many(self, events: Sequence[tuple[Event, Session]], kept: Callable[[], None]) -> None:
        for record in self.delivery.store.put_many(events):
            self.lived.note(record)
        kept()


async def live_through(days: ClipDays, folder: Path, broker: Server, restart_every_h: int = 24) -> Lived:
    """Let the service take these days; the broker is killed and started again every so many hours."""
    settings = settings_of(folder, broker.port)
    lived = Lived()
    async with open_delivery(settings, lambda _: None, lambda _: None) as delivery:
        begin, store = beginning(settings, lived), NotingStore(delivery, lived)
        line = SensorLine(begin, store, lambda _: None, lambda: round(days.now_s * 1e9))
        for hour, items in enumerate(hourly(days), start=1):
            for number, item in enumerate(items):
                take(line, item)
                if number % 100 == 0:
                    await asyncio.sleep(0)
            if hour % restart_every_h == 0:
                broker.kill()
                broker.start()
            await confirmed(delivery)
            lived.rss_mib.append(rss_mib())
        line.end()
        await confirmed(delivery)
    return lived


def settings_of(folder: Path, port: int) -> Settings:
    return Settings(
        hub=HubSettings(name="club", data_dir=str(folder)),
        sensor=(SensorSettings(name="SH-0001", runner="ada"),),
        mqtt=MqttSettings(port=port),
        page=PageSettings(port=0),
    )


def beginning(settings: Settings, lived: Lived) -> Begin:
    """What begins a session, as the service does, by the days' clock."""
    worn = WornSensor.load(settings, settings.sensor[0])

    def begin(origin_ns: int, _heard_ns: int) -> OpenSession:
        lived.sessions += 1
        session = Session(settings.hub.name, "SH-0001", "ada", f"s{lived.sessions}", START_UNIX_NS + origin_ns)
        return SessionStart(session, worn, origin_ns).opened(None)

    return begin


def hourly(days: ClipDays) -> Iterator[Iterator[RawFrame | LinkReport | float]]:
    """The items of each simulated hour."""
    items = days.items()
    first = next(items, None)

    def one_hour(until_s: float) -> Iterator[RawFrame | LinkReport | float]:
        nonlocal first
        while first is not None:
            yield first
            first = next(items, None)
            if days.now_s >= until_s:
                return

    until_s = days.now_s
    while first is not None:
        until_s += HOUR_S
        yield one_hour(until_s)


def take(line: SensorLine, item: RawFrame | LinkReport | float) -> None:
    """Hand an item of the days to the sensor's line; silence is looked at as the service's clock does."""
    if isinstance(item, RawFrame):
        line.take(item)
    elif isinstance(item, LinkReport):
        line.hear(item)
    else:
        line.rest(round(item * 1e9))


async def confirmed(delivery: Delivery, within_s: float = 60.0) -> None:
    """Wait until the keeper and the broker have everything."""
    await asyncio.to_thread(wait_until, delivery.is_done, within_s)


def kept(folder: Path) -> list[tuple[int, int]]:
    """Number and revision of every record in the keeper."""
    with contextlib.closing(sqlite3.connect(folder / "keeper.sqlite")) as keeper:
        return list(keeper.execute("SELECT seq, revision FROM record"))


def rss_mib() -> float:
    """Memory of this process now."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024
