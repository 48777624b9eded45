"""The service: sensors in, records out, for as long as it is wanted."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from sensorhub.adapters.ble.backend import Radio
from sensorhub.adapters.ble.scan import SensorFinder, Wanted
from sensorhub.adapters.ble.source import BleSource
from sensorhub.adapters.profiles import load_profile
from sensorhub.app.delivery import Delivery, open_delivery
from sensorhub.config import SensorSettings, Settings
from sensorhub.model.events import Event
from sensorhub.model.frames import LinkReport, LinkState
from sensorhub.model.gait import Stride
from sensorhub.model.session import Record, Session
from sensorhub.model.status import Health, LinkStatus, Part
from sensorhub.pipeline.chain import Chain
from sensorhub.pipeline.decoder import SensorDecoder
from sensorhub.pipeline.hub import SensorLine, run_sensor
from sensorhub.pipeline.sensor_session import SensorSession

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


async def serve(
    settings: Settings,
    radio: Radio,
    view: View,
    stop: asyncio.Event,
    *,
    on_ready: Callable[[str], None] = lambda _: None,
) -> Totals:
    """Run every sensor of the settings until `stop` is set. `on_ready` hears the page's address."""
    totals = Totals(set())

    def stored(record: Record) -> None:
        totals.records += 1
        if isinstance(record.event, Stride):
            totals.strides.add(record.seq)
        view.show(record.event)

    async with open_delivery(settings, stored, view.show_link) as delivery:
        on_ready(delivery.page_url)
        await _run_sensors(settings, radio, delivery, stop)
        await _until_stored(delivery)
        totals.unconfirmed = delivery.store.status().unconfirmed
    return totals


async def _run_sensors(settings: Settings, radio: Radio, delivery: Delivery, stop: asyncio.Event) -> None:
    finder = SensorFinder(radio)
    async with asyncio.TaskGroup() as tasks:
        running = []
        for sensor in settings.sensor:
            line = _sensor_line(settings.hub.name, sensor, finder, delivery)
            running.append(tasks.create_task(run_sensor(line), name=f"sensor {sensor.name}"))
        await stop.wait()
        for task in running:
            task.cancel()


def _sensor_line(hub: str, sensor: SensorSettings, finder: SensorFinder, delivery: Delivery) -> SensorLine:
    profile = load_profile(sensor.profile)
    start_unix_ns, origin_ns = time.time_ns(), time.monotonic_ns()
    started = datetime.fromtimestamp(start_unix_ns // 1_000_000_000, UTC)

    def report(link: LinkReport) -> None:
        health = LINK_HEALTH.get(link.state, Health.WAITING)
        status = LinkStatus(Part.SENSOR, health, f"{sensor.name}: {link.detail or link.state.value}")
        delivery.watchers.tell_link(status, sensor.name)

    return SensorLine(
        source=BleSource(finder, Wanted(profile, sensor.name)),
        session=Session(hub, sensor.name, sensor.runner, f"{started:%Y%m%dT%H%M%SZ}-{sensor.name}", start_unix_ns),
        analysis=SensorSession(SensorDecoder(profile, origin_ns=origin_ns), Chain()),
        store=delivery.store,
        recorder=None,
        report=report,
    )


async def _until_stored(delivery: Delivery) -> None:
    """Wait until the far end holds everything, or for as long as a stop may take."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LAST_RECORDS_WITHIN_S):
            while (await asyncio.to_thread(delivery.store.status)).unconfirmed:
                await asyncio.sleep(POLL_S)  # noqa: ASYNC110 - the store belongs to other threads, and the wait is bounded
