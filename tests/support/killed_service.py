"""The whole `sensorhub run`, killed again and again beside a sensor that runs on. What the sensor made is the judge."""

import asyncio
import contextlib
import json
import random
import signal
import sqlite3
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from sensorhub.formats.plain_csv import HEADER, format_rows
from sensorhub.formats.records import unix_ns
from sensorhub.synthetic.runner import synthesise_run
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams
from tests.support.servers import mosquitto
from tests.support.virtual_sensor import VirtualSensorProcess, virtual_sensor

STAND_S = 2.0
LONGEST_LIFE_S = 10.0
LAST_LIFE_S = 8.0
SAME_CONTACT_S = 0.15  # steps are 0.36 s apart
A_STRIDE_S = 0.8


@dataclass
class Killed:
    """What was made, what came of it, and how quick the service was."""

    contacts_s: list[float] = field(default_factory=list)  # of the sensor, wall time
    told: set[int] = field(default_factory=set)  # numbers that a killed service had acknowledged
    live_after_s: list[float] = field(default_factory=list)
    stopped_after_s: float = 0.0
    strides: list[tuple[int, float]] = field(default_factory=list)  # number and wall time, in the keeper at the end
    gaps_s: list[tuple[float, float]] = field(default_factory=list)

    def matched(self) -> list[int]:
        """The contact of each stride that was kept; -1 for one that the sensor never made."""
        nearest = [
            min(range(len(self.contacts_s)), key=lambda i: abs(self.contacts_s[i] - at)) for _, at in self.strides
        ]
        return [
            i if abs(self.contacts_s[i] - at) < SAME_CONTACT_S else -1
            for i, (_, at) in zip(nearest, self.strides, strict=True)
        ]

    def unexplained(self) -> list[float]:
        """Contacts that are neither kept nor in a recorded gap, up to a stride before the last one that was kept."""
        kept = {self.contacts_s[i] for i in self.matched() if i >= 0}
        until_s = max(kept) - A_STRIDE_S
        return [
            at
            for at in self.contacts_s
            if at < until_s
            and at not in kept
            and not any(start - A_STRIDE_S <= at <= end + A_STRIDE_S for start, end in self.gaps_s)
        ]


async def kill_service(folder: Path, kills: int, seed: int) -> Killed:
    """Kill the service so often, the broker with every tenth; then stop it as a user does."""
    chance = random.Random(seed)
    run_s = kills * (LONGEST_LIFE_S + 6.0) + LAST_LIFE_S + 20.0
    made = synthesise_run(RunnerParams(seed=seed, bouts=(Bout(Pace.STAND, STAND_S), Bout(Pace.RUN, run_s))))
    (folder / "run.csv").write_text(HEADER + "\n" + format_rows(made.block))
    killed = Killed()
    broker = mosquitto(folder / "mosquitto")
    broker.start()
    try:
        async with virtual_sensor("--input", str(folder / "run.csv")) as sensor:
            config = write_settings(folder, sensor, broker.port)
            for kill in range(1, kills + 1):
                service = await started(config, killed)
                if kill == 1:
                    began_s = (await sensor.line())["unix_ns"] * 1e-9
                await asyncio.sleep(chance.uniform(0.0, LONGEST_LIFE_S))
                service.kill()
                await service.wait()
                killed.told |= set(numbers(folder / "data" / "hub.sqlite"))
                if kill % 10 == 0:
                    broker.kill()
                    broker.start()
            service = await started(config, killed)
            await asyncio.sleep(LAST_LIFE_S)
            await stop(service, killed)
    finally:
        broker.stop()
    first_s = made.block.t_s[0]
    killed.contacts_s = [began_s + step.t_ic - first_s for step in made.truth.steps]
    look_into_keeper(folder / "data" / "keeper.sqlite", killed)
    return killed


def write_settings(folder: Path, sensor: VirtualSensorProcess, port: int) -> Path:
    config = folder / "sensorhub.toml"
    config.write_text(
        f'[hub]\nname = "club"\ndata_dir = "{folder / "data"}"\nradio = "{sensor.radio}"\n[mqtt]\nport = {port}\n'
        '[page]\nport = 0\n[[sensor]]\nname = "SH-0001"\nrunner = "ada"\n'
    )
    return config


async def started(config: Path, killed: Killed) -> asyncio.subprocess.Process:
    """Start the service and return when the sensor's samples come in."""
    began_s = time.monotonic()
    command = (sys.executable, "-m", "sensorhub", "run", "--config", str(config))
    service = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert service.stdout is not None
    async with asyncio.timeout(30):
        while b"streaming" not in (line := await service.stdout.readline()):
            assert line, "the service ended by itself"
    killed.live_after_s.append(time.monotonic() - began_s)
    return service


async def stop(service: asyncio.subprocess.Process, killed: Killed) -> None:
    """SIGTERM, and wait for the end."""
    began_s = time.monotonic()
    service.send_signal(signal.SIGTERM)
    await asyncio.wait_for(service.communicate(), 30)
    killed.stopped_after_s = time.monotonic() - began_s
    assert service.returncode == 0


def kinds(hub: Path) -> list[str]:
    """What is in a hub's store: the types of its records, as they came."""
    with contextlib.closing(sqlite3.connect(hub)) as store:
        return [topic.rpartition("/")[2] for (topic,) in store.execute("SELECT topic FROM record ORDER BY seq")]


def numbers(hub: Path) -> list[int]:
    """The numbers of the strides in a hub's store."""
    with contextlib.closing(sqlite3.connect(hub)) as store:
        return [seq for (seq,) in store.execute("SELECT seq FROM record WHERE topic LIKE '%/stride'")]


def look_into_keeper(path: Path, killed: Killed) -> None:
    with contextlib.closing(sqlite3.connect(path)) as keeper:
        records = [json.loads(payload) for (payload,) in keeper.execute("SELECT payload FROM record")]
    for record in records:
        at_s = unix_ns(record["time"]) * 1e-9
        if record["type"] == "stride":
            killed.strides.append((record["seq"], at_s))
        elif record["type"] == "gap":
            killed.gaps_s.append((at_s, at_s + record["end_s"] - record["start_s"]))
