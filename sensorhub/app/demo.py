"""The demo: the product with a virtual sensor in a process of its own, and a broker on loopback."""

import asyncio
import contextlib
import json
import sys
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from sensorhub.adapters.broker import demo_broker
from sensorhub.adapters.plain_recording import read_plain_recording
from sensorhub.app.run import run_service
from sensorhub.app.service import Totals, View
from sensorhub.config import HubSettings, MqttSettings, PageSettings, SensorSettings, Settings
from sensorhub.model.errors import InputError, SensorhubError

READY_WITHIN_S = 30.0
ENDS_WITHIN_S = 10.0


async def run_demo(
    view: View, *, input_path: Path | None, seconds: float | None, on_ready: Callable[[str], None]
) -> Totals:
    """Run until Ctrl-C, or for `seconds`; leave nothing running and nothing behind.

    Raises InputError where the recording cannot be played to its end.
    """
    if input_path is not None:
        deque(read_plain_recording(input_path), maxlen=0)
    with tempfile.TemporaryDirectory(prefix="sensorhub-demo-") as folder, demo_broker() as port:
        async with virtual_sensor(input_path) as (radio, sensor_name):
            settings = Settings(
                hub=HubSettings(name="demo", data_dir=folder, radio=radio),
                sensor=(SensorSettings(name=sensor_name, runner="demo"),),
                mqtt=MqttSettings(port=port),
                page=PageSettings(port=0),
            )
            return await run_service(settings, view, seconds=seconds, on_ready=on_ready)


@contextlib.asynccontextmanager
async def virtual_sensor(input_path: Path | None) -> AsyncIterator[tuple[str, str]]:
    """Start the sensor's process; give the address of its radio and its name. Closing its stdin ends it."""
    command = [sys.executable, "-m", "sensorhub.adapters.virtual_sensor"]
    if input_path is not None:
        command += ["--input", str(input_path)]
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for the service, which ends the sensor last
    )
    assert process.stdin and process.stdout and process.stderr  # noqa: S101, PT018 - they are pipes, said above
    try:
        async with asyncio.timeout(READY_WITHIN_S):
            line = await process.stdout.readline()
        if not line:
            said = (await process.stderr.read()).decode(errors="replace").strip()
            if await process.wait() == InputError.exit_code:
                raise InputError(said)
            raise SensorhubError(f"The virtual sensor did not start: {said or 'it said nothing.'}")
        ready = json.loads(line)
        yield ready["radio"], ready["sensors"][0]
    finally:
        process.stdin.close()
        try:
            async with asyncio.timeout(ENDS_WITHIN_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
