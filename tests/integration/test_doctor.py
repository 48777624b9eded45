"""The doctor against a real broker, one that refuses, something that is no broker, and a database."""

import json
import socket
import threading
from pathlib import Path

import pytest
from msgspec import structs

from sensorhub.adapters.checkup import Verdict
from sensorhub.adapters.influx import InfluxSink
from sensorhub.app import doctor
from sensorhub.app.doctor import check_broker, check_database
from sensorhub.config import InfluxSettings, MqttSettings
from tests.support.command import sensorhub
from tests.support.files import secret
from tests.support.influx2 import Influx2
from tests.support.servers import Server

pytestmark = [pytest.mark.integration, pytest.mark.server]


def test_a_broker_that_answers(mosquitto_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "BROKER_ANSWERS_WITHIN_S", 60.0)
    assert check_broker(MqttSettings(port=mosquitto_server.port)).verdict is Verdict.OK


@pytest.mark.parametrize(("answer", "said"), [(b"\x20\x03\x00\x86\x00", "Bad user name or password"), (b"", "no MQTT")])
def test_a_refusal_and_something_that_is_no_broker_are_told(answer: bytes, said: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            connection, _ = listener.accept()
            connection.recv(100)
            connection.sendall(answer)
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        finding = check_broker(MqttSettings(port=listener.getsockname()[1]))
        thread.join(5)
    assert finding.verdict is Verdict.FAILED
    assert said in finding.found


@pytest.fixture
def database(influx2: Influx2, tmp_path: Path) -> InfluxSettings:
    return influx2.settings(tmp_path)


def test_the_database_its_token_and_its_bucket(database: InfluxSettings, tmp_path: Path) -> None:
    assert check_database(database).verdict is Verdict.OK
    missing = check_database(structs.replace(database, bucket="nowhere"))
    assert "nowhere" in str(missing.remedy)
    wrong = secret(tmp_path / "wrong", "guessed-token")
    refused = check_database(structs.replace(database, token_file=wrong))
    assert "token" in str(refused.remedy)
    assert {missing.verdict, refused.verdict} == {Verdict.FAILED}


def test_a_clock_that_is_off_is_told(database: InfluxSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(InfluxSink, "clock_ahead_s", lambda _: -3600.0)
    finding = check_database(database)
    assert finding.verdict is Verdict.FAILED
    assert "3600 s behind" in finding.found


def test_one_thing_alone_can_be_looked_at() -> None:
    assert [check["name"] for check in json.loads(sensorhub("doctor", "--only", "python", "--json").out)["checks"]] == [
        "python"
    ]


def test_an_unknown_thing_is_wrong_usage() -> None:
    ended = sensorhub("doctor", "--only", "weather")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "python, bluetooth" in ended.err
