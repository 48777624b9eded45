"""R18: latency, resets, half-open connections and black holes between hub and broker lose nothing."""

import time

import pytest

from sensorhub.adapters.mqtt.sender import Sender
from sensorhub.adapters.sqlite.hub_store import HubStore
from sensorhub.config import MqttSettings
from sensorhub.model.status import Health
from sensorhub.pipeline.outbox import OutboxParams
from tests.support.bad_network import BadNetwork
from tests.support.delivery import kept_numbers, open_hub, running_writer, wait_until
from tests.support.strides import SESSION, stride

pytestmark = [pytest.mark.integration, pytest.mark.server]

IMPATIENT = OutboxParams(resend_after_s=0.5, resend_longest_s=1.0, answer_within_s=0.5)


@pytest.mark.parametrize(
    ("name", "faults"),
    [
        ("latency", {"delay_s": 0.1}),
        ("resets", {"reset_after_s": 0.08}),
        ("both", {"delay_s": 0.02, "reset_after_s": 0.3}),
    ],
)
def test_nothing_is_lost(mosquitto_server, tmp_path, name, faults):
    with (
        BadNetwork(mosquitto_server.port, **faults) as network,
        open_hub(tmp_path / "hub.sqlite", IMPATIENT) as store,
        Sender(store.outbox, "club", MqttSettings(port=network.port), lambda _: None, IMPATIENT),
        running_writer(MqttSettings(port=mosquitto_server.port), tmp_path),
    ):
        for number in range(200):
            store.put(stride(number), SESSION)
            time.sleep(0.002)
        wait_until(lambda: network.connections > 3 or name == "latency")
        network.reset_after_s = None
        wait_until(lambda: store.status().unconfirmed == 0)
    assert kept_numbers(tmp_path / "keeper.sqlite") == list(range(200))


def test_a_black_hole_is_noticed_and_left(mosquitto_server, tmp_path):
    heard = []
    with (
        BadNetwork(mosquitto_server.port) as network,
        open_hub(tmp_path / "hub.sqlite", IMPATIENT) as store,
        Sender(store.outbox, "club", MqttSettings(port=network.port), heard.append, IMPATIENT),
        running_writer(MqttSettings(port=mosquitto_server.port), tmp_path) as keeper,
    ):
        store.put(stride(0), SESSION)
        wait_until(lambda: keeper.count() == 1)
        network.silent = True
        began_s = time.monotonic()
        for number in range(1, 50):
            store.put(stride(number), SESSION)
        assert time.monotonic() - began_s < 10.0, "measuring must not wait for the network"
        wait_until(lambda: heard[-1].health is Health.LOST)
        assert "no answer" in heard[-1].detail
        network.silent = False
        wait_until(lambda: keeper.count() == 50)
        wait_until(lambda: heard[-1].health is Health.OK)


def test_an_end_in_a_black_hole_is_an_end(mosquitto_server, tmp_path):
    with BadNetwork(mosquitto_server.port) as network, HubStore.open(tmp_path / "hub.sqlite") as store:
        with Sender(store.outbox, "club", MqttSettings(port=network.port), lambda _: None):
            store.put(stride(0), SESSION)
            wait_until(lambda: store.status().unsent == 0)
            network.silent = True
            store.put(stride(1), SESSION)
            began_s = time.monotonic()
        assert time.monotonic() - began_s < 20.0  # 1 s where nothing else runs
        assert store.status().unsent == 1


def test_what_was_put_while_it_connected_does_not_make_it_deaf(mosquitto_server, tmp_path):
    with BadNetwork(mosquitto_server.port, delay_s=0.3) as network, open_hub(tmp_path / "hub.sqlite") as store:
        settings = MqttSettings(port=network.port)
        with (
            running_writer(MqttSettings(port=mosquitto_server.port), tmp_path),
            Sender(store.outbox, "club", settings, lambda _: None),
        ):
            wait_until(lambda: network.connections > 0)
            for number in range(3):
                store.put(stride(number), SESSION)
                wait_until(lambda: store.status().unsent == 0)
