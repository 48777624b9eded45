"""The service: sensors in, records out, for as long as it is wanted."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from sensorhub.adapters.ble.backend import Radio
from sensorhub.adapters.ble.scan import SensorFinder
from sensorhub.app.committer import Committer
from sensorhub.app.delivery import Delivery, open_delivery
from sensorhub.app.guided import Announcer, GuidedRun, HeardStore, guiding, offered_session
from sensorhub.app.interruption import LOOK_BACK, interruption
from sensorhub.app.recordings import Recordings
from sensorhub.app.session_start import SessionStart, load_analysis, unix_ns_at
from sensorhub.app.worn_sensor import WornSensor
from sensorhub.config import Settings
from sensorhub.model.frames import LinkReport, LinkState
from sensorhub.model.gait import Stride
from sensorhub.model.session import Record
from sensorhub.model.status import Health, LinkStatus, Part
from sensorhub.pipeline.hub import EventStore, OpenSession, SensorLine, run_sensor

LAST_RECORDS_WITHIN_S = 2.0
"""How long a stop waits for the last records to be stored at the far end; they are safe on the disk either way."""

POLL_S = 0.02

WATCH_S = 2.0
"""How often the disk is asked whether it still takes what comes, and sensors are looked at that say nothing."""

LINK_HEALTH: Final = {LinkState.STREAMING: Health.OK, LinkState.STALE: Health.LOST, LinkState.GONE: Health.LOST}


class View(Protocol):
    """Somebody who watches: the terminal."""

    def show(self, record: Record) -> None:
        """Show what was stored."""
        ...

    def show_link(self, status: LinkStatus) -> None:
        """Show how a part fares."""
        ...


@dataclass(slots=True)
class Totals:
    """What a service has stored so far."""

    strides: set[int]
    records: int = 0
    unconfirmed: int = 0


async def serve(  # noqa: PLR0913 - its parts, put together by run and demo
    settings: Settings,
    radio: Radio,
    view: View,
    stop: asyncio.Event,
    *,
    record_to: Path | None = None,
    on_ready: Callable[[str], None] = lambda _: None,
    guided: GuidedRun | None = None,
) -> Totals:
    """Run every sensor of the settings until `stop` is set. `on_ready` hears the page's address.

    Without a guided session of the caller's own, the page offers one, where it is clear whose it is.
    """
    totals = Totals(set())

    def stored(record: Record) -> None:
        totals.records += 1
        if isinstance(record.event, Stride):
            totals.strides.add(record.seq)
        view.show(record)

    session = guided or offered_session(settings)

    def linked(status: LinkStatus) -> None:
        if session is not None:
            session.hear_link(status)
        view.show_link(status)

    async with open_delivery(settings, stored, linked, session) as delivery:
        on_ready(delivery.page_url)
        async with guiding(session, delivery.watchers.tell_guided):
            await _run_sensors(settings, SensorFinder(radio), delivery, session, stop, record_to)
        await _until_stored(delivery)
        totals.unconfirmed = delivery.store.depth()
    return totals


async def _run_sensors(  # noqa: PLR0913, PLR0917 - its parts, put together by serve
    settings: Settings,
    finder: SensorFinder,
    delivery: Delivery,
    guided: GuidedRun | None,
    stop: asyncio.Event,
    record_to: Path | None,
) -> None:
    recordings = None if record_to is None else Recordings(record_to, len(settings.sensor))
    worn = [WornSensor.load(settings, sensor) for sensor in settings.sensor]
    sources = [each.source(finder) for each in worn]
    loaded = asyncio.Event()
    async with Committer(delivery.store) as committer:
        store = HeardStore(committer, guided) if guided else committer
        lines = [_line(settings.hub.name, each, delivery, store, recordings) for each in worn]
        if guided is not None:
            theirs = zip(settings.sensor, lines, strict=True)
            guided.tell_too(Announcer([line for sensor, line in theirs if sensor.runner == guided.runner]))
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(run_sensor(*each, loaded)) for each in zip(sources, lines, strict=True)]
            running.append(tasks.create_task(_load_analysis(loaded), name="analysis"))
            running.append(tasks.create_task(_watch_disk(delivery, recordings), name="disk"))
            running.append(tasks.create_task(_end_idle_sessions(lines), name="idle sessions"))
            await stop.wait()
            for task in running:
                task.cancel()


def _line(
    hub: str, worn: WornSensor, delivery: Delivery, store: EventStore, recordings: Recordings | None
) -> SensorLine:
    name = worn.settings.name
    # Read before frames come: only the service before this one can have left a session unfinished.
    last_records = delivery.store.latest(name, LOOK_BACK)

    def begin(origin_ns: int, heard_ns: int) -> OpenSession:
        start = SessionStart.at(origin_ns, hub, worn)
        store.put_many(interruption(last_records, unix_ns_at(heard_ns)), lambda: None)
        last_records.clear()
        return start.opened(None if recordings is None else recordings.begin(start.recording_header()))

    def report(link: LinkReport) -> None:
        health = LINK_HEALTH.get(link.state, Health.WAITING)
        delivery.watchers.tell_link(LinkStatus(Part.SENSOR, health, f"{name}: {link.detail or link.state.value}"), name)

    return SensorLine(begin, store, report, time.monotonic_ns)


async def _load_analysis(loaded: asyncio.Event) -> None:
    """Load it while the sensors connect: their samples wait meanwhile, instead of being in the air and gone."""
    await asyncio.to_thread(load_analysis)
    loaded.set()


async def _watch_disk(delivery: Delivery, recordings: Recordings | None) -> None:
    """Tell when the disk does not take what comes; asking also tries again what waits in memory."""
    while True:
        trouble = await asyncio.to_thread(delivery.store.trouble) or (recordings and recordings.problem)
        status = LinkStatus(Part.STORE, Health.LOST if trouble else Health.OK, trouble or "storing")
        delivery.watchers.tell_link(status, "disk")
        await asyncio.sleep(WATCH_S)


async def _end_idle_sessions(lines: Sequence[SensorLine]) -> None:
    """Sum up the sessions of sensors that have been away for long."""
    while True:
        await asyncio.sleep(WATCH_S)
        for line in lines:
            line.rest(time.monotonic_ns())


async def _until_stored(delivery: Delivery) -> None:
    """Wait until the keeper and the far end hold everything, or for as long as a stop may take."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LAST_RECORDS_WITHIN_S):
            # Polled: the store belongs to other threads, and the wait is bounded.
            while not await asyncio.to_thread(delivery.is_done):  # noqa: ASYNC110
                await asyncio.sleep(POLL_S)
