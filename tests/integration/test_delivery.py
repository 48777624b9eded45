"""The whole way of a record: store, outbox, broker, keeper, and back comes that it is stored."""

import contextlib
import time

import pytest

from sensorhub.adapters.broker import local_broker
from sensorhub.adapters.mqtt.sender import Sender
from sensorhub.adapters.mqtt.writer import Writer
from sensorhub.adapters.sqlite.hub_store import HubStore
from sensorhub.adapters.sqlite.keeper import Keeper
from sensorhub.adapters.sqlite.refused_book import SqliteRefusedBook
from sensorhub.config import MqttSettings
from sensorhub.pipeline.outbox import OutboxParams
from tests.support.strides import SESSION, stride

pytestmark = [pytest.mark.integration, pytest.mark.server]


def wait_until(condition, within_s=10.0):
    give_up_s = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < give_up_s, "it did not happen in time"
        time.sleep(0.005)


@contextlib.contextmanager
def running_writer(settings, folder, **options):
    with Keeper.open(folder / "keeper.sqlite") as keeper:
        book = SqliteRefusedBook(folder / "refused.sqlite")
        with Writer(settings, keeper, bytes.decode, book, options.pop("on_status", lambda _: None), **options):
            yield keeper
        book.close()


@pytest.mark.parametrize("kind", ["mosquitto", "iotcore"])
def test_every_record_comes_to_the_keeper_and_the_hub_hears_of_it(tmp_path, kind):
    with local_broker(kind) as broker:
        settings = MqttSettings(port=broker.port)
        with (
            HubStore.open(tmp_path / "hub.sqlite") as store,
            # iotcore does not say that nobody listens yet and drops what comes before the writer: it is sent again.
            Sender(store.outbox, "club", settings, lambda _: None, OutboxParams(resend_after_s=1.0)),
            running_writer(settings, tmp_path) as keeper,
        ):
            for number in range(500):
                store.put(stride(number), SESSION)
            for number in range(0, 500, 5):
                store.put(stride(number, revision=1), SESSION)
            wait_until(lambda: store.status().unconfirmed == 0 and keeper.count() == 500, within_s=30.0)
            records = keeper.records_of("s1", 1000)
            assert len(records) == 500
            assert sum(b'"revision":1' in record.data for record in records) == 100
            assert store.status().unsent == 0
