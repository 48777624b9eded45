"""Real servers on free loopback ports in temporary directories, stopped by their own process id.

Where a server is not installed its tests are skipped; with SENSORHUB_REQUIRE_SERVERS=1 they fail instead.
"""

import contextlib
import getpass
import os
import random
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

HOST = "127.0.0.1"
READY_WITHIN_S = 60.0
BELOW_OUTGOING = (20_000, 32_000)
"""Linux gives outgoing connections ports from 32 768 on."""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now, and that no outgoing connection is given before it is used."""
    while True:
        port = random.SystemRandom().randrange(*BELOW_OUTGOING)  # the seed is the same in every test
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((HOST, port))
            return port


def find_program(name: str) -> str:
    """The path of a server's program; the test is skipped, or fails where servers are required, if it is absent."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        absent = f"{name} is not installed (./tests/install-servers installs it)"
        if os.environ.get("SENSORHUB_REQUIRE_SERVERS") == "1":
            pytest.fail(absent)
        pytest.skip(absent)
    return found


@dataclass
class Server:
    """One server process. It can be killed and started again on the same port with the same files."""

    command: list[str]
    directory: Path
    port: int
    is_ready: Callable[[int], bool]
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Its address for HTTP clients."""
        return f"http://{HOST}:{self.port}"

    @property
    def pid(self) -> int:
        """The process id while it runs."""
        assert self.process is not None, "not started"
        return self.process.pid

    @property
    def log(self) -> str:
        """What it printed so far."""
        return (self.directory / "server.log").read_text(encoding="utf-8", errors="replace")

    def start(self) -> None:
        """Start it and return when it answers."""
        assert self.process is None, "already started"
        with (self.directory / "server.log").open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=self.directory, stdout=log, stderr=log)
        give_up_at = time.monotonic() + READY_WITHIN_S
        while not self.is_ready(self.port):
            if self.process.poll() is not None or time.monotonic() > give_up_at:
                self.stop()
                raise AssertionError(f"{self.command[0]} did not start:\n{self.log}")
            time.sleep(0.01)

    def stop(self) -> None:
        """Ask it to end (SIGTERM) and wait; kill it if it does not."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def kill(self) -> None:
        """kill -9: no goodbye, nothing flushed."""
        assert self.process is not None, "not started"
        self.process.kill()
        self.process.wait()
        self.process = None


@contextlib.contextmanager
def running(server: Server) -> Iterator[Server]:
    """Let a server run while the block does."""
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def new(kind: Callable[[Path], Server]) -> Iterator[Server]:
    """Let a new server of a kind run while the block does, in a folder that goes with it."""
    with tempfile.TemporaryDirectory() as folder, running(kind(Path(folder) / "server")) as server:
        yield server


def answers_tcp(port: int) -> bool:
    """Whether somebody accepts connections there."""
    try:
        with socket.create_connection((HOST, port), timeout=1.0):
            return True
    except OSError:
        return False


def answers_http(path: str) -> Callable[[int], bool]:
    """A probe that asks for this path and takes any 2xx."""

    def probe(port: int) -> bool:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}{path}", timeout=1.0) as answer:
                return 200 <= answer.status < 300
        except (urllib.error.URLError, OSError):
            return False

    return probe


MOSQUITTO_CONF = """\
listener {port} 127.0.0.1
allow_anonymous true
user {user}
persistence true
persistence_location {directory}/
autosave_on_changes false
autosave_interval 30
max_queued_messages 0
max_inflight_messages 1000
set_tcp_nodelay true
"""


def mosquitto(directory: Path, conf: str | None = None, port: int | None = None) -> Server:
    """A mosquitto that is not started yet. `conf` may use {port}, {directory} and {user}."""
    program = find_program("mosquitto")
    port = port or free_port()
    directory.mkdir(parents=True, exist_ok=True)
    text = (conf or MOSQUITTO_CONF).format(port=port, directory=directory, user=getpass.getuser())
    conf_path = directory / "mosquitto.conf"
    conf_path.write_text(text, encoding="utf-8")
    return Server([program, "-c", str(conf_path)], directory, port, answers_tcp)


INFLUXD_CONF = """\
reporting-disabled = true
bind-address = "127.0.0.1:{rpc_port}"
[meta]
  dir = "{directory}/meta"
[data]
  dir = "{directory}/data"
  wal-dir = "{directory}/wal"
  query-log-enabled = false
[coordinator]
[http]
  bind-address = "127.0.0.1:{port}"
  log-enabled = false
[monitor]
  store-enabled = false
"""


def influxd(directory: Path) -> Server:
    """An influxd 1.x that is not started yet: /write and /query, no /api/v2."""
    program = find_program("influxd")
    port = free_port()
    directory.mkdir(parents=True, exist_ok=True)
    conf_path = directory / "influxd.toml"
    conf_path.write_text(INFLUXD_CONF.format(port=port, rpc_port=free_port(), directory=directory), encoding="utf-8")
    return Server([program, "-config", str(conf_path)], directory, port, answers_http("/ping"))


def victoria_metrics(directory: Path) -> Server:
    """A victoria-metrics that is not started yet: it takes /api/v2/write from any client and answers 204."""
    program = find_program("victoria-metrics")
    port = free_port()
    directory.mkdir(parents=True, exist_ok=True)
    command = [
        program,
        f"-httpListenAddr={HOST}:{port}",
        f"-storageDataPath={directory / 'data'}",
        "-retentionPeriod=100y",
        "-memory.allowedPercent=10",
        "-loggerLevel=ERROR",
    ]
    return Server(command, directory, port, answers_http("/health"))


@pytest.fixture
def mosquitto_server(tmp_path: Path) -> Iterator[Server]:
    """A running mosquitto of this test alone: anonymous on loopback, persistent, unlimited queues."""
    with running(mosquitto(tmp_path / "mosquitto")) as server:
        yield server


@pytest.fixture(scope="session")
def shared_influxd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One running influxd for tests that each use a database of their own."""
    with running(influxd(tmp_path_factory.mktemp("influxd"))) as server:
        yield server


@pytest.fixture
def victoria_metrics_server(tmp_path: Path) -> Iterator[Server]:
    """A running victoria-metrics of this test alone."""
    with running(victoria_metrics(tmp_path / "victoria-metrics")) as server:
        yield server
