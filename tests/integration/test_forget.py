"""A runner is forgotten to the last byte, whatever is killed on the way; others stay."""

import json
import os
import signal
from dataclasses import replace

import msgspec
import pytest

from sensorhub.adapters.influx import InfluxSink
from sensorhub.adapters.profiles import load_profile
from sensorhub.adapters.recording import RecordingHeader, RecordingWriter
from sensorhub.adapters.sqlite.hub_store import HubStore
from sensorhub.adapters.sqlite.keeper import Keeper
from sensorhub.adapters.sqlite.refused_book import SqliteRefusedBook
from sensorhub.app import forget
from sensorhub.config import HubSettings, MqttSettings, Settings
from sensorhub.formats.influx_line import record_line
from sensorhub.formats.records import encode_record
from sensorhub.model.errors import SensorhubError
from sensorhub.model.session import Record
from tests.support.delivery import FORK
from tests.support.strides import SESSION, stride

pytestmark = [pytest.mark.integration, pytest.mark.server]

NAME = "Zoë Quickfoot"


@pytest.fixture
def home(tmp_path):
    """A hub's folder with two runners, whose records are sent, unsent, dead, kept and refused, and recordings."""
    home = tmp_path / "data"
    zoe = replace(SESSION, runner=NAME, session="z1")
    with HubStore.open(home / "hub.sqlite") as store, Keeper.open(home / "keeper.sqlite") as keeper:
        records = store.put_many([(stride(n), zoe if n % 2 else SESSION) for n in range(100)])
        for letter in store.outbox.next_letters(0, 10):
            store.outbox.refused(letter, "no", give_up=True)
        keeper.keep([encode_record(record) for record in records])
        keeper.sessions(10)
    book = SqliteRefusedBook(home / "refused.sqlite")
    for record in records[:4]:
        book.add("topic", encode_record(record), "no")
    book.close()
    for runner in (NAME, "ada"):
        header = RecordingHeader(load_profile("sensorhub_native"), {}, "clip", runner, "s", 0)
        RecordingWriter(home / f"{len(runner)}.shraw", header).close()
    (home / "report.html").write_text(f"<h1>{NAME}</h1>")
    (home / "hub.sqlite.damaged-1").write_bytes(b"\0" + NAME.encode())
    return home


def settings_of(home, port):
    return Settings(hub=HubSettings(name="club", data_dir=str(home)), mqtt=MqttSettings(port=port))


@pytest.fixture
def settings(home, mosquitto_server, influx2):
    """A hub that asks a database too, in which both runners' strides are."""
    influx = influx2.settings(home)
    with InfluxSink(influx) as sink:
        for runner in (NAME, "ada"):
            records = [Record(replace(SESSION, runner=runner), n, stride(n)) for n in range(20)]
            assert not sink.write_batch([record_line(record) for record in records]).bad
    return msgspec.structs.replace(settings_of(home, mosquitto_server.port), influx=influx)


def runners_in(influx2):
    return {row["runner"] for row in influx2.query('SELECT "quality", "runner" FROM "stride"')}


def files_that_name(home, name):
    forms = (name.encode(), json.dumps(name)[1:-1].encode(), name.encode("utf-16-le"))
    return [path.name for path in home.rglob("*") if path.is_file() and any(f in path.read_bytes() for f in forms)]


def test_not_a_byte_is_left_and_the_others_are_untouched(home, mosquitto_server):
    publish_retained(
        mosquitto_server.port,
        {
            "sensorhub/v1/club/clip/summary": {"runner": NAME},
            "homeassistant/device/x/config": {"name": NAME},
            "sensorhub/v1/club/other/summary": {"runner": "ada"},
        },
    )
    receipt = forget.forget_runner(settings_of(home, mosquitto_server.port), NAME, [])
    assert files_that_name(home, NAME) == []
    assert files_that_name(home, "Quickfoot") == []
    assert receipt.erased == {
        "store": 50,
        "keeper": 50,
        "refused": 2,
        "recordings": 1,
        "files": 2,
        "retained messages": 2,
    }
    with HubStore.open(home / "hub.sqlite") as store, Keeper.open(home / "keeper.sqlite") as keeper:
        assert keeper.count() == 50
        assert store.status().unsent == 45
    assert (home / "3.shraw").exists()
    assert "Quickfoot" not in json.dumps(receipt.erased) + receipt.receipt


def publish_retained(port, messages):
    from paho.mqtt import publish

    publish.multiple(
        [(topic, json.dumps(body), 1, True) for topic, body in messages.items()], port=port, hostname="127.0.0.1"
    )


def dying_process(settings, step):
    setattr(forget, step, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    forget.forget_runner(settings, NAME, [])


@pytest.mark.parametrize("step", ["erase_from_keeper", "clear_retained", "_from_database", "_holds"])
def test_a_kill_on_the_way_is_made_good(home, settings, influx2, step):
    process = FORK.Process(target=dying_process, args=(settings, step))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    process.close()
    with pytest.raises(SensorhubError, match="--resume"):
        forget.forget_runner(settings, "ada", [])
    receipt = forget.forget_runner(settings, None, [])
    assert (receipt.erased["store"], receipt.erased["keeper"]) == (50, 50)
    assert files_that_name(home, NAME) == []
    assert runners_in(influx2) == {"ada"}


@pytest.mark.parametrize("fault", [401, 503, "drop"])
def test_what_the_database_did_not_do_is_said_and_done_later(home, settings, influx2, fault):
    influx2.faults.append(fault)
    with pytest.raises(SensorhubError, match="InfluxDB at") as raised:
        forget.forget_runner(settings, NAME, [])
    assert "write-token" not in str(raised.value)
    assert runners_in(influx2) == {NAME, "ada"}
    receipt = forget.forget_runner(settings, None, [])
    assert receipt.erased["database requests"] == 1
    assert runners_in(influx2) == {"ada"}
    assert files_that_name(home, NAME) == []


def test_a_file_that_it_does_not_know_is_named_and_nothing_is_said_to_be_done(home, mosquitto_server, tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "diary.txt").write_text(f"ran with {NAME}, nice")
    settings = settings_of(home, mosquitto_server.port)
    with pytest.raises(SensorhubError, match=r"diary\.txt"):
        forget.forget_runner(settings, NAME, [tmp_path / "notes"])
    (tmp_path / "notes" / "diary.txt").unlink()
    assert forget.forget_runner(settings, None, [tmp_path / "notes"]).erased["store"] == 50


def test_a_store_in_use_is_not_said_to_be_erased(home, mosquitto_server, monkeypatch):
    monkeypatch.setattr("sensorhub.adapters.sqlite.database.BUSY_TIMEOUT_S", 0.2)
    with HubStore.open(home / "hub.sqlite") as store:
        reader = store._database._connection.cursor()
        reader.execute("SELECT * FROM record").fetchone()
        with pytest.raises(SensorhubError, match=r"in use|locked"):
            forget.forget_runner(settings_of(home, mosquitto_server.port), NAME, [])
        reader.close()
