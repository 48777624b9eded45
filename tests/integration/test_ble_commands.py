"""`sensorhub scan` and `sensorhub record` against the virtual sensor, and without any Bluetooth."""

import asyncio
import json
import os
import sys

import numpy as np
import pytest

from sensorhub.adapters.recording import Recording
from sensorhub.model.frames import LINK, LINK_READY, LINK_UP
from sensorhub.pipeline.decoder import SensorDecoder
from tests.support.virtual_sensor import virtual_sensor

pytestmark = pytest.mark.integration


async def sensorhub(*arguments, **environment):
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sensorhub", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **environment},
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, out.decode(), err.decode()


def test_scan_shows_sensors_and_their_profiles():
    async def run():
        async with virtual_sensor("--sensors", "2", "--at-rest") as sensor:
            return await sensorhub("scan", "--seconds", "1", "--json", "--radio", sensor.radio)

    code, out, err = asyncio.run(run())
    found = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert [(one["name"], one["profile"]) for one in found] == [
        ("SH-0001", "sensorhub_native"),
        ("SH-0002", "sensorhub_native"),
    ]


def test_without_bluetooth_one_line_says_so(tmp_path):
    nowhere = f"unix:path={tmp_path}/none"
    code, out, err = asyncio.run(sensorhub("scan", "--seconds", "1", DBUS_SYSTEM_BUS_ADDRESS=nowhere))
    assert (code, out) == (1, "")
    assert len(err.splitlines()) == 1
    assert "systemctl start bluetooth" in err


def test_a_recording_alone_is_enough_to_replay(tmp_path):
    path = tmp_path / "a.shraw"

    async def run():
        async with virtual_sensor("--at-rest") as sensor:
            return await sensorhub("record", str(path), "--seconds", "5", "--radio", sensor.radio)

    code, out, err = asyncio.run(run())
    assert (code, out) == (0, ""), err
    recording = Recording(path)
    decoder = SensorDecoder(recording.header.profile, recording.header.settings, recording.header.origin_ns)
    frames = list(recording)
    blocks = [block for frame in frames for block in decoder.feed(frame).blocks]
    t_s = np.concatenate([block.t_s for block in [*blocks, *decoder.finish().blocks]])
    assert len(t_s) > 100
    np.testing.assert_allclose(np.diff(t_s), 0.01, atol=1e-4)
    assert f"{len(t_s)} samples, 0 lost, 0 broken" in err
    assert [frame.payload for frame in frames if frame.characteristic == LINK] == [LINK_UP, LINK_READY]
    assert recording.damage is None


def test_a_sensor_that_never_comes_leaves_no_recording_behind(tmp_path):
    async def run():
        async with virtual_sensor("--at-rest") as sensor:
            arguments = ("--sensor", "SH-9999", "--seconds", "1", "--radio", sensor.radio)
            return await sensorhub("record", str(tmp_path / "no.shraw"), *arguments)

    code, _, err = asyncio.run(run())
    assert code == 1
    assert "no sensor came" in err.splitlines()[-1]
    assert not list(tmp_path.iterdir())
