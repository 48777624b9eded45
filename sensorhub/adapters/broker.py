"""A broker for the demo: mosquitto if it is installed, else rumqttd from the iotcore wheel; both on loopback only."""

import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sensorhub.model.errors import SensorhubError

HOST = "127.0.0.1"
UP_WITHIN_S = 30.0
DOWN_WITHIN_S = 10.0
SYSTEM_PATH = "/usr/local/sbin:/usr/sbin:/sbin"

MOSQUITTO_CONF = """\
listener {port} 127.0.0.1
allow_anonymous true
user {user}
max_queued_messages 0
max_inflight_messages 1000
set_tcp_nodelay true
log_dest none
"""

IOTCORE_CONF = """\
id = 0
[router]
max_connections = 100
max_outgoing_packet_count = 1000
max_segment_size = 104857600
max_segment_count = 10
[v5.1]
name = "sensorhub"
listen = "127.0.0.1:{port}"
next_connection_delay_ms = 1
[v5.1.connections]
connection_timeout_ms = 10000
max_payload_size = 65536
max_inflight_count = 1000
"""


@contextlib.contextmanager
def demo_broker() -> Iterator[int]:
    """Run a broker on a free port of loopback while the block runs; give the port. It goes too when we are killed."""
    port, mosquitto, guard = _free_port(), _installed("mosquitto"), _installed("setpriv")
    with tempfile.TemporaryDirectory(prefix="sensorhub-broker-") as folder:
        # setpriv has the kernel end what it starts when its starter is killed.
        broker = _mosquitto([guard, "--pdeathsig", "TERM", mosquitto], port, folder) if mosquitto and guard else None
        with broker or _iotcore(port, folder):
            yield port


def _installed(program: str) -> str | None:
    return shutil.which(program, path=f"{os.environ.get('PATH', os.defpath)}:{SYSTEM_PATH}")


@contextlib.contextmanager
def _mosquitto(command: list[str], port: int, folder: str) -> Iterator[None]:
    conf = Path(folder) / "mosquitto.conf"
    # As root it would become another user, who may not read a temporary folder.
    conf.write_text(MOSQUITTO_CONF.format(port=port, user=getpass.getuser()), encoding="utf-8")
    process = subprocess.Popen(
        [*command, "-c", str(conf)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for the service, which sends its last records before the broker ends
    )
    try:
        _wait_until_up(process, port)
        yield
    finally:
        process.terminate()
        try:
            process.wait(DOWN_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_up(process: "subprocess.Popen[bytes]", port: int) -> None:
    give_up_s = time.monotonic() + UP_WITHIN_S
    while True:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1.0):
            return
        if process.poll() is not None or time.monotonic() > give_up_s:
            raise SensorhubError(f"The demo's broker, mosquitto, does not answer on port {port}: is it whole?")
        time.sleep(0.01)


@contextlib.contextmanager
def _iotcore(port: int, folder: str) -> Iterator[None]:
    from iotcore import Broker  # slow to import, and only needed where there is no mosquitto

    conf = Path(folder) / "rumqttd.toml"
    conf.write_text(IOTCORE_CONF.format(port=port), encoding="utf-8")
    broker = Broker(config_path=str(conf))
    try:
        broker.start()
    except (OSError, RuntimeError) as error:
        raise SensorhubError(f"The demo's broker does not start: {error}") from error
    try:
        yield
    finally:
        broker.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
