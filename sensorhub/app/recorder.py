"""Records one sensor's raw frames, without measuring anything."""

import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

from sensorhub.adapters.ble.backend import Radio, open_radio
from sensorhub.adapters.ble.scan import SensorFinder, Wanted
from sensorhub.adapters.ble.source import BleSource
from sensorhub.adapters.recording import RecordingHeader, RecordingWriter
from sensorhub.app.stopping import run_until_stopped
from sensorhub.model.frames import LinkReport
from sensorhub.pipeline.decoder import DecodeCounts, SensorDecoder
from sensorhub.protocol.profile import Number, Profile


@dataclass(frozen=True, slots=True)
class RecordingOrder:
    """What to record: which sensor, on whom, set up how, and where to."""

    path: Path
    profile: Profile
    sensor: str | None
    runner: str
    settings: dict[str, Number] = field(default_factory=dict)


async def record(
    radio_choice: str | None, order: RecordingOrder, seconds: float | None, report: Callable[[LinkReport], None]
) -> DecodeCounts:
    """Record until Ctrl-C, or for `seconds`. Raises SensorhubError where nothing can be written."""
    radio = await open_radio(radio_choice)
    try:
        return await _record(radio, order, seconds, report)
    finally:
        await radio.aclose()


async def _record(
    radio: Radio, order: RecordingOrder, seconds: float | None, report: Callable[[LinkReport], None]
) -> DecodeCounts:
    origin_ns, start_unix_ns = time.monotonic_ns(), time.time_ns()
    source = BleSource(SensorFinder(radio), Wanted(order.profile, order.sensor), order.settings)
    decoder = SensorDecoder(order.profile, order.settings, origin_ns)
    sensor = order.sensor or order.profile.name
    session = f"raw-{start_unix_ns // 1_000_000_000}"
    header = RecordingHeader(order.profile, order.settings, sensor, order.runner, session, origin_ns, start_unix_ns)
    writer = RecordingWriter(order.path, header)
    try:
        await run_until_stopped(_take(source, decoder, writer, report), seconds)
    finally:
        writer.close()
    return decoder.counts


async def _take(
    source: BleSource, decoder: SensorDecoder, writer: RecordingWriter, report: Callable[[LinkReport], None]
) -> None:
    async with aclosing(source.frames()) as frames:
        async for item in frames:
            if isinstance(item, LinkReport):
                report(item)
            else:
                writer.write(item)
                decoder.feed(item)
