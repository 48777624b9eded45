"""Connecting and losing a sensor again and again, and what is left behind (R11)."""

import asyncio
import gc
import os
import time
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from bleak import BleakClient

from sensorhub.adapters.ble.backend import open_radio
from sensorhub.adapters.ble.connection import SensorConnection
from sensorhub.adapters.ble.scan import SensorFinder, Wanted
from sensorhub.adapters.ble.source import BleSource
from sensorhub.adapters.profiles import load_profile
from sensorhub.model.frames import LinkReport, LinkState
from sensorhub.pipeline.decoder import SensorDecoder
from tests.support.virtual_sensor import virtual_sensor

NATIVE = load_profile("sensorhub_native")


@dataclass(frozen=True)
class Left:
    """What the process holds."""

    tasks: int
    descriptors: int
    clients: int
    objects: int
    rss_kib: int


def left_now() -> Left:
    gc.collect()
    held = gc.get_objects()
    clients = sum(isinstance(one, BleakClient | SensorConnection) for one in held)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    rss_kib = pages * os.sysconf("SC_PAGE_SIZE") // 1024
    return Left(len(asyncio.all_tasks()), descriptors, clients, len(held), rss_kib)


async def cycled(cycles: int, warm_up: int) -> tuple[Left, Left, Left, float]:
    """Lose the sensor so many times.

    Gives what was held after the warm-up, at the end and after closing, and the longest time from a lost link to the
    next sample, s.
    """
    async with virtual_sensor("--at-rest") as sensor:
        before = left_now()
        radio = await open_radio(sensor.radio)
        source, decoder = BleSource(SensorFinder(radio), Wanted(NATIVE)), SensorDecoder(NATIVE)
        done, lost_s, slowest_s, streaming = 0, 0.0, 0.0, False
        warm = left_now()
        async with aclosing(source.frames()) as frames:
            async for item in frames:
                if isinstance(item, LinkReport):
                    streaming = streaming or item.state is LinkState.STREAMING
                    continue
                samples = decoder.counts.samples
                decoder.feed(item)
                if decoder.counts.samples == samples or not streaming:
                    continue
                slowest_s = max(slowest_s, time.monotonic() - lost_s if lost_s else 0.0)
                if done == warm_up:
                    warm = left_now()
                if done == cycles:
                    break
                done, streaming, lost_s = done + 1, False, time.monotonic()
                await sensor.order("reboot")
        assert decoder.counts.connections == cycles + 1
        end = left_now()
        await radio.aclose()
    after = left_now()
    assert after.tasks == before.tasks
    return warm, end, after, slowest_s
