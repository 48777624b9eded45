"""R5: whatever the database answers, or not: nothing lost, nothing doubled, one bad line alone is set aside."""

import contextlib
import json

import pytest

from sensorhub.adapters.influx import InfluxSink
from sensorhub.adapters.mqtt.sender import Sender
from sensorhub.adapters.mqtt.writer import Writer, WriterParams
from sensorhub.adapters.sqlite.hub_store import HubStore
from sensorhub.adapters.sqlite.refused_book import SqliteRefusedBook
from sensorhub.config import InfluxSettings, MqttSettings
from sensorhub.formats.influx_line import line_of_json
from sensorhub.model.status import Health, Part
from sensorhub.pipeline.backoff import BackoffParams
from tests.support.delivery import QUICK, ignore, wait_until
from tests.support.influx2 import ORG
from tests.support.strides import SESSION, stride

pytestmark = [pytest.mark.integration, pytest.mark.server]


@pytest.fixture
def influx_settings(influx2, tmp_path):
    token_file = tmp_path / "token"
    token_file.write_text("write-token\n")
    token_file.chmod(0o600)
    return InfluxSettings(url=influx2.url, org=ORG, bucket=influx2.database, token_file=str(token_file), timeout_s=1.0)


@contextlib.contextmanager
def influx_writer(  # noqa: PLR0917 - what a test wants to vary
    mqtt, influx_settings, folder, member=None, line_of=line_of_json, on_status=ignore, batch=50
):
    book = SqliteRefusedBook(folder / f"refused-{member}.sqlite")
    params = WriterParams(group="influx", member=member, batch=batch, retry=BackoffParams(0.02, longest_s=0.1))
    with InfluxSink(influx_settings) as sink, Writer(mqtt, sink, line_of, book, on_status, params):
        yield book
    book.close()


def numbers_in(influx2):
    """The seq of every point."""
    return sorted(int(row["seq"]) for row in influx2.query('SELECT "seq" FROM "stride"'))


def test_a_database_that_fails_in_every_way_has_every_stride_once(mosquitto_server, influx2, influx_settings, tmp_path):
    heard = []
    settings = MqttSettings(port=mosquitto_server.port)
    influx2.faults.extend([503, 401, "drop", 429, "half", 500, 1.5, "half", 503, "drop"])
    with (
        HubStore.open(tmp_path / "hub.sqlite", QUICK, stored_by=("influx",)) as store,
        Sender(store.outbox, "club", settings, ignore, QUICK),
        influx_writer(settings, influx_settings, tmp_path, on_status=heard.append),
    ):
        records = store.put_many([(stride(number), SESSION) for number in range(1000)])
        wait_until(lambda: store.status().unconfirmed == 0, within_s=60.0)
    assert not influx2.faults
    assert numbers_in(influx2) == [record.seq for record in records]
    told = [status for status in heard if status.part is Part.STORE]
    assert any("401" in status.detail and status.health is Health.LOST for status in told)
    assert told[-1].health is Health.OK


def test_one_bad_line_is_set_aside_alone(mosquitto_server, influx2, influx_settings, tmp_path):
    settings = MqttSettings(port=mosquitto_server.port)

    def spoil(payload):
        line = line_of_json(payload)
        return line.replace("quality=", "quality=oops") if json.loads(payload)["runner"] == "eve" else line

    with (
        HubStore.open(tmp_path / "hub.sqlite", QUICK, stored_by=("influx",)) as store,
        influx_writer(settings, influx_settings, tmp_path, line_of=spoil, batch=400) as book,
        Sender(store.outbox, "club", settings, ignore, QUICK),
    ):
        eve = type(SESSION)("club", "clip", "eve", "s2", SESSION.start_unix_ns)
        records = store.put_many([(stride(number), eve if number == 217 else SESSION) for number in range(400)])
        wait_until(lambda: store.status().unconfirmed == 0, within_s=30.0)
        (refused,) = book.entries()
        assert b'"eve"' in refused.payload
    assert numbers_in(influx2) == [record.seq for record in records if record.session.runner != "eve"]


def test_two_writers_that_share_store_the_same_as_one(mosquitto_server, influx2, influx_settings, tmp_path):
    settings = MqttSettings(port=mosquitto_server.port)
    written = {"first": 0, "second": 0}

    def counting(member):
        def line_of(payload):
            written[member] += 1
            return line_of_json(payload)

        return line_of

    with (
        HubStore.open(tmp_path / "hub.sqlite", QUICK, stored_by=("influx",)) as store,
        influx_writer(settings, influx_settings, tmp_path, "first", counting("first")),
        influx_writer(settings, influx_settings, tmp_path, "second", counting("second")),
        Sender(store.outbox, "club", settings, ignore, QUICK),
    ):
        records = store.put_many([(stride(number), SESSION) for number in range(1000)])
        wait_until(lambda: store.status().unconfirmed == 0, within_s=30.0)
    assert numbers_in(influx2) == [record.seq for record in records]
    assert min(written.values()) > 100, "both had their share"


def test_a_writer_that_is_ended_in_the_middle_leaves_the_rest_to_the_next(
    mosquitto_server, influx2, influx_settings, tmp_path
):
    settings = MqttSettings(port=mosquitto_server.port)
    with (
        HubStore.open(tmp_path / "hub.sqlite", QUICK, stored_by=("influx",)) as store,
        Sender(store.outbox, "club", settings, ignore, QUICK),
    ):
        records = store.put_many([(stride(number), SESSION) for number in range(1000)])
        for _ in range(6):
            before = store.status().unconfirmed
            with influx_writer(settings, influx_settings, tmp_path):
                wait_until(lambda bound=before: store.status().unconfirmed < max(1, bound))
        with influx_writer(settings, influx_settings, tmp_path):
            wait_until(lambda: store.status().unconfirmed == 0, within_s=20.0)
    assert numbers_in(influx2) == [record.seq for record in records]
