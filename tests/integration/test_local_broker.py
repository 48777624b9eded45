"""The demo's broker: up at once, on loopback only, and gone with whoever started it, even if that one is killed."""

import contextlib
import os
import signal
import socket
import sys
import time

import pytest

from sensorhub.adapters import broker
from sensorhub.adapters.broker import BrokerError, local_broker
from tests.support.delivery import FORK, wait_until
from tests.support.servers import answers_tcp, find_program

pytestmark = [pytest.mark.integration, pytest.mark.server]


def broker_process(connection, kind):
    with local_broker(kind) as started:
        connection.send(started.port)
        time.sleep(3600)


@pytest.mark.parametrize("kind", ["mosquitto", "iotcore"])
def test_it_goes_when_its_starter_is_killed(kind):
    if kind == "mosquitto":
        find_program("mosquitto")
    ours, theirs = FORK.Pipe()
    process = FORK.Process(target=broker_process, args=(theirs, kind))
    process.start()
    port = ours.recv()
    assert answers_tcp(port)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    process.close()
    wait_until(lambda: not answers_tcp(port))


@pytest.mark.parametrize("kind", ["mosquitto", "iotcore"])
def test_it_listens_on_loopback_only_and_leaves_nothing(kind):
    if kind == "mosquitto":
        find_program("mosquitto")
    with local_broker(kind) as started:
        with contextlib.closing(socket.socket()) as elsewhere:
            elsewhere.settimeout(1.0)
            assert elsewhere.connect_ex(("127.0.0.2", started.port)) != 0
        assert answers_tcp(started.port)
    assert not answers_tcp(started.port)


HANGS = """#!{python}
import signal, socket, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
port = int(open(sys.argv[2]).readline().split()[1])
listening = socket.create_server(("127.0.0.1", port))
while True:
    listening.accept()
"""


def test_a_broker_that_hangs_is_ended_all_the_same(tmp_path, monkeypatch):
    program = tmp_path / "mosquitto"
    program.write_text(HANGS.format(python=sys.executable))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(broker, "DOWN_WITHIN_S", 0.2)
    with local_broker("mosquitto") as started:
        assert answers_tcp(started.port)
    wait_until(lambda: not answers_tcp(started.port))  # the kernel takes a moment to bury what was killed


def test_a_port_that_is_taken_is_told():
    find_program("mosquitto")
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as taken:
        starting = local_broker("mosquitto", port=taken.getsockname()[1])
        with pytest.raises(BrokerError, match="taken"):
            starting.__enter__()


def test_a_machine_without_mosquitto_takes_the_one_in_the_wheel(monkeypatch):
    monkeypatch.setattr(broker.shutil, "which", lambda *_, **__: None)
    with local_broker() as started:
        assert started.kind == "iotcore"
