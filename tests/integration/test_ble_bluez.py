"""bleak's own BlueZ back end, which Linux users run, over a private D-Bus whose org.bluez is played on bumble."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest

from sensorhub.adapters.recording import Recording
from sensorhub.model.frames import LINK, LINK_UP
from sensorhub.pipeline.decoder import SensorDecoder
from tests.support.bluez import CONFIGURATION
from tests.support.delivery import wait_until
from tests.support.virtual_sensor import VirtualSensorProcess, virtual_sensor

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="dbus-daemon is not here (apt-get install dbus)"),
]


@asynccontextmanager
async def process(*arguments: str, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    running = await asyncio.create_subprocess_exec(
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **environment},
    )
    try:
        yield running
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()


async def line_of(running: asyncio.subprocess.Process) -> str:
    assert running.stdout is not None
    return (await asyncio.wait_for(running.stdout.readline(), 60)).decode().strip()


@asynccontextmanager
async def bluez(tmp_path, *sensor_arguments: str) -> AsyncIterator[tuple[str, VirtualSensorProcess]]:
    """A private bus with org.bluez on it, and a virtual sensor near."""
    configuration = tmp_path / "bus.conf"
    configuration.write_text(CONFIGURATION % (tmp_path / "bus"))
    daemon = ("dbus-daemon", "--config-file", str(configuration), "--nofork", "--print-address")
    async with virtual_sensor(*sensor_arguments) as sensor, process(*daemon) as bus:
        address = await line_of(bus)
        stack = (sys.executable, "-m", "tests.support.bluez", address, sensor.radio.removeprefix("bumble:"))
        async with process(*stack) as running:
            assert await line_of(running) == "ready"
            yield address, sensor


def record(path, seconds: str, bus_address: str):
    command = (sys.executable, "-m", "sensorhub", "record", str(path), "--seconds", seconds)
    return process(*command, DBUS_SYSTEM_BUS_ADDRESS=bus_address)


def recorded_samples(path):
    return any(frame.characteristic == "data" for frame in Recording(path))


def test_samples_come_through_bluez(tmp_path):
    async def run() -> tuple[int | None, str]:
        async with bluez(tmp_path, "--at-rest") as (address, _), record(tmp_path / "a.shraw", "6", address) as command:
            _, err = await asyncio.wait_for(command.communicate(), 60)
            return command.returncode, err.decode()

    code, err = asyncio.run(run())
    assert code == 0, err
    recording = Recording(tmp_path / "a.shraw")
    decoder = SensorDecoder(recording.header.profile, recording.header.settings, recording.header.origin_ns)
    blocks = [block for frame in recording for block in decoder.feed(frame).blocks]
    t_s = np.concatenate([block.t_s for block in [*blocks, *decoder.finish().blocks]])
    assert len(t_s) > 80
    np.testing.assert_allclose(np.diff(t_s), 0.01, atol=1e-4)
    assert decoder.counts.broken == decoder.counts.packets_lost == 0


def test_a_lost_sensor_comes_back_through_bluez(tmp_path):
    async def run() -> str:
        async with (
            bluez(tmp_path, "--at-rest", "--supervision-s", "1.5") as (address, sensor),
            record(tmp_path / "a.shraw", "60", address) as command,
        ):
            assert command.stderr is not None
            told: list[str] = []
            while True:
                told.append((await asyncio.wait_for(command.stderr.readline(), 60)).decode().strip())
                if told[-1] == "streaming" and told.count("streaming") == 1:
                    await sensor.order("vanish")
                elif told[-1].startswith("the link was lost"):
                    await sensor.order("reappear")
                elif told.count("streaming") == 2:
                    break
            await asyncio.to_thread(wait_until, lambda: recorded_samples(tmp_path / "a.shraw"), 60.0)
            command.terminate()
            await asyncio.wait_for(command.communicate(), 60)
            assert command.returncode in {0, 1}  # 1 where it ended before the first sample
            return "\n".join(told)

    told = asyncio.run(run())
    assert "no data comes" in told
    frames = list(Recording(tmp_path / "a.shraw"))
    assert sum(frame.characteristic == LINK and frame.payload == LINK_UP for frame in frames) == 2
