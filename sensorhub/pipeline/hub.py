"""The hub's loop for one sensor: frames in, kept as they came; what they mean, kept before anybody hears of it."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final, Protocol

from sensorhub.model.events import Event
from sensorhub.model.frames import LINK, LINK_READY, LINK_UP, LinkReport, RawFrame
from sensorhub.model.session import Session
from sensorhub.pipeline.ports import FrameSource
from sensorhub.pipeline.sensor_health import SensorHealth
from sensorhub.pipeline.sensor_session import SensorSession

IDLE_NS: Final = 15 * 60 * 1_000_000_000
"""So long unheard or unmoved ends a session: longer than a rest between sets, shorter than the way home and back."""


class EventStore(Protocol):
    """Keeps the events of sessions, in the order in which they are put."""

    def put_many(self, events: Sequence[tuple[Event, Session]], kept: Callable[[], None]) -> None:
        """Take events and go on; `kept` is called later, once all are on the disk (or, while it is full, in memory)."""
        ...


class FrameRecorder(Protocol):
    """Keeps the frames of a session as they came."""

    def write(self, frame: RawFrame) -> None:
        """Keep one frame."""
        ...

    def close(self) -> None:
        """No more frames come."""
        ...


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session under way: whose it is, what it measures, how its sensor fares, where its frames are kept."""

    session: Session
    analysis: SensorSession
    health: SensorHealth
    recorder: FrameRecorder | None


Begin = Callable[[int, int], OpenSession]
"""Opens a session. Two moments of the monotonic clock, ns: session time 0, and the first frame to measure."""


class SensorLine:
    """One sensor's way into the store, session after session.

    A session begins with the first frame after the sensor's set-up. It ends when the sensor was not heard or lay still
    for IDLE_NS; the next one begins when it is heard or moves again: who takes the clip off and comes back has two
    sessions, who rests between sets has one. now_ns: the clock by which frames are stamped as they come.
    """

    def __init__(
        self, begin: Begin, store: EventStore, report: Callable[[LinkReport], None], now_ns: Callable[[], int]
    ) -> None:
        self._begin = begin
        self._store = store
        self._report = report
        self._now_ns = now_ns
        self._open: OpenSession | None = None
        self._asleep: SensorSession | None = None
        self._link: LinkReport | None = None
        self._set_up: list[RawFrame] = []
        self._setting_up = False
        self._announced: RawFrame | None = None
        self._heard_ns = 0

    def hear(self, report: LinkReport) -> None:
        """Take a change of the link."""
        self._link = report
        self._report(report)
        if self._open is not None and self._open.health.hear(report):
            self._keep_status(self._open, report.arrival_ns)

    def take(self, frame: RawFrame) -> None:
        """Take one frame; it begins a session where none is under way and the sensor is set up and moves."""
        self.rest(frame.arrival_ns)
        self._heard_ns = frame.arrival_ns
        if self._open is None:
            self._open = self._begun(frame)
        if self._open is not None:
            self._feed(self._open, frame)
        if self._open is not None:
            self._open.health.kept(frame.arrival_ns, self._now_ns())
        self._remember(frame)

    def announce(self, announcement: RawFrame) -> None:
        """Take what the runner is told to do next, in this session or the one that begins later."""
        self._announced = announcement
        if self._open is not None:
            self._feed(self._open, announcement)

    def rest(self, now_ns: int) -> None:
        """End a session whose sensor has not been heard for long."""
        if now_ns - self._heard_ns > IDLE_NS:
            self.end()
            self._asleep = None

    def end(self) -> None:
        """Sum the session up, if one is under way, and keep what it came to."""
        ended, self._open = self._open, None
        if ended is None:
            return
        self._keep(ended, ended.analysis.finish(), self._heard_ns)
        if ended.recorder is not None:
            ended.recorder.close()

    def _begun(self, frame: RawFrame) -> OpenSession | None:
        slept = self._asleep is not None
        if self._asleep is not None and not self._asleep.moves(frame):
            return None
        if self._setting_up or frame.characteristic == LINK:
            return None
        self._asleep = None
        origin = frame if slept or not self._set_up else self._set_up[0]
        begun = self._begin(origin.arrival_ns, frame.arrival_ns)
        for earlier in self._set_up:  # the sensor's scales were said when it connected
            self._feed(begun, earlier)
        if self._announced is not None:
            self._feed(begun, self._announced)
        if self._link is not None and begun.health.hear(self._link):
            self._keep_status(begun, frame.arrival_ns)
        return begun

    def _feed(self, under_way: OpenSession, frame: RawFrame) -> None:
        if under_way.recorder is not None:
            under_way.recorder.write(frame)
        self._keep(under_way, under_way.analysis.feed(frame), frame.arrival_ns)
        if under_way.health.is_due(frame):
            self._keep_status(under_way, frame.arrival_ns)
        if under_way.analysis.still_ns > IDLE_NS:
            self._asleep = under_way.analysis
            self.end()

    def _remember(self, frame: RawFrame) -> None:
        """Remember how the sensor was set up, from one connection to the next."""
        if frame.characteristic == LINK:
            if frame.payload == LINK_UP:
                self._set_up = []
            self._setting_up = frame.payload == LINK_UP
        if self._setting_up or (frame.characteristic == LINK and frame.payload == LINK_READY):
            self._set_up.append(frame)

    def _keep_status(self, under_way: OpenSession, arrival_ns: int) -> None:
        analysis = under_way.analysis
        counts, rate_hz = analysis.decoder.counts, analysis.decoder.rate_hz
        status = under_way.health.status(arrival_ns, counts, rate_hz, analysis.battery_percent)
        self._keep(under_way, [status], arrival_ns)

    def _keep(self, under_way: OpenSession, events: list[Event], arrival_ns: int) -> None:
        if events:
            self._store.put_many(
                [(event, under_way.session) for event in events],
                lambda: under_way.health.kept(arrival_ns, self._now_ns()),
            )


async def run_sensor(source: FrameSource, line: SensorLine, ready: asyncio.Event) -> None:
    """Take frames until the source ends or the task is cancelled; then the session is summed up and kept.

    Until `ready` is set frames wait in the source, stamped as they came.
    """
    try:
        async with aclosing(source.frames()) as frames:
            async for item in frames:
                if isinstance(item, LinkReport):
                    line.hear(item)
                else:
                    await ready.wait()
                    line.take(item)
    finally:
        line.end()
