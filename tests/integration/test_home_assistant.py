"""Home Assistant against a real mosquitto: announced, told, and told again when it comes back."""

import json
import queue

import paho.mqtt.client as mqtt
import pytest

from sensorhub.adapters.mqtt.home_assistant import HomeAssistant
from sensorhub.config import HomeAssistantSettings, MqttSettings
from tests.unit.formats.test_home_assistant import STATUS, record

pytestmark = [pytest.mark.integration, pytest.mark.server]
CONFIG = "homeassistant/device/sensorhub-club/config"
STATE = "sensorhub/v1/club/status/clip"


@pytest.fixture
def assistant(mosquitto_server):
    came = queue.Queue()
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.on_connect = lambda *_: client.subscribe("#", qos=1)
    client.on_subscribe = lambda *_: came.put(None)
    client.on_message = lambda _client, _data, message: came.put(message)
    client.connect("127.0.0.1", mosquitto_server.port)
    client.loop_start()
    assert came.get(timeout=60) is None
    yield client, came
    client.disconnect()
    client.loop_stop()


def next_of(came, topic):
    while True:
        message = came.get(timeout=60)
        if message.topic == topic:
            return message


def test_it_is_announced_and_told_and_told_again_when_it_comes_back(mosquitto_server, assistant):
    client, came = assistant
    settings = MqttSettings(port=mosquitto_server.port)
    with HomeAssistant(settings, HomeAssistantSettings(enabled=True), "club", ["clip"]) as home:
        announced = json.loads(next_of(came, CONFIG).payload)
        assert announced["availability_topic"] == "sensorhub/v1/club/status"
        home.tell(record(STATUS))
        assert json.loads(next_of(came, STATE).payload)["battery_percent"] == 88.0
        client.publish("homeassistant/status", b"online", qos=1)
        assert json.loads(next_of(came, CONFIG).payload) == announced
        assert json.loads(next_of(came, STATE).payload)["battery_percent"] == 88.0
    late = queue.Queue()
    client.on_message = lambda _client, _data, message: late.put(message)
    client.subscribe(CONFIG, qos=1)
    assert late.get(timeout=60).retain
