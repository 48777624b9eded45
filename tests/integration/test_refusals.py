"""R8: what a broker refuses is tried three times at most, set aside, and keeps nothing else waiting."""

import time
from dataclasses import replace

import pytest

from sensorhub.adapters.mqtt.sender import Sender
from sensorhub.config import MqttSettings
from sensorhub.model.status import Health
from tests.support.bad_network import BadNetwork
from tests.support.delivery import QUICK, ignore, open_hub, running_writer, wait_until
from tests.support.servers import MOSQUITTO_CONF, mosquitto
from tests.support.strides import SESSION, stride

pytestmark = [pytest.mark.integration, pytest.mark.server]

STRICT = MOSQUITTO_CONF + "message_size_limit 4000\nacl_file {directory}/acl\n"
RIGHTS = """\
topic readwrite sensorhub/v1/club/clip/#
topic readwrite sensorhub/v1/club/status
topic readwrite sensorhub/v1/club/stored/#
"""


@pytest.fixture
def strict_broker(tmp_path):
    server = mosquitto(tmp_path / "mosquitto", STRICT)
    (server.directory / "acl").write_text(RIGHTS)
    server.start()
    yield server
    server.stop()


@pytest.mark.parametrize(
    ("poison", "reason"),
    [
        (replace(SESSION, sensor="forbidden"), "Not authorized"),
        (replace(SESSION, runner="x" * 6000), "Packet too large"),
    ],
)
def test_a_refused_record_is_set_aside_after_three_tries(strict_broker, tmp_path, poison, reason):
    heard = []
    settings = MqttSettings(port=strict_broker.port)
    with (
        open_hub(tmp_path / "hub.sqlite", QUICK) as store,
        Sender(store.outbox, "club", settings, heard.append, QUICK),
        running_writer(settings, tmp_path) as keeper,
    ):
        wait_until(lambda: heard)
        store.put(stride(1), poison)
        store.put(stride(2), SESSION)
        began_s = time.monotonic()
        wait_until(lambda: keeper.count() == 1)
        assert store.status().dead_letters == 0 or time.monotonic() - began_s < 1.0, "it kept another one waiting"
        wait_until(lambda: store.status().dead_letters == 1)
        (dead,) = store.outbox.dead_letters()
        assert dead.tries == 3
        assert reason in dead.reason
        assert any(status.health is not Health.OK for status in heard)
        assert store.status().unsent == 0


def test_a_record_on_which_the_broker_hangs_up_is_found_and_set_aside(mosquitto_server, tmp_path):
    poison = replace(SESSION, runner="poison")
    with (
        BadNetwork(mosquitto_server.port, hang_up_on=b'"runner":"poison"') as network,
        open_hub(tmp_path / "hub.sqlite", QUICK) as store,
        Sender(store.outbox, "club", MqttSettings(port=network.port), ignore, QUICK),
        running_writer(MqttSettings(port=mosquitto_server.port), tmp_path) as keeper,
    ):
        store.put_many([(stride(n), poison if n == 7 else SESSION) for n in range(60)])
        wait_until(lambda: keeper.count() == 59)
        wait_until(lambda: store.status().dead_letters == 1)
        (dead,) = store.outbox.dead_letters()
        assert b"poison" in dead.payload
        assert dead.tries == 3
        network.hang_up_on = None
        store.outbox.retry_dead_letters()
        wait_until(lambda: keeper.count() == 60)
