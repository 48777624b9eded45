"""The service as a user runs it: a sensor's process, the real radio stack, broker, stores; live equals replay."""

import asyncio
import contextlib
import json
import sqlite3
from functools import partial
from itertools import islice

import pytest

from sensorhub.app import service
from sensorhub.app.run import run_service
from sensorhub.config import HubSettings, MqttSettings, PageSettings, SensorSettings, Settings
from sensorhub.model.gait import Stride
from sensorhub.model.status import Health, Part
from sensorhub.synthetic.runner import synthesise_run
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams
from tests.support.command import sensorhub
from tests.support.delivery import DATABASE, running_writer, wait_until
from tests.support.files import recording
from tests.support.reader import Reader
from tests.support.servers import free_port, mosquitto, new
from tests.support.virtual_sensor import virtual_sensor

pytestmark = pytest.mark.integration
IDENTITY = ("hub", "sensor", "runner", "session", "seq", "time")
STRIDES_WANTED = 12
FRAMES_OF_SECONDS_BYTES = 10_000


class Watched:
    """What the service has shown so far, and a way to wait until it has shown something."""

    def __init__(self):
        self.strides = 0
        self.links = {}
        self._news = asyncio.Event()

    def show(self, record):
        self.strides += isinstance(record.event, Stride)
        self._news.set()

    def show_link(self, status):
        self.links[status.part] = status.health
        self._news.set()

    async def until(self, seen):
        async with asyncio.timeout(60):
            while not seen(self):
                self._news.clear()
                await self._news.wait()


@pytest.fixture
def run_csv(tmp_path):
    made = synthesise_run(RunnerParams(seed=5, bouts=(Bout(Pace.STAND, 3.0), Bout(Pace.RUN, 40.0))))
    return recording(tmp_path / "run.csv", made.block)


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """A stop that waits for the far end as long as a busy machine needs."""
    monkeypatch.setattr(service, "LAST_RECORDS_WITHIN_S", 60.0)


def settings_of(tmp_path, radio, mqtt, stored_by=()):
    return Settings(
        hub=HubSettings(name="club", data_dir=str(tmp_path / "data"), radio=radio, stored_by=stored_by),
        sensor=(SensorSettings(name="SH-0001", runner="ada"),),
        mqtt=mqtt,
        page=PageSettings(port=0),
    )


@contextlib.contextmanager
def hanging_disk(store_path):
    """Nobody can commit to the store meanwhile; whoever tries waits."""
    with contextlib.closing(sqlite3.connect(store_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_what_was_stored_live_comes_again_from_the_raw_frames_and_a_disk_that_hangs_holds_none_up(
    tmp_path, run_csv, monkeypatch
):
    monkeypatch.setattr("sensorhub.adapters.sqlite.database.BUSY_TIMEOUT_S", 600.0)
    raw, view, stop = tmp_path / "today.shraw", Watched(), asyncio.Event()

    async def live():
        async with virtual_sensor("--input", str(run_csv)) as sensor:
            settings = settings_of(tmp_path, sensor.radio, MqttSettings(enabled=False))
            serving = run_service(settings, view, stop, record_to=raw, seconds=150)
            running = asyncio.create_task(serving)
            await view.until(lambda seen: seen.strides)
            with hanging_disk(tmp_path / "data" / "hub.sqlite"):
                enough = raw.stat().st_size + FRAMES_OF_SECONDS_BYTES
                await asyncio.to_thread(wait_until, lambda: raw.stat().st_size > enough)
            await view.until(lambda seen: seen.strides >= STRIDES_WANTED)
            stop.set()
            return await running

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


def strides_on(page_url):
    """The numbers of the first strides that a page is sent."""
    with Reader(page_url) as reader:
        strides = (record["seq"] for _, record in reader.records() if record["type"] == "stride")
        return list(islice(strides, 4))


def records_in(path):
    """Number and revision of each record in the file of a store or of a keeper."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT seq, revision FROM record ORDER BY seq").fetchall()


@pytest.mark.server
def test_nobody_here_needs_the_broker_which_gets_everything_when_it_comes(tmp_path, run_csv):
    view, stop, port = Watched(), asyncio.Event(), free_port()
    (tmp_path / "hub.toml").write_text(f'[hub]\ndata_dir = "{tmp_path / "data"}"\n')

    async def live():
        page_url = asyncio.get_running_loop().create_future()
        async with virtual_sensor("--input", str(run_csv)) as sensor:
            settings = settings_of(tmp_path, sensor.radio, MqttSettings(port=port), ("keeper", DATABASE))
            running = asyncio.create_task(run_service(settings, view, stop, on_ready=page_url.set_result))
            shown = await asyncio.to_thread(strides_on, await page_url)
            await view.until(lambda seen: seen.strides >= len(shown))
            history = await asyncio.to_thread(sensorhub, "history", "--json", "--config", tmp_path / "hub.toml")
            stored = view.strides
            await sensor.order("vanish")
            await view.until(lambda seen: seen.links[Part.SENSOR] is Health.LOST)
            await sensor.order("reappear")
            await view.until(lambda seen: seen.links[Part.SENSOR] is Health.OK and seen.strides > stored)
            assert view.links[Part.BROKER] is Health.LOST
            with new(partial(mosquitto, port=port)), running_writer(settings.mqtt, tmp_path / "elsewhere"):
                await view.until(lambda seen: seen.links[Part.BROKER] is Health.OK)
                stop.set()
                return shown, json.loads(history.out), await running

    shown, history, totals = asyncio.run(live())
    assert len(set(shown)) == 4
    assert history["sessions"][0]["strides"] >= 4
    assert totals.unconfirmed == 0
    stored = records_in(tmp_path / "data" / "hub.sqlite")
    assert records_in(tmp_path / "data" / "keeper.sqlite") == stored
    assert records_in(tmp_path / "elsewhere" / "keeper.sqlite") == stored
    assert [seq for seq, _ in stored] == list(range(stored[0][0], stored[-1][0] + 1))
    kept = sqlite3.connect(tmp_path / "data" / "keeper.sqlite").execute("SELECT payload FROM record").fetchall()
    records = [json.loads(payload) for (payload,) in kept]
    assert any(record["type"] == "sensor" and not record["connected"] for record in records)


def test_a_plain_recording_cannot_be_replayed(run_csv):
    ended = sensorhub("replay", run_csv)
    assert ended.code == 3
    assert ended.err.count("\n") == 1
