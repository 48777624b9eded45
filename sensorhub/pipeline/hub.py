"""The hub's loop for one sensor: frames in, kept as they came; what they mean, kept before anybody hears of it."""

from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

from sensorhub.model.events import Event
from sensorhub.model.frames import LinkReport, RawFrame
from sensorhub.model.session import Record, Session
from sensorhub.pipeline.ports import FrameSource
from sensorhub.pipeline.sensor_health import SensorHealth
from sensorhub.pipeline.sensor_session import SensorSession


class EventStore(Protocol):
    """Keeps the events of a session; on return they are on the disk."""

    def put_many(self, events: Sequence[tuple[Event, Session]]) -> list[Record]:
        """Keep events in one transaction and give their records."""
        ...

    def depth(self) -> int:
        """How many records the far end does not hold yet."""
        ...


class FrameRecorder(Protocol):
    """Keeps frames as they came."""

    def write(self, frame: RawFrame) -> None:
        """Keep one frame."""
        ...


@dataclass(frozen=True, slots=True)
class SensorLine:
    """All that one sensor's loop needs."""

    source: FrameSource
    session: Session
    analysis: SensorSession
    health: SensorHealth
    store: EventStore
    recorder: FrameRecorder | None
    report: Callable[[LinkReport], None]


async def run_sensor(line: SensorLine) -> None:
    """Take frames until the source ends or the task is cancelled; then the session is summed up and kept."""
    try:
        async with aclosing(line.source.frames()) as frames:
            async for item in frames:
                if isinstance(item, LinkReport):
                    _hear(line, item)
                else:
                    _take(line, item)
    finally:
        _keep(line, line.analysis.finish())


def _hear(line: SensorLine, report: LinkReport) -> None:
    line.report(report)
    if line.health.hear(report):
        _keep_status(line, report.arrival_ns)


def _take(line: SensorLine, frame: RawFrame) -> None:
    if line.recorder is not None:
        line.recorder.write(frame)
    _keep(line, line.analysis.feed(frame))
    if line.health.is_due(frame):
        _keep_status(line, frame.arrival_ns)


def _keep_status(line: SensorLine, arrival_ns: int) -> None:
    decoder = line.analysis.decoder
    battery = line.analysis.battery_percent
    _keep(line, [line.health.status(arrival_ns, decoder.counts, decoder.rate_hz, battery, line.store.depth())])


def _keep(line: SensorLine, events: list[Event]) -> None:
    if events:
        line.store.put_many([(event, line.session) for event in events])
