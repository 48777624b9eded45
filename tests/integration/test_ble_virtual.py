"""The whole way over Bluetooth: virtual sensor in its own process, HCI on TCP, bleak, set-up, decoder."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager

import numpy as np
import pytest

from sensorhub.adapters.ble.backend import Radio, open_radio
from sensorhub.adapters.ble.scan import SensorFinder, Wanted, scan
from sensorhub.adapters.ble.source import BleSource
from sensorhub.adapters.profiles import all_profiles, load_profile
from sensorhub.adapters.recording import Recording, RecordingHeader, RecordingWriter
from sensorhub.model.frames import LinkReport, LinkState, RawFrame
from sensorhub.model.samples import SampleBlock
from sensorhub.pipeline.decoder import SensorDecoder
from tests.support.virtual_sensor import virtual_sensor

pytestmark = pytest.mark.integration
NATIVE = load_profile("sensorhub_native")


@asynccontextmanager
async def radio_of(choice: str) -> AsyncIterator[Radio]:
    radio = await open_radio(choice)
    try:
        yield radio
    finally:
        await radio.aclose()


async def collect(
    source: BleSource, decoder: SensorDecoder, samples: int
) -> tuple[list[SampleBlock], list[LinkReport]]:
    blocks: list[SampleBlock] = []
    reports: list[LinkReport] = []
    async with asyncio.timeout(60), aclosing(source.frames()) as frames:
        async for item in frames:
            if isinstance(item, LinkReport):
                reports.append(item)
                continue
            blocks.extend(decoder.feed(item).blocks)
            if sum(map(len, blocks)) >= samples:
                break
    return blocks, reports


def test_samples_come_whole_and_on_time():
    async def run() -> None:
        async with virtual_sensor("--at-rest") as sensor, radio_of(sensor.radio) as radio:
            found = await scan(radio, all_profiles(), 0.4)
            assert [(one.name, one.profile) for one in found] == [("SH-0001", "sensorhub_native")]
            decoder = SensorDecoder(NATIVE, {"rate_hz": 100})
            source = BleSource(SensorFinder(radio), Wanted(NATIVE, "SH-0001"), {"rate_hz": 100})
            blocks, reports = await collect(source, decoder, 200)
            assert [report.state for report in reports][:3] == ["searching", "connecting", "streaming"]
            number = np.rint(np.concatenate([block.gyr_radps[:, 0] for block in blocks]) / 1e-3)
            t_s = np.concatenate([block.t_s for block in blocks])
            np.testing.assert_allclose(number, np.arange(len(number)), atol=1)  # 0.6 codes of rounding
            np.testing.assert_allclose(np.diff(t_s), 0.01, atol=1e-4)
            assert decoder.rate_hz == 100.0
            assert decoder.counts.packets_lost == decoder.counts.broken == 0

    asyncio.run(run())


def test_a_lost_sensor_is_told_and_comes_back():
    async def run() -> None:
        async with virtual_sensor("--at-rest", "--supervision-s", "1.5") as sensor, radio_of(sensor.radio) as radio:
            decoder = SensorDecoder(NATIVE)
            source = BleSource(SensorFinder(radio), Wanted(NATIVE))
            states: list[LinkState] = []
            times: list[float] = []
            vanished = False
            async with asyncio.timeout(60), aclosing(source.frames()) as frames:
                async for item in frames:
                    if isinstance(item, RawFrame):
                        times.extend(t for block in decoder.feed(item).blocks for t in block.t_s)
                        if len(times) >= 50 and not vanished:
                            vanished = True
                            await sensor.order("vanish")
                        if decoder.counts.connections == 2 and len(times) > 100:
                            break
                        continue
                    states.append(item.state)
                    if item.state is LinkState.GONE:
                        await sensor.order("reappear")
            assert LinkState.STALE in states
            assert states.index(LinkState.STALE) < states.index(LinkState.GONE)
            assert decoder.counts.reboots == 0
            assert np.all(np.diff(times) > 0)

    asyncio.run(run())


def test_live_and_replay_are_the_same_to_the_bit(tmp_path):
    async def run() -> tuple[bytes, int]:
        async with virtual_sensor("--at-rest", "--loss", "0.05") as sensor, radio_of(sensor.radio) as radio:
            origin_ns = time.monotonic_ns()
            header = RecordingHeader(NATIVE, {}, "SH-0001", "anna", "s1", origin_ns)
            writer, decoder = RecordingWriter(tmp_path / "a.shraw", header), SensorDecoder(NATIVE, {}, origin_ns)
            live, source = b"", BleSource(SensorFinder(radio), Wanted(NATIVE))
            async with asyncio.timeout(60), aclosing(source.frames()) as frames:
                async for item in frames:
                    if isinstance(item, RawFrame):
                        writer.write(item)
                        live += bits(decoder.feed(item).blocks)
                    if decoder.counts.samples >= 200:
                        break
            writer.close()
            return live, decoder.counts.packets_lost

    live, lost = asyncio.run(run())
    recording = Recording(tmp_path / "a.shraw")
    decoder = SensorDecoder(recording.header.profile, recording.header.settings, recording.header.origin_ns)
    assert b"".join(bits(decoder.feed(frame).blocks) for frame in recording) == live
    assert decoder.counts.packets_lost == lost


def test_a_sensor_process_killed_is_told_and_closing_ends():
    async def run() -> list[LinkState]:
        async with virtual_sensor("--at-rest") as sensor:
            radio = await open_radio(sensor.radio)
            states: list[LinkState] = []
            async with asyncio.timeout(60), aclosing(BleSource(SensorFinder(radio), Wanted(NATIVE)).frames()) as frames:
                async for item in frames:
                    if isinstance(item, LinkReport):
                        states.append(item.state)
                        if item.state is LinkState.GONE:
                            break
                    elif item.characteristic == "data" and sensor.process.returncode is None:
                        sensor.process.kill()
                        await sensor.process.wait()
            await asyncio.wait_for(radio.aclose(), 60)
            assert asyncio.all_tasks() == {asyncio.current_task()}
            return states

    assert asyncio.run(run())[-1] is LinkState.GONE


def test_a_wall_clock_that_jumps_changes_nothing(monkeypatch):
    """R9: back to 1970 and ten years on, at every look."""
    jumps = itertools.cycle([0.0, 2.1e9, 1.7e9, 1.7e9 - 1, 1.7e9 + 1])
    monkeypatch.setattr(time, "time", lambda: next(jumps))
    monkeypatch.setattr(time, "time_ns", lambda: int(next(jumps) * 1e9))

    async def run() -> None:
        async with virtual_sensor("--at-rest") as sensor, radio_of(sensor.radio) as radio:
            decoder = SensorDecoder(NATIVE)
            blocks, _ = await collect(BleSource(SensorFinder(radio), Wanted(NATIVE)), decoder, 200)
            t_s = np.concatenate([block.t_s for block in blocks])
            np.testing.assert_allclose(np.diff(t_s), 0.01, atol=1e-4)
            assert decoder.counts.samples_lost == decoder.counts.duplicate == 0

    asyncio.run(run())


def bits(blocks: Sequence[SampleBlock]) -> bytes:
    return b"".join(block.t_s.tobytes() + block.acc_mps2.tobytes() + block.gyr_radps.tobytes() for block in blocks)


def test_the_sensor_goes_when_its_parent_does():
    async def run() -> int | None:
        async with virtual_sensor() as sensor:
            assert sensor.process.stdin is not None
            sensor.process.stdin.close()
            return await asyncio.wait_for(sensor.process.wait(), 60)

    assert asyncio.run(run()) == 0


def test_witmotion_is_set_up_counted_and_stopped():
    async def run() -> None:
        profile = load_profile("witmotion_wt9011dcl")
        async with virtual_sensor("--at-rest", "--personality", "witmotion") as sensor, radio_of(sensor.radio) as radio:
            decoder = SensorDecoder(profile)
            source = BleSource(SensorFinder(radio), Wanted(profile))
            blocks, _ = await collect(source, decoder, 200)
            rate = np.concatenate([block.gyr_radps[:, 0] for block in blocks])
            t_s = np.concatenate([block.t_s for block in blocks])
            np.testing.assert_allclose(np.diff(rate), 1e-3, atol=1.1e-3)  # every sample once, at 1.07 mrad/s a code
            np.testing.assert_allclose(np.diff(t_s), 0.01, atol=1e-9)
            np.testing.assert_allclose(blocks[0].acc_mps2[:, 2], 9.80665, atol=0.005)
            assert decoder.counts.broken == decoder.counts.samples_lost == 0

    asyncio.run(run())


def test_another_device_than_the_profile_says_is_told():
    async def run() -> str | None:
        wanted = Wanted(load_profile("witmotion_wt9011dcl"), "SH-0001")
        async with (
            virtual_sensor("--at-rest") as sensor,
            radio_of(sensor.radio) as radio,
            asyncio.timeout(60),
            aclosing(BleSource(SensorFinder(radio), wanted).frames()) as frames,
        ):
            async for item in frames:
                if isinstance(item, LinkReport) and item.state is LinkState.GONE:
                    return item.detail
        return None

    assert "it lacks this characteristic" in (asyncio.run(run()) or "")


def test_eight_sensors_on_one_radio():
    async def run() -> None:
        async with virtual_sensor("--sensors", "8", "--at-rest") as sensor, radio_of(sensor.radio) as radio:
            finder = SensorFinder(radio)
            decoders = [SensorDecoder(NATIVE) for _ in sensor.ready["sensors"]]
            sources = [BleSource(finder, Wanted(NATIVE, name)) for name in sensor.ready["sensors"]]
            taken = await asyncio.gather(*(collect(s, d, 100) for s, d in zip(sources, decoders, strict=True)))
            assert all(sum(map(len, blocks)) >= 100 for blocks, _ in taken)
            assert all(decoder.counts.packets_lost == decoder.counts.broken == 0 for decoder in decoders)

    asyncio.run(run())


def test_losses_and_damage_are_counted_and_leave_gaps():
    async def run() -> None:
        async with (
            virtual_sensor("--at-rest", "--loss", "0.1", "--corrupt", "0.1") as sensor,
            radio_of(sensor.radio) as radio,
        ):
            decoder = SensorDecoder(NATIVE)
            blocks, _ = await collect(BleSource(SensorFinder(radio), Wanted(NATIVE)), decoder, 250)
            counts = decoder.counts
            assert counts.broken > 0
            assert counts.packets_lost >= counts.broken - 3  # a loss shows with the next whole packet
            assert counts.samples_lost == 5 * counts.packets_lost
            t_s = np.concatenate([block.t_s for block in blocks])
            number = np.concatenate([block.gyr_radps[:, 0] for block in blocks]) / 1e-3
            np.testing.assert_allclose((t_s - t_s[0]) * 100, number - number[0], atol=1.5)

    asyncio.run(run())
