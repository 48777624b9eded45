"""`sensorhub write` as a process: from a hub's store through mosquitto to influxd behind a stand-in for InfluxDB 2."""

import contextlib
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from sensorhub.adapters.mqtt.sender import Sender
from sensorhub.adapters.sqlite.hub_store import HubStore
from sensorhub.adapters.sqlite.refused_book import SqliteRefusedBook
from sensorhub.config import MqttSettings
from tests.support.command import sensorhub
from tests.support.delivery import QUICK, ignore, wait_until
from tests.support.files import secret
from tests.support.influx2 import ORG
from tests.support.strides import SESSION, stride

pytestmark = [pytest.mark.integration, pytest.mark.server]


def write_settings(folder, broker, influx2, token="write-token", bucket=None):  # noqa: S107 - of the stand-in
    token_file = secret(folder / "token", token)
    config = folder / "write.toml"
    config.write_text(
        f'[hub]\ndata_dir = "{folder}"\n[mqtt]\nport = {broker.port}\n[influx]\nurl = "{influx2.url}"\norg = "{ORG}"\n'
        f'bucket = "{bucket or influx2.database}"\ntoken_file = "{token_file}"\ntimeout_s = 2.0\n'
    )
    return config


class Writing:
    """A `sensorhub write` in a process of its own, that can be killed and started anew."""

    def __init__(self, config, *words):
        self._command = [sys.executable, "-m", "sensorhub", "write", "--config", str(config), *words]
        self._log = config.parent / f"write{'-'.join(words)}.log"

    def start(self):
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stderr=log, stdout=log)

    @property
    def log(self):
        return self._log.read_text()

    def end(self, how=signal.SIGTERM):
        self._process.send_signal(how)
        return self._process.wait(60)


@contextlib.contextmanager
def writing(config, *words):
    writer = Writing(config, *words)
    writer.start()
    try:
        yield writer
    finally:
        writer.end(signal.SIGKILL)


@pytest.fixture
def hub(tmp_path, mosquitto_server):
    settings = MqttSettings(port=mosquitto_server.port)
    with (
        HubStore.open(tmp_path / "hub.sqlite", QUICK, stored_by=["influx"]) as store,
        Sender(store.outbox, SESSION.hub, settings, ignore, QUICK),
    ):
        yield store


def put(hub, numbers):
    hub.put_many([(stride(number), SESSION) for number in numbers])


def instants(influx2):
    return [row["time"] for row in influx2.query('SELECT "quality" FROM "stride"')]


def expected(count):
    return [SESSION.start_unix_ns + round(0.36 * number * 1e9) for number in range(count)]


def test_every_stride_is_stored_once_through_kills_and_bad_days(tmp_path, hub, mosquitto_server, influx2):
    config = write_settings(tmp_path, mosquitto_server, influx2)
    with writing(config) as writer:
        put(hub, range(300))
        wait_until(lambda: hub.status().unconfirmed == 0)
        writer.end(signal.SIGKILL)
        put(hub, range(300, 600))
        influx2.faults.extend([503, "half"])
        writer.start()
        put(hub, range(600, 900))
        wait_until(lambda: hub.status().unconfirmed == 0)
        put(hub, range(900))
        wait_until(lambda: hub.status().unconfirmed == 0)
        assert instants(influx2) == expected(900)
        assert writer.end() == 0
        assert "nothing is lost" in writer.log
        assert "write-token" not in writer.log


def test_a_record_that_the_database_refuses_is_set_aside_and_the_rest_stored(tmp_path, hub, mosquitto_server, influx2):
    config = write_settings(tmp_path, mosquitto_server, influx2)
    with writing(config):
        put(hub, range(50))
        wait_until(lambda: hub.status().unconfirmed == 0)
        unknown_time = replace(SESSION, session="s2", start_unix_ns=None)
        hub.put(stride(0), unknown_time)
        put(hub, range(50, 100))
        wait_until(lambda: hub.status().unconfirmed == 0)
    assert instants(influx2) == expected(100)
    with contextlib.closing(SqliteRefusedBook(tmp_path / "refused.sqlite")) as book:
        assert ["no wall time" in refused.reason for refused in book.entries()] == [True]


def test_two_writers_store_the_same_as_one(tmp_path, hub, mosquitto_server, influx2):
    config = write_settings(tmp_path, mosquitto_server, influx2)
    with writing(config, "--member", "a") as one, writing(config, "--member", "b") as other:
        for each in (one, other):
            wait_until(lambda writer=each: "connected" in writer.log)
        put(hub, range(500))
        wait_until(lambda: hub.status().unconfirmed == 0)
        assert instants(influx2) == expected(500)
        assert (one.end(), other.end()) == (0, 0)


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"token": "stranger"}, "refuses the token"), ({"bucket": "nowhere"}, "has no bucket 'nowhere'")],
)
def test_a_wrong_setting_ends_it_with_2_and_one_line(tmp_path, mosquitto_server, influx2, changes, said):
    ended = sensorhub("write", "--config", write_settings(tmp_path, mosquitto_server, influx2, **changes))
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert said in ended.err
    assert "stranger" not in ended.err
