"""A broker for who has none: mosquitto if it is installed, else the one in the iotcore wheel; both on loopback only."""

import contextlib
import getpass
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sensorhub.model.errors import SensorhubError

HOST = "127.0.0.1"
UP_WITHIN_S = 30.0
DOWN_WITHIN_S = 10.0
SYSTEM_PATH = "/usr/local/sbin:/usr/sbin:/sbin"

# Saving on every change writes the whole queue for every message (90 messages/s here, instead of 1900). What a killed
# broker forgets is sent again, because the writer does not confirm it.
MOSQUITTO_CONF = """\
listener {port} 127.0.0.1
allow_anonymous true
user {user}
persistence true
persistence_location {folder}/
autosave_on_changes false
autosave_interval 30
max_queued_messages 0
max_inflight_messages 1000
set_tcp_nodelay true
log_dest none
"""

# The shell holds the other end of our pipe: when it closes, even because we were killed, the broker is ended.
ENDS_WITH_US = """
exec 3<&0
"$0" -c "$1" 3<&- &
broker=$!
{ read -r _ <&3; kill "$broker"; } >/dev/null 2>&1 &
guard=$!
wait "$broker"
status=$?
kill "$guard" 2>/dev/null
exit "$status"
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


class BrokerError(SensorhubError):
    """No broker could be started."""


@dataclass(frozen=True, slots=True)
class LocalBroker:
    """A running broker. `kind`: mosquitto or iotcore."""

    kind: str
    port: int


@contextlib.contextmanager
def local_broker(kind: str | None = None, port: int | None = None, folder: Path | None = None) -> Iterator[LocalBroker]:
    """Start a broker on a free port of 127.0.0.1 and stop it at the end.

    `kind` None: mosquitto where it is on the PATH, else iotcore. `folder`: where it keeps its files (None: a temporary
    one that goes with it).
    """
    mosquitto = shutil.which("mosquitto") or shutil.which("mosquitto", path=SYSTEM_PATH)
    chosen = kind or ("mosquitto" if mosquitto else "iotcore")
    with contextlib.ExitStack() as stack:
        home = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sensorhub-broker-")))
        bound = port or _free_port()
        if _answers(bound):
            raise BrokerError(f"port {bound} of {HOST} is taken: name another one")
        if chosen == "mosquitto":
            if mosquitto is None:
                raise BrokerError("mosquitto is not installed: apt-get install mosquitto")
            stack.enter_context(_mosquitto(mosquitto, bound, home))
        else:
            stack.enter_context(_iotcore(bound, home))
        yield LocalBroker(chosen, bound)


@contextlib.contextmanager
def _mosquitto(program: str, port: int, home: Path) -> Iterator[None]:
    conf = home / "mosquitto.conf"
    # As root it would become another user, who may not read a temporary folder.
    conf.write_text(MOSQUITTO_CONF.format(port=port, folder=home, user=getpass.getuser()), encoding="utf-8")
    process = subprocess.Popen(
        ["/bin/sh", "-c", ENDS_WITH_US, program, str(conf)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for the service, which sends its last records before the broker ends
    )
    try:
        _wait_until_up(process, port)
        yield
    finally:
        _close(process.stdin)
        _end(process)
        _close(process.stderr)


def _close(stream: IO[bytes] | None) -> None:
    if stream is not None:
        stream.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(DOWN_WITHIN_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # the shell, its guard and a broker that hangs
        process.wait()


def _wait_until_up(process: subprocess.Popen[bytes], port: int) -> None:
    give_up_s = time.monotonic() + UP_WITHIN_S
    while not _answers(port):
        if process.poll() is not None:
            said = process.stderr.read().decode(errors="replace").strip() if process.stderr else ""
            raise BrokerError(f"mosquitto ended at once: {said or process.returncode}")
        if time.monotonic() > give_up_s:
            raise BrokerError(f"mosquitto does not answer on port {port}")
        time.sleep(0.01)


@contextlib.contextmanager
def _iotcore(port: int, home: Path) -> Iterator[None]:
    from iotcore import Broker  # slow to import, and only needed where there is no mosquitto

    conf = home / "rumqttd.toml"
    conf.write_text(IOTCORE_CONF.format(port=port), encoding="utf-8")
    broker = Broker(config_path=str(conf))
    try:
        broker.start()
    except (OSError, RuntimeError) as error:
        raise BrokerError(f"the embedded broker does not start: {error}") from error
    try:
        yield
    finally:
        broker.stop()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=1.0):
            return True
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
