"""The hub's loop: what is recorded, what is kept, in which order, and where one session ends and the next begins."""

import asyncio
from dataclasses import dataclass, field

import pytest

from sensorhub.adapters.profiles import load_profile
from sensorhub.model.exercise import Drill
from sensorhub.model.frames import LINK, LINK_DOWN, LINK_READY, LINK_UP, LinkReport, LinkState, RawFrame
from sensorhub.model.gait import Side
from sensorhub.model.session import Session
from sensorhub.model.status import SensorStatus
from sensorhub.model.summary import Summary
from sensorhub.pipeline.announcements import announcing
from sensorhub.pipeline.chain import Chain
from sensorhub.pipeline.decoder import SensorDecoder
from sensorhub.pipeline.hub import IDLE_NS, OpenSession, SensorLine, run_sensor
from sensorhub.pipeline.sensor_health import EVERY_NS, SensorHealth
from sensorhub.pipeline.sensor_session import SensorSession
from tests.support.native_packets import NativeSensor, frame

NATIVE = load_profile("sensorhub_native")
IDLE_S = IDLE_NS * 1e-9


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
    slow: bool = False
    not_yet: list = field(default_factory=list)

    def put_many(self, events, kept):
        self.kept += events
        if self.slow:
            self.not_yet.append(kept)
        else:
            kept()


@dataclass
class FakeRecorder:
    frames: list = field(default_factory=list)
    closed: bool = False

    def write(self, frame):
        assert not self.closed
        self.frames.append(frame)

    def close(self):
        self.closed = True


class Hub:
    """A line whose sessions are numbered, with what it kept and recorded of each."""

    def __init__(self, items=(), **options):
        self.source = FakeSource(list(items), **options)
        self.store = FakeStore()
        self.recorders = []
        self.began = []
        self.now_ns = 0
        self.line = SensorLine(self._begin, self.store, lambda _: None, lambda: self.now_ns)

    def _begin(self, origin_ns, heard_ns):
        self.began.append((origin_ns, heard_ns))
        self.recorders.append(FakeRecorder())
        session = Session("club", "SH-0001", "ada", f"s{len(self.recorders)}", None)
        return OpenSession(session, SensorSession(SensorDecoder(NATIVE), Chain()), SensorHealth(0), self.recorders[-1])

    def run(self):
        asyncio.run(run_sensor(self.source, self.line, ready()))
        return self

    def take(self, frames):
        for one in frames:
            self.line.take(one)

    def kept(self, kind, session=None):
        return [
            event
            for event, of in self.store.kept
            if isinstance(event, kind) and (session is None or of.session == session)
        ]


def ready():
    event = asyncio.Event()
    event.set()
    return event


def report(state, arrival_ns=0):
    return LinkReport(state, arrival_ns, None, -60.0)


def slow_sensor():
    """Packets of 10 s: quarters of an hour are few of them."""
    return NativeSensor(rate_hz=25.0, samples=250)


FRAMES = [
    RawFrame(LINK, 0, LINK_UP),
    RawFrame(LINK, 4, LINK_READY),
    RawFrame("data", 10, b"broken"),
    RawFrame(LINK, EVERY_NS, LINK_DOWN),
]


def test_every_frame_is_recorded_even_a_broken_one_and_reports_are_not():
    hub = Hub([FRAMES[0], report(LinkState.STREAMING), *FRAMES[1:]]).run()
    assert [recorder.frames for recorder in hub.recorders] == [FRAMES]
    assert hub.recorders[0].closed


def test_a_session_begins_with_the_first_frame_after_the_set_up_and_its_time_when_the_sensor_connected():
    early = RawFrame("data", 3, b"broken")
    hub = Hub([*FRAMES[:1], early, *FRAMES[1:]]).run()
    assert hub.began == [(0, 10)]
    assert hub.recorders[0].frames[1] == early


def test_a_sensor_that_cannot_be_set_up_has_no_session():
    hub = Hub([FRAMES[0], RawFrame("control", 1, b"no"), FRAMES[-1]]).run()
    assert not hub.began


def test_frames_wait_for_what_measures_them():
    async def loaded_late():
        hub, loaded = Hub(FRAMES, then_wait=True), asyncio.Event()
        task = asyncio.create_task(run_sensor(hub.source, hub.line, loaded))
        await asyncio.sleep(0)
        began_early = list(hub.began)
        loaded.set()
        await hub.source.waiting.wait()
        task.cancel()
        return began_early, hub.recorders[0].frames

    assert asyncio.run(loaded_late()) == ([], FRAMES)


def test_a_session_ends_with_its_summary_however_it_ends():
    async def cancelled(hub):
        task = asyncio.create_task(run_sensor(hub.source, hub.line, ready()))
        await hub.source.waiting.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    ended, stopped = Hub(FRAMES).run(), Hub(FRAMES, then_wait=True)
    asyncio.run(cancelled(stopped))
    for hub in (ended, stopped):
        assert isinstance(hub.store.kept[-1][0], Summary)
        assert hub.source.closed


def test_a_sensor_that_never_comes_has_no_session():
    hub = Hub([report(LinkState.SEARCHING)]).run()
    assert not hub.store.kept
    assert not hub.recorders


def test_status_is_told_when_the_link_changes_and_every_ten_seconds_of_frames():
    hub = Hub(
        [
            report(LinkState.SEARCHING),
            RawFrame(LINK, 3, LINK_UP),
            RawFrame(LINK, 4, LINK_READY),
            report(LinkState.STREAMING, 4),
            RawFrame("data", 5, b"broken"),
            RawFrame("data", 5 + EVERY_NS, b"broken"),
            RawFrame("data", 6 + EVERY_NS, b"broken"),
            report(LinkState.GONE, 7 + EVERY_NS),
        ]
    ).run()
    told = hub.kept(SensorStatus)
    assert [(status.t_s, status.connected) for status in told] == [
        (5e-9, True),
        (10.000000005, True),
        (10.000000007, False),
    ]
    assert {status.loss_share for status in told} == {None}


def test_a_status_tells_the_longest_that_a_frame_waited_since_the_one_before():
    hub = Hub()
    for arrival_ns, waited_ns in [(5, 30), (6, 70), (7, 20), (5 + EVERY_NS, 40), (6 + 2 * EVERY_NS, 10)]:
        hub.now_ns = arrival_ns + waited_ns
        hub.line.take(RawFrame("data", arrival_ns, b"broken"))
    assert [status.latency_s for status in hub.kept(SensorStatus)] == [70e-9, 40e-9]


def test_what_the_disk_keeps_late_was_late():
    hub = Hub()
    hub.store.slow = True
    hub.line.hear(report(LinkState.STREAMING))
    hub.take([RawFrame("data", 5, b"broken")])
    hub.now_ns = 65
    hub.store.not_yet[0]()
    hub.line.take(RawFrame("data", 5 + EVERY_NS, b"broken"))
    assert hub.kept(SensorStatus)[-1].latency_s == pytest.approx(60e-9)


def test_who_comes_back_within_a_quarter_of_an_hour_goes_on():
    hub, sensor = Hub(), slow_sensor()
    hub.take([*sensor.connect(1.0), sensor.packet(), frame(LINK, 12.0, LINK_DOWN)])
    hub.line.rest(round((IDLE_S + 11.0) * 1e9))
    hub.take(sensor.connect(IDLE_S + 11.5))
    assert len(hub.recorders) == 1
    assert not hub.kept(Summary)


def test_who_was_away_for_longer_has_a_summary_at_once_and_a_new_session_then():
    hub, sensor = Hub(), slow_sensor()
    hub.take([*sensor.connect(1.0), sensor.packet(), frame(LINK, 12.0, LINK_DOWN)])
    hub.line.rest(round((IDLE_S + 13.0) * 1e9))
    assert len(hub.kept(Summary, "s1")) == 1
    assert hub.recorders[0].closed
    hub.take([*sensor.connect(5000.0), sensor.packet()])
    hub.line.end()
    assert len(hub.kept(Summary, "s2")) == 1
    assert [len(recorder.frames) for recorder in hub.recorders] == [7, 6]


def test_a_hub_that_slept_itself_begins_a_new_session_with_the_first_frame():
    hub, sensor = Hub(), slow_sensor()
    hub.take([*sensor.connect(1.0), sensor.packet(), *sensor.connect(5000.0), sensor.packet()])
    assert len(hub.recorders) == 2
    assert hub.recorders[1].frames[0].payload == LINK_UP


def test_a_clip_that_lies_still_ends_its_session_and_begins_one_when_it_is_picked_up():
    hub, sensor = Hub([]), slow_sensor()
    hub.line.hear(report(LinkState.STREAMING))
    hub.take([*sensor.connect(1.0), sensor.packet()])
    sensor.lies_still = True
    hub.take(sensor.packet() for _ in range(200))
    assert len(hub.kept(Summary, "s1")) == 1
    assert len(hub.recorders) == 1, "nothing moves, so nothing begins"
    recorded = hub.recorders[0].frames
    assert recorded[-1].arrival_ns * 1e-9 == pytest.approx(11.0 + IDLE_S + 10.0, abs=11.0)

    sensor.lies_still = False
    hub.take(sensor.packet() for _ in range(3))
    hub.line.end()
    assert hub.recorders[1].frames[:5] == recorded[:5], "without the set-up nothing could be decoded"
    assert hub.kept(Summary, "s2")[0].duration_s == pytest.approx(30.0, abs=0.5)


def test_a_clip_that_lies_still_and_reconnects_has_one_session_that_ends():
    hub, sensor = Hub([]), slow_sensor()
    hub.take([*sensor.connect(1.0), sensor.packet()])
    sensor.lies_still = True
    for round_s in range(100, 7300, 600):
        hub.take([frame(LINK, round_s - 50.0, LINK_DOWN), *sensor.connect(float(round_s))])
        hub.take(sensor.packet() for _ in range(50))
    assert len(hub.kept(Summary, "s1")) == 1
    assert len(hub.recorders) == 1, "nothing moves, so nothing begins"
    ended_s = hub.recorders[0].frames[-1].arrival_ns * 1e-9
    assert ended_s == pytest.approx(11.0 + IDLE_S + 150.0, abs=120.0), "what was not heard is not still"

    sensor.lies_still = False
    hub.take([sensor.packet()])
    assert len(hub.recorders) == 2


def test_what_is_announced_while_no_session_is_under_way_belongs_to_the_next():
    hub, asked = Hub(), announcing(5, Drill.BAND_WALK, Side.LEFT)
    hub.line.announce(asked)
    hub.take(FRAMES)
    hub.line.end()
    hub.line.announce(announcing(2 * EVERY_NS, None, None))
    assert [recorder.frames for recorder in hub.recorders] == [[*FRAMES[:2], asked, *FRAMES[2:]]]


def test_what_a_session_gave_comes_again_from_its_recorded_frames():
    hub, sensor = Hub(), slow_sensor()
    hub.take([*sensor.connect(1.0), sensor.packet()])
    hub.line.announce(announcing(hub.recorders[0].frames[-1].arrival_ns, Drill.BAND_WALK, Side.LEFT))
    sensor.lies_still = True
    hub.take(sensor.packet() for _ in range(100))
    sensor.lies_still = False
    hub.take(sensor.packet() for _ in range(20))
    hub.line.end()
    for number, recorder in enumerate(hub.recorders, start=1):
        again = SensorSession(SensorDecoder(NATIVE), Chain())
        events = [event for one in recorder.frames for event in again.feed(one)] + again.finish()
        live = [event for event, of in hub.store.kept if of.session == f"s{number}"]
        assert events == [event for event in live if not isinstance(event, SensorStatus)]
