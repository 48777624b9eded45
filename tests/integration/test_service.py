"""The service as a user runs it: a sensor's process, the real radio stack, broker, stores; live equals replay."""

import asyncio
import json
import sqlite3

import pytest

from sensorhub.adapters.broker import local_broker
from sensorhub.app import service
from sensorhub.app.run import run_service
from sensorhub.config import HubSettings, MqttSettings, PageSettings, SensorSettings, Settings
from sensorhub.formats.plain_csv import HEADER, format_rows
from sensorhub.model.gait import Stride
from sensorhub.model.status import Health, Part
from sensorhub.synthetic.runner import synthesise_run
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams
from tests.support.command import sensorhub
from tests.support.virtual_sensor import virtual_sensor

pytestmark = pytest.mark.integration
IDENTITY = ("hub", "sensor", "runner", "session", "seq", "time")
STRIDES_WANTED = 12


class StopsAfter:
    """Watches until enough strides were stored, then ends the service as Ctrl-C would."""

    def __init__(self, strides):
        self._strides_left = strides
        self.stop = asyncio.Event()

    def show(self, event):
        self._strides_left -= isinstance(event, Stride)
        if self._strides_left <= 0:
            self.stop.set()

    def show_link(self, status):
        assert status.detail


@pytest.fixture
def run_csv(tmp_path):
    made = synthesise_run(RunnerParams(seed=5, bouts=(Bout(Pace.STAND, 3.0), Bout(Pace.RUN, 40.0))))
    path = tmp_path / "run.csv"
    path.write_text(HEADER + "\n" + format_rows(made.block))
    return path


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """A stop that waits for the far end as long as a busy machine needs."""
    monkeypatch.setattr(service, "LAST_RECORDS_WITHIN_S", 60.0)


def settings_of(tmp_path, radio, port):
    return Settings(
        hub=HubSettings(name="club", data_dir=str(tmp_path / "data"), radio=radio),
        sensor=(SensorSettings(name="SH-0001", runner="ada"),),
        mqtt=MqttSettings(port=port),
        page=PageSettings(port=0),
    )


def test_what_was_stored_live_comes_again_from_the_raw_frames(tmp_path, run_csv):
    raw = tmp_path / "today.shraw"

    async def live():
        async with virtual_sensor("--input", str(run_csv)) as sensor:
            with local_broker() as broker:
                settings = settings_of(tmp_path, sensor.radio, broker.port)
                view = StopsAfter(STRIDES_WANTED)
                return await run_service(settings, view, view.stop, record_to=raw, seconds=150, on_ready=lambda _: None)

    totals = asyncio.run(live())
    assert totals.unconfirmed == 0
    assert len(totals.strides) >= STRIDES_WANTED
    rows = sqlite3.connect(tmp_path / "data" / "keeper.sqlite").execute("SELECT payload FROM record").fetchall()
    stored = [json.loads(payload) for (payload,) in rows]
    assert {(record["hub"], record["sensor"], record["runner"]) for record in stored} == {("club", "SH-0001", "ada")}
    replayed = [json.loads(line) for line in sensorhub("replay", raw, "--json").out.splitlines()]
    assert sum(record["type"] == "stride" for record in replayed) >= STRIDES_WANTED

    def bare(records):
        return sorted(
            json.dumps({key: value for key, value in record.items() if key not in IDENTITY}, sort_keys=True)
            for record in records
            if record["type"] != "sensor"
        )

    assert bare(stored) == bare(replayed)
    assert sensorhub("analyze", raw, "--json").out == sensorhub("replay", raw, "--json").out


class Watched:
    """What the service has shown so far, and a way to wait until it has shown something."""

    def __init__(self):
        self.strides = 0
        self.links = {}
        self._news = asyncio.Event()

    def show(self, event):
        self.strides += isinstance(event, Stride)
        self._news.set()

    def show_link(self, status):
        self.links[status.part] = status.health
        self._news.set()

    async def until(self, seen):
        async with asyncio.timeout(60):
            while not seen(self):
                self._news.clear()
                await self._news.wait()


def test_a_broker_and_a_sensor_that_go_and_come_back_are_said_and_nothing_is_lost(tmp_path, run_csv):
    view, stop = Watched(), asyncio.Event()

    async def live():
        async with virtual_sensor("--input", str(run_csv)) as sensor:
            with local_broker() as broker:
                settings = settings_of(tmp_path, sensor.radio, broker.port)
                running = asyncio.create_task(
                    run_service(settings, view, stop, record_to=None, seconds=None, on_ready=lambda _: None)
                )
                await view.until(lambda seen: seen.strides >= 4)
            await view.until(lambda seen: seen.links[Part.BROKER] is Health.LOST)
            stored = view.strides
            await sensor.order("vanish")
            await view.until(lambda seen: seen.links[Part.SENSOR] is Health.LOST)
            await sensor.order("reappear")
            await view.until(lambda seen: seen.links[Part.SENSOR] is Health.OK)
            with local_broker(port=broker.port):
                await view.until(lambda seen: seen.links[Part.BROKER] is Health.OK and seen.strides > stored)
                stop.set()
                return await running

    totals = asyncio.run(live())
    assert totals.unconfirmed == 0
    kept = sqlite3.connect(tmp_path / "data" / "keeper.sqlite").execute("SELECT payload FROM record").fetchall()
    made = sqlite3.connect(tmp_path / "data" / "hub.sqlite").execute("SELECT max(seq), min(seq) FROM record").fetchall()
    records = [json.loads(payload) for (payload,) in kept]
    seqs = sorted(record["seq"] for record in records)
    assert seqs == list(range(seqs[0], seqs[-1] + 1)), "a record of the hub never came to the keeper"
    assert made[0][0] in (None, seqs[-1])
    assert any(record["type"] == "sensor" and not record["connected"] for record in records)


def test_a_plain_recording_cannot_be_replayed(run_csv):
    ended = sensorhub("replay", run_csv)
    assert ended.code == 3
    assert ended.err.count("\n") == 1
