"""The service: sensors in, records out, for as long as it is wanted."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sensorhub.adapters.ble.backend import Radio
from sensorhub.adapters.ble.scan import SensorFinder
from sensorhub.adapters.recording import RecordingWriter
from sensorhub.app.delivery import Delivery, open_delivery
from sensorhub.app.guided import GuidedRun, HeardStore, guiding, offered_session
from sensorhub.app.session_start import SessionStart, sensor_line
from sensorhub.config import Settings
from sensorhub.model.events import Event
from sensorhub.model.gait import Stride
from sensorhub.model.session import Record
from sensorhub.model.status import Health, LinkStatus, Part
from sensorhub.pipeline.hub import EventStore, run_sensor

LAST_RECORDS_WITHIN_S = 5.0
"""How long a stop waits for the last records to be stored at the far end; they are safe on the disk either way."""

POLL_S = 0.02

WATCH_S = 2.0
"""How often the disk is asked whether it still takes what comes."""


class View(Protocol):
    """Somebody who watches: the terminal."""

    def show(self, event: Event) -> None:
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
        view.show(record.event)

    session = guided or offered_session(settings)

    def linked(status: LinkStatus) -> None:
        if session is not None:
            session.hear_link(status)
        view.show_link(status)

    async with open_delivery(settings, stored, linked, session) as delivery:
        on_ready(delivery.page_url)
        async with guiding(session, delivery.watchers.tell_guided):
            store = HeardStore(delivery.store, session) if session else delivery.store
            await _run_sensors(settings, SensorFinder(radio), delivery, store, stop, record_to)
        await _until_stored(delivery)
        totals.unconfirmed = delivery.store.depth()
    return totals


async def _run_sensors(  # noqa: PLR0913, PLR0917 - its parts, put together by serve
    settings: Settings,
    finder: SensorFinder,
    delivery: Delivery,
    store: EventStore,
    stop: asyncio.Event,
    record_to: Path | None,
) -> None:
    with contextlib.ExitStack() as recordings:
        starts = [SessionStart.now(settings, sensor) for sensor in settings.sensor]
        lines, recorders = [], []
        for start in starts:
            recorder = None
            if record_to is not None:
                recorder = _recorder(start, record_to, len(starts))
                recordings.callback(recorder.close)
                recorders.append(recorder)
            lines.append(sensor_line(start, finder, delivery.watchers, store, recorder))
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(run_sensor(line), name=f"sensor {line.session.sensor}") for line in lines]
            running.append(tasks.create_task(_watch_disk(delivery, recorders), name="disk"))
            await stop.wait()
            for task in running:
                task.cancel()


def _recorder(start: SessionStart, record_to: Path, sensors: int) -> RecordingWriter:
    """The raw recording of one sensor; with several sensors each has a file of its own."""
    path = record_to if sensors == 1 else record_to.with_stem(f"{record_to.stem}-{start.sensor.name}")
    return RecordingWriter(path, start.recording_header())


async def _watch_disk(delivery: Delivery, recorders: Sequence[RecordingWriter]) -> None:
    """Tell when the disk does not take what comes; asking also tries again what waits in memory."""
    while True:
        troubles = [recorder.problem for recorder in recorders]
        troubles.append(await asyncio.to_thread(delivery.store.trouble))
        trouble = next((each for each in troubles if each), None)
        status = LinkStatus(Part.STORE, Health.LOST if trouble else Health.OK, trouble or "storing")
        delivery.watchers.tell_link(status, "disk")
        await asyncio.sleep(WATCH_S)


async def _until_stored(delivery: Delivery) -> None:
    """Wait until the far end holds everything, or for as long as a stop may take."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LAST_RECORDS_WITHIN_S):
            # Polled: the store belongs to other threads, and the wait is bounded.
            while await asyncio.to_thread(delivery.store.depth):  # noqa: ASYNC110
                await asyncio.sleep(POLL_S)
