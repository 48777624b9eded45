"""The way of a record to a database elsewhere: store, outbox, broker, writer, and back comes that it is stored."""

import contextlib
import sqlite3
import statistics
import time

import pytest
from paho.mqtt import publish

from sensorhub.adapters.mqtt.sender import SETTLE_EVERY_S, Sender
from sensorhub.adapters.mqtt.writer import WriterParams
from sensorhub.adapters.sqlite.hub_store import HubStore
from sensorhub.adapters.sqlite.refused_book import SqliteRefusedBook
from sensorhub.config import MqttSettings
from sensorhub.model.status import Health, Part
from sensorhub.pipeline.outbox import OutboxParams
from tests.support.delivery import DATABASE, ignore, open_hub, running_writer, wait_until
from tests.support.strides import SESSION, stride

pytestmark = [pytest.mark.integration, pytest.mark.server]


def test_every_record_comes_to_the_database_and_the_hub_hears_of_it(tmp_path, mosquitto_server):
    settings = MqttSettings(port=mosquitto_server.port)
    with (
        open_hub(tmp_path / "hub.sqlite") as store,
        Sender(store.outbox, "club", settings, ignore, OutboxParams(resend_after_s=1.0)),
        running_writer(settings, tmp_path) as keeper,
    ):
        for number in range(500):
            store.put(stride(number), SESSION)
        for number in range(0, 500, 5):
            store.put(stride(number, revision=1), SESSION)
        wait_until(lambda: store.status().unconfirmed == 0 and keeper.count() == 500)
        records = keeper.records_of("s1", 1000)
        assert len(records) == 500
        assert sum(b'"revision":1' in record.data for record in records) == 100
        assert store.status().unsent == 0


def test_a_stranger_who_wants_no_answer_does_not_cut_the_writer_off(tmp_path, mosquitto_server):
    settings, heard = MqttSettings(port=mosquitto_server.port), []
    with running_writer(settings, tmp_path, on_status=heard.append) as keeper:
        book = SqliteRefusedBook(tmp_path / "refused.sqlite")
        with contextlib.closing(book), open_hub(tmp_path / "hub.sqlite") as store:
            with Sender(store.outbox, "club", settings, ignore):
                store.put(stride(0), SESSION)
                wait_until(lambda: keeper.count() == 1)  # it has subscribed: before, a stranger's words would be lost
            topic = "sensorhub/v1/club/clip/stride"
            noise = [(topic, f"noise {n}", n % 2) for n in range(10)]
            publish.multiple(noise, hostname="127.0.0.1", port=settings.port)
            wait_until(lambda: len(book.entries()) == 10)
            with Sender(store.outbox, "club", settings, ignore):
                store.put(stride(1), SESSION)
                wait_until(lambda: keeper.count() == 2)
    assert all(status.health is Health.OK for status in heard)


def test_a_store_that_another_program_held_is_well_again(tmp_path, mosquitto_server, monkeypatch):
    monkeypatch.setattr("sensorhub.adapters.sqlite.database.BUSY_TIMEOUT_S", 0.05)
    heard, path = [], tmp_path / "hub.sqlite"
    with HubStore.open(path) as store:
        store.put(stride(0), SESSION)
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with Sender(store.outbox, "club", MqttSettings(port=mosquitto_server.port), heard.append):
                wait_until(lambda: any(status.part is Part.STORE for status in heard))
                other.execute("ROLLBACK")
                wait_until(lambda: store.status().unsent == 0)
    assert [status.health for status in heard if status.part is Part.STORE] == [Health.LOST, Health.OK]


def test_a_record_put_right_after_another_goes_soon_too(tmp_path, mosquitto_server):
    settings = MqttSettings(port=mosquitto_server.port)
    with (
        open_hub(tmp_path / "hub.sqlite") as store,
        running_writer(settings, tmp_path, WriterParams(DATABASE, gather_s=0.0)) as keeper,
        Sender(store.outbox, "club", settings, ignore),
    ):
        waits_s = []
        for number in range(0, 22, 2):
            store.put(stride(number), SESSION)
            store.put(stride(number + 1), SESSION)
            began_s = time.monotonic()
            wait_until(lambda number=number: keeper.count() == number + 2)
            waits_s.append(time.monotonic() - began_s)
    assert statistics.median(waits_s) < SETTLE_EVERY_S / 2, "it waited for the next occasion"
