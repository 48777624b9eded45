"""Starts a mosquitto with the shipped configuration, access list, passwords and TLS, made by the shipped scripts."""

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DEPLOY: Final = Path(__file__).resolve().parents[1]
HOST: Final = "127.0.0.1"
UP_WITHIN_S: Final = 10.0
TEAMS: Final = {"pi": "club", "gym": "rivals"}
"""Two hubs of two teams, which must not see each other."""


@dataclass(frozen=True)
class ShippedBroker:
    """A running broker with the hubs of TEAMS."""

    port: int
    state: Path
    log: Path

    @property
    def ca(self) -> str:
        """The file of the CA's certificate."""
        return str(self.state / "certificates" / "ca.crt")

    def password(self, user: str) -> str:
        """The password of a hub or writer."""
        return (self.state / "secrets" / "mqtt" / user).read_text(encoding="utf-8")


def run_script(name: str, state: Path, *words: str) -> None:
    """Run one of deploy's scripts for this state directory. Raises CalledProcessError where it fails."""
    environment = {**os.environ, "SENSORHUB_STATE": str(state)}
    subprocess.run([str(DEPLOY / name), *words], env=environment, check=True, capture_output=True, text=True)


@contextmanager
def shipped_broker() -> Iterator[ShippedBroker]:
    """Run it until the block ends. Raises RuntimeError where it does not start."""
    program = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        raise RuntimeError("mosquitto is not installed: apt-get install mosquitto")
    with tempfile.TemporaryDirectory(prefix="sensorhub-deploy-") as folder:
        state = Path(folder)
        run_script("make-certificates", state)
        for hub, team in TEAMS.items():
            run_script("add-hub", state, hub, team)
        port = _free_port()
        conf = state / "mosquitto.conf"
        conf.write_text(_local(state, port), encoding="utf-8")
        (state / "data").mkdir()
        log = state / "broker.log"
        with log.open("wb") as sink:
            process = subprocess.Popen([program, "-c", str(conf)], stdout=sink, stderr=sink)
        try:
            _wait(process, port, log)
            yield ShippedBroker(port, state, log)
        finally:
            process.terminate()
            process.wait()


def _local(state: Path, port: int) -> str:
    """Give the shipped configuration with nothing but paths and port changed, and its user."""
    text = (DEPLOY / "mosquitto" / "mosquitto.conf").read_text(encoding="utf-8")
    text = text.replace("/mosquitto/certificates/", f"{state}/certificates/")
    text = text.replace("/mosquitto/config/", f"{state}/mosquitto/").replace("/mosquitto/data/", f"{state}/data/")
    return text.replace("listener 8883", f"listener {port} {HOST}") + f"\nuser {getpass.getuser()}\n"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    give_up_at = time.monotonic() + UP_WITHIN_S
    while True:
        try:
            socket.create_connection((HOST, port), timeout=1.0).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > give_up_at:
                raise RuntimeError(f"mosquitto did not start: {log.read_text(encoding='utf-8')}") from None
            time.sleep(0.02)
        else:
            return
