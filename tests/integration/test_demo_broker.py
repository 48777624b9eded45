"""The demo's broker passes records on, listens on loopback only, and goes with its starter, even a killed one."""

import contextlib
import os
import signal
import socket
import time

import pytest

from sensorhub.adapters import broker
from sensorhub.adapters.broker import demo_broker
from sensorhub.adapters.mqtt.sender import Sender
from sensorhub.config import MqttSettings
from sensorhub.pipeline.outbox import OutboxParams
from tests.support.delivery import FORK, ignore, open_hub, running_writer, wait_until
from tests.support.servers import answers_tcp, find_program
from tests.support.strides import SESSION, stride

pytestmark = pytest.mark.integration


@pytest.fixture(params=["mosquitto", "iotcore"], autouse=True)
def kind(request, monkeypatch):
    """The broker that the demo finds."""
    if request.param == "mosquitto":
        find_program("mosquitto")
    else:
        monkeypatch.setattr(broker.shutil, "which", lambda *_, **__: None)
    return request.param


def broker_process(connection):
    with demo_broker() as port:
        connection.send(port)
        time.sleep(3600)


def test_it_goes_when_its_starter_is_killed():
    ours, theirs = FORK.Pipe()
    process = FORK.Process(target=broker_process, args=(theirs,))
    process.start()
    port = ours.recv()
    assert answers_tcp(port)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    process.close()
    wait_until(lambda: not answers_tcp(port))


def test_it_listens_on_loopback_only_and_leaves_nothing():
    with demo_broker() as port:
        with contextlib.closing(socket.socket()) as elsewhere:
            elsewhere.settimeout(1.0)
            assert elsewhere.connect_ex(("127.0.0.2", port)) != 0
        assert answers_tcp(port)
    assert not answers_tcp(port)


def test_who_listens_there_hears_every_record(tmp_path):
    with demo_broker() as port:
        settings = MqttSettings(port=port)
        with (
            open_hub(tmp_path / "hub.sqlite") as store,
            # iotcore does not say that nobody listens yet, and drops what comes before the writer: it is sent again.
            Sender(store.outbox, "club", settings, ignore, OutboxParams(resend_after_s=1.0)),
            running_writer(settings, tmp_path) as keeper,
        ):
            store.put_many([(stride(number), SESSION) for number in range(50)])
            wait_until(lambda: store.status().unconfirmed == 0 and keeper.count() == 50)
