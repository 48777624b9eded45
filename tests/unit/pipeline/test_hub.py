"""The hub's loop: what is recorded, what is kept, and in which order."""

import asyncio
from dataclasses import dataclass, field

import pytest

from sensorhub.adapters.profiles import load_profile
from sensorhub.model.frames import LINK, LINK_DOWN, LINK_UP, LinkReport, LinkState, RawFrame
from sensorhub.model.session import Session
from sensorhub.model.status import SensorStatus
from sensorhub.model.summary import Summary
from sensorhub.pipeline.chain import Chain
from sensorhub.pipeline.decoder import SensorDecoder
from sensorhub.pipeline.hub import SensorLine, run_sensor
from sensorhub.pipeline.sensor_health import EVERY_NS, SensorHealth
from sensorhub.pipeline.sensor_session import SensorSession

SESSION = Session("club", "SH-0001", "ada", "s1", None)


@dataclass
class FakeSource:
    items: list
    then_wait: bool = False
    closed: bool = False
    waiting: asyncio.Event = field(default_factory=asyncio.Event)

    async def frames(self):
        try:
            for item in self.items:
                yield item
            if self.then_wait:
                self.waiting.set()
                await asyncio.Event().wait()
        finally:
            self.closed = True


@dataclass
class FakeStore:
    kept: list = field(default_factory=list)

    def put_many(self, events):
        self.kept += [event for event, _ in events]
        return []

    def depth(self):
        return 7


@dataclass
class FakeRecorder:
    frames: list = field(default_factory=list)

    def write(self, frame):
        self.frames.append(frame)


def line_of(items, **options):
    profile = load_profile("sensorhub_native")
    return SensorLine(
        source=FakeSource(items, **options),
        session=SESSION,
        analysis=SensorSession(SensorDecoder(profile), Chain()),
        health=SensorHealth(0),
        store=FakeStore(),
        recorder=FakeRecorder(),
        report=lambda _: None,
    )


def report(state, arrival_ns=0):
    return LinkReport(state, arrival_ns, None, 0, 0, 0, -60.0)


FRAMES = [RawFrame(LINK, 0, LINK_UP), RawFrame("data", 10, b"broken"), RawFrame(LINK, EVERY_NS, LINK_DOWN)]


def test_every_frame_is_recorded_even_a_broken_one_and_reports_are_not():
    line = line_of([FRAMES[0], report(LinkState.STREAMING), *FRAMES[1:]])
    asyncio.run(run_sensor(line))
    assert line.recorder.frames == FRAMES


def test_a_session_ends_with_its_summary_however_it_ends():
    async def cancelled(line):
        task = asyncio.create_task(run_sensor(line))
        await line.source.waiting.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    ended, stopped = line_of(FRAMES), line_of(FRAMES, then_wait=True)
    asyncio.run(run_sensor(ended))
    asyncio.run(cancelled(stopped))
    for line in (ended, stopped):
        assert isinstance(line.store.kept[-1], Summary)
        assert line.source.closed


def test_status_is_told_when_the_link_changes_and_every_ten_seconds_of_frames():
    line = line_of(
        [
            report(LinkState.SEARCHING),
            report(LinkState.STREAMING, 5),
            RawFrame("data", 6, b"broken"),
            RawFrame("data", 5 + EVERY_NS, b"broken"),
            RawFrame("data", 6 + EVERY_NS, b"broken"),
            report(LinkState.GONE, 7 + EVERY_NS),
        ]
    )
    asyncio.run(run_sensor(line))
    told = [event for event in line.store.kept if isinstance(event, SensorStatus)]
    assert [(status.t_s, status.connected) for status in told] == [
        (5e-9, True),
        (10.000000005, True),
        (10.000000007, False),
    ]
    assert {status.outbox_depth for status in told} == {7}
    assert {status.loss_share for status in told} == {None}
