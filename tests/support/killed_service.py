"""The whole `sensorhub run`, killed again and again beside a sensor that runs on. What the sensor made is the judge."""

import asyncio
import bisect
import contextlib
import json
import random
import signal
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

from sensorhub.formats.records import unix_ns
from sensorhub.synthetic.runner import synthesise_run
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams
from tests.support.delivery import wait_until
from tests.support.files import hub_settings, recording
from tests.support.servers import mosquitto, running
from tests.support.virtual_sensor import virtual_sensor

START_WITHIN_S = 120.0  # where others use the processor, loading Python's modules alone has taken a minute
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
    asked_s: list[float] = field(default_factory=list)  # when each start was asked for, wall time
    live_after_s: list[float] = field(default_factory=list)
    stopped_after_s: float = 0.0
    strides: list[tuple[int, float]] = field(default_factory=list)  # number and wall time, in the keeper at the end
    gaps_s: list[tuple[float, float]] = field(default_factory=list)

    def heard_after_s(self) -> list[float]:
        """How long after a start was asked for its first frame was kept: where a gap ends, if it lived so long."""
        ends_s = sorted(end for _, end in self.gaps_s)
        return sorted(
            end - asked
            for asked, next_asked in pairwise(self.asked_s)
            for end in ends_s[bisect.bisect_left(ends_s, asked) :][:1]
            if end < next_asked
        )

    def matched(self) -> list[int]:
        """The contact of each stride that was kept; -1 for one that the sensor never made."""
        return [self._contact_at(at_s) for _, at_s in self.strides]

    def _contact_at(self, at_s: float) -> int:
        first = bisect.bisect_left(self.contacts_s, at_s - SAME_CONTACT_S)
        return first if first < len(self.contacts_s) and self.contacts_s[first] < at_s + SAME_CONTACT_S else -1

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


class Service(Protocol):
    """A running service; a process of asyncio is one."""

    def kill(self) -> None: ...

    async def wait(self) -> object: ...


async def kill_service(
    folder: Path, kills: int, seed: int, start: Callable[[Path], Awaitable[Service]] | None = None
) -> Killed:
    """Kill the service so often, the broker with every tenth; then stop it as a user does.

    `start` starts the ones to be killed, None: by the command.
    """
    chance = random.Random(seed)
    run_s = kills * (LONGEST_LIFE_S + 6.0) + LAST_LIFE_S + 20.0
    made = synthesise_run(RunnerParams(seed=seed, bouts=(Bout(Pace.STAND, STAND_S), Bout(Pace.RUN, run_s))))
    run = recording(folder / "run.csv", made.block)
    killed, keeper = Killed(), folder / "data" / "keeper.sqlite"
    with running(mosquitto(folder / "mosquitto")) as broker:
        async with virtual_sensor("--input", str(run)) as sensor:
            config = hub_settings(folder, sensor.radio, broker.port)
            for kill in range(1, kills + 1):
                asked_s = time.monotonic()
                killed.asked_s.append(time.time())
                service = await (start or started)(config)
                killed.live_after_s.append(time.monotonic() - asked_s)
                if kill == 1:
                    began_s = (await sensor.line())["unix_ns"] * 1e-9
                await asyncio.sleep(chance.uniform(0.0, LONGEST_LIFE_S))
                service.kill()
                await service.wait()
                killed.told |= set(numbers(folder / "data" / "hub.sqlite"))
                if kill % 10 == 0:
                    broker.kill()
                    broker.start()
            last = await started(config)
            await asyncio.sleep(LAST_LIFE_S)
            await asyncio.to_thread(wait_until, lambda: killed.told <= {record["seq"] for record in kept(keeper)})
            killed.stopped_after_s = await stop(last)
    first_s = made.block.t_s[0]
    killed.contacts_s = [began_s + step.t_ic - first_s for step in made.truth.steps]
    look_into_keeper(keeper, killed)
    return killed


async def started(config: Path) -> asyncio.subprocess.Process:
    """Start the service as a user does and return when the sensor's samples come in."""
    command = (sys.executable, "-m", "sensorhub", "run", "--config", str(config))
    service = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert service.stdout is not None
    async with asyncio.timeout(START_WITHIN_S):
        while b"streaming" not in (line := await service.stdout.readline()):
            assert line, "the service ended by itself"
    return service


async def stop(service: asyncio.subprocess.Process) -> float:
    """SIGTERM, and wait for the end; how many seconds that took."""
    began_s = time.monotonic()
    service.send_signal(signal.SIGTERM)
    await asyncio.wait_for(service.communicate(), 60)
    assert service.returncode == 0
    return time.monotonic() - began_s


def kinds(hub: Path) -> list[str]:
    """What is in a hub's store: the types of its records, as they came."""
    with contextlib.closing(sqlite3.connect(hub)) as store:
        return [topic.rpartition("/")[2] for (topic,) in store.execute("SELECT topic FROM record ORDER BY seq")]


def numbers(hub: Path) -> list[int]:
    """The numbers of the strides in a hub's store."""
    with contextlib.closing(sqlite3.connect(hub)) as store:
        return [seq for (seq,) in store.execute("SELECT seq FROM record WHERE topic LIKE '%/stride'")]


def kept(keeper: Path) -> list[dict[str, Any]]:
    """The records in a keeper's file."""
    with contextlib.closing(sqlite3.connect(keeper)) as connection:
        return [json.loads(payload) for (payload,) in connection.execute("SELECT payload FROM record")]


def look_into_keeper(keeper: Path, killed: Killed) -> None:
    for record in kept(keeper):
        at_s = unix_ns(record["time"]) * 1e-9
        if record["type"] == "stride":
            killed.strides.append((record["seq"], at_s))
        elif record["type"] == "gap":
            killed.gaps_s.append((at_s, at_s + record["end_s"] - record["start_s"]))
