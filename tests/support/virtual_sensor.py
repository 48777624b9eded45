"""The virtual sensor's process, started and stopped by a test, with its orders."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any


class VirtualSensorProcess:
    """A running virtual sensor. `ready` is its first line."""

    def __init__(self, process: asyncio.subprocess.Process, ready: dict[str, Any]) -> None:
        self.process = process
        self.ready = ready
        self.radio: str = ready["radio"]

    async def line(self) -> dict[str, Any]:
        """Its next line."""
        assert self.process.stdout is not None
        text = await asyncio.wait_for(self.process.stdout.readline(), 60)
        return dict(json.loads(text))

    async def order(self, do: str, sensor: str = "SH-0001") -> None:
        """Give an order and wait until it is done."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do, "sensor": sensor}).encode() + b"\n")
        while (await self.line())["event"] != "done":
            pass


@asynccontextmanager
async def virtual_sensor(*arguments: str) -> AsyncIterator[VirtualSensorProcess]:
    """Start virtual sensors; at the end their stdin is closed, and they must go by themselves."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sensorhub.adapters.virtual_sensor", "--seed", "1", *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        ready = json.loads(await asyncio.wait_for(process.stdout.readline(), 60))
        yield VirtualSensorProcess(process, ready)
    finally:
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 60)
        except TimeoutError:
            process.kill()
            await process.wait()
