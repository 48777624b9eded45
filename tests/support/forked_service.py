"""The service forked from a process that has everything loaded: loading Python's modules is most of a start."""

import asyncio
import contextlib
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from sensorhub.app.run import run_service
from sensorhub.config import load_settings
from sensorhub.model.session import Record
from sensorhub.model.status import LinkStatus
from tests.support.delivery import FORK
from tests.support.killed_service import START_WITHIN_S

FORK.set_forkserver_preload([__name__])


@dataclass(frozen=True)
class ForkedService:
    """A running service that can be killed."""

    process: ForkServerProcess

    def kill(self) -> None:
        """Kill -9."""
        self.process.kill()

    async def wait(self) -> None:
        """Wait until it is gone."""
        await asyncio.to_thread(self.process.join)
        self.process.close()


async def forked(config: Path) -> ForkedService:
    """Fork the service and return when the sensor's samples come in."""
    ours, theirs = FORK.Pipe(duplex=False)
    process = FORK.Process(target=service_process, args=(theirs, config), daemon=True)
    process.start()
    theirs.close()
    with ours:
        await asyncio.to_thread(_wait_for_samples, ours)
    return ForkedService(process)


def _wait_for_samples(told: Connection) -> None:
    while told.poll(START_WITHIN_S):
        if "streaming" in told.recv():
            return
    raise AssertionError("the service does not start")


@dataclass(frozen=True)
class ToldThroughPipe:
    """A view that tells how the parts fare, as long as somebody listens."""

    connection: Connection

    def show(self, record: Record) -> None:
        """Keep what was measured to itself."""

    def show_link(self, status: LinkStatus) -> None:
        """Tell it."""
        with contextlib.suppress(OSError):
            self.connection.send(status.detail)


def service_process(connection: Connection, config: Path) -> None:
    """`sensorhub run`."""
    asyncio.run(run_service(load_settings(config), ToldThroughPipe(connection)))
