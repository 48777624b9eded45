"""The service: sensors in, records out, for as long as it is wanted."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, Self

from sensorhub.adapters.ble.backend import Radio
from sensorhub.adapters.ble.scan import SensorFinder, Wanted
from sensorhub.adapters.ble.source import BleParams, BleSource
from sensorhub.adapters.profiles import load_profile
from sensorhub.adapters.recording import RecordingHeader, RecordingWriter
from sensorhub.app.calibrate import alignment_shelf
from sensorhub.app.delivery import Delivery, open_delivery
from sensorhub.app.guided import GuidedRun, HeardStore, guiding, offered_session
from sensorhub.config import SensorSettings, Settings
from sensorhub.model.alignment import Alignment
from sensorhub.model.events import Event
from sensorhub.model.frames import LinkReport, LinkState
from sensorhub.model.gait import Stride
from sensorhub.model.session import Record, Session
from sensorhub.model.status import Health, LinkStatus, Part
from sensorhub.pipeline.chain import Chain
from sensorhub.pipeline.decoder import SensorDecoder
from sensorhub.pipeline.hub import SensorLine, run_sensor
from sensorhub.pipeline.sensor_health import SensorHealth
from sensorhub.pipeline.sensor_session import SensorSession
from sensorhub.protocol.profile import Profile

LAST_RECORDS_WITHIN_S = 5.0
"""How long a stop waits for the last records to be stored at the far end; they are safe on the disk either way."""

POLL_S = 0.02

LINK_HEALTH = {LinkState.STREAMING: Health.OK, LinkState.STALE: Health.LOST, LinkState.GONE: Health.LOST}


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
            await _run_sensors(settings, radio, replace(delivery, store=store), stop, record_to)
        await _until_stored(delivery)
        totals.unconfirmed = delivery.store.depth()
    return totals


async def _run_sensors(
    settings: Settings, radio: Radio, delivery: Delivery, stop: asyncio.Event, record_to: Path | None
) -> None:
    finder = SensorFinder(radio)
    with contextlib.ExitStack() as recordings:
        lines = []
        for sensor in settings.sensor:
            start = SessionStart.now(settings, sensor)
            recorder = None
            if record_to is not None:
                path = (
                    record_to if len(settings.sensor) == 1 else record_to.with_stem(f"{record_to.stem}-{sensor.name}")
                )
                recorder = RecordingWriter(path, start.recording_header())
                recordings.callback(recorder.close)
            lines.append(_sensor_line(start, finder, delivery, recorder))
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(run_sensor(line), name=f"sensor {line.session.sensor}") for line in lines]
            await stop.wait()
            for task in running:
                task.cancel()


@dataclass(frozen=True, slots=True)
class SessionStart:
    """One moment on both clocks, and whose session begins then."""

    session: Session
    sensor: SensorSettings
    profile: Profile
    origin_ns: int
    alignment: Alignment | None

    @classmethod
    def now(cls, settings: Settings, sensor: SensorSettings) -> Self:
        """Begin a session now."""
        start_unix_ns, origin_ns = time.time_ns(), time.monotonic_ns()
        started = datetime.fromtimestamp(start_unix_ns // 1_000_000_000, UTC)
        session_id = f"{started:%Y%m%dT%H%M%SZ}-{sensor.name}"
        session = Session(settings.hub.name, sensor.name, sensor.runner, session_id, start_unix_ns)
        alignment = alignment_shelf(settings).load(sensor.name)
        return cls(session, sensor, load_profile(sensor.profile), origin_ns, alignment)

    def recording_header(self) -> RecordingHeader:
        """What a replay needs of it."""
        session = self.session
        return RecordingHeader(
            profile=self.profile,
            settings=dict(self.sensor.settings),
            sensor=session.sensor,
            runner=session.runner,
            session=session.session,
            origin_ns=self.origin_ns,
            start_unix_ns=session.start_unix_ns,
            alignment=self.alignment,
        )


def _sensor_line(
    start: SessionStart, finder: SensorFinder, delivery: Delivery, recorder: RecordingWriter | None
) -> SensorLine:
    name = start.session.sensor

    def report(link: LinkReport) -> None:
        health = LINK_HEALTH.get(link.state, Health.WAITING)
        status = LinkStatus(Part.SENSOR, health, f"{name}: {link.detail or link.state.value}")
        delivery.watchers.tell_link(status, name)

    chosen = start.sensor.settings
    radio = BleParams(start_notify=start.sensor.start_notify)
    return SensorLine(
        source=BleSource(finder, Wanted(start.profile, name), chosen, radio),
        session=start.session,
        analysis=SensorSession(SensorDecoder(start.profile, chosen, start.origin_ns), Chain()),
        health=SensorHealth(start.origin_ns),
        store=delivery.store,
        recorder=recorder,
        report=report,
    )


async def _until_stored(delivery: Delivery) -> None:
    """Wait until the far end holds everything, or for as long as a stop may take."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LAST_RECORDS_WITHIN_S):
            # Polled: the store belongs to other threads, and the wait is bounded.
            while await asyncio.to_thread(delivery.store.depth):  # noqa: ASYNC110
                await asyncio.sleep(POLL_S)
