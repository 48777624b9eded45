"""The virtual sensor's chip and firmware, without a radio."""

import binascii
import random
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhub.adapters.virtual_sensor.motion import recording_blocks, still_blocks
from sensorhub.adapters.virtual_sensor.native import CONTROL, INFO, NativeFirmware
from sensorhub.adapters.virtual_sensor.sampler import Sampler, Scales
from sensorhub.adapters.virtual_sensor.witmotion import NOTIFY, WRITE, WitMotionFirmware
from sensorhub.model.errors import InputError
from sensorhub.model.samples import SampleBlock

MTU = 247


def blocks_of(t_s, sizes):
    acc = np.tile([0.0, 0.0, 9.80665], (len(t_s), 1))
    gyr = np.column_stack([np.arange(len(t_s)) * 1e-3, np.zeros(len(t_s)), np.zeros(len(t_s))])
    whole, place = SampleBlock(t_s, acc, gyr), 0
    for size in sizes:
        yield whole.cut(place, place + size)
        place += size
    yield whole.cut(place, len(t_s))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 30), max_size=4), st.integers(1, 18))
def test_chunks_hold_every_sample_once_and_end_at_gaps(sizes, count):
    index = np.r_[0:40, 55:100]
    sampler = Sampler(blocks_of(index / 100 + 3.0, [20, *sizes]), Scales())
    chunks = []
    while (chunk := sampler.take(count)) is not None:
        chunks.append(chunk)
        assert len(chunk.due_s) <= count
    assert sampler.rate_hz == pytest.approx(100)
    assert [chunk.index + n for chunk in chunks for n in range(len(chunk.due_s))] == index.tolist()
    np.testing.assert_allclose(np.concatenate([chunk.due_s for chunk in chunks]), index / 100, atol=1e-9)


def test_a_chip_at_its_limit_says_so():
    t_s = np.arange(10) / 100
    acc, gyr = np.zeros((10, 3)), np.zeros((10, 3))
    acc[5] = 400.0
    (chunk,) = [Sampler(iter([SampleBlock(t_s, acc, gyr)]), Scales()).take(10)]
    assert chunk is not None
    assert (chunk.acc_clipped, chunk.gyr_clipped) == (True, False)
    assert chunk.codes[5].tolist() == [32767, 32767, 32767, 0, 0, 0]


def native(rate_hz=100.0):
    return NativeFirmware(7, rate_hz, Scales(), random.Random(1))


def ask(firmware, text, mtu=MTU):
    (answer,) = firmware.written(CONTROL, bytes.fromhex(text), mtu, 5_000_000)
    return answer.payload


def test_native_commands():
    firmware = native()
    assert ask(firmware, "0109")[:3].hex() == "810900"
    assert ask(firmware, "020a640010d0070500")[:3].hex() == "820a00"
    assert ask(firmware, "020a630010d0070500").hex() == "820a03"
    assert ask(firmware, "020a6400").hex() == "820a02"
    assert ask(firmware, "7701").hex() == "f70101"
    assert ask(firmware, "030b0000000000", mtu=23).hex() == "830b05"
    assert not firmware.streaming
    assert ask(firmware, "030b0000000000")[:3].hex() == "830b00"
    assert firmware.streaming
    assert ask(firmware, "020a640010d0070500").hex() == "820a04"
    sync = ask(firmware, "050c00401e18240a0600")
    assert sync[3:11].hex() == "00401e18240a0600"
    assert struct.unpack("<II", sync[11:]) == (5_000_000, 5_000_000)
    assert ask(firmware, "040d")[:3].hex() == "840d00"
    assert not firmware.streaming


def test_a_small_mtu_makes_small_packets():
    firmware = native()
    ask(firmware, "030b0000000000", mtu=65)
    assert firmware.packet_samples() == 3


def test_native_packets_count_what_the_chip_lost():
    firmware = native()
    ask(firmware, "030b0000000000")
    sampler = Sampler(blocks_of(np.r_[0:10, 15:25] / 100, []), Scales())
    packets = []
    while (chunk := sampler.take(5)) is not None:
        packets.append(firmware.packet(chunk, round(chunk.due_s[0] * 1e6) + 2**32 - 10, 10_000.0))
    heads = [struct.unpack_from("<BBHIIHBB", packet) for packet in packets]
    assert [head[2] for head in heads] == [0, 1, 2, 3]
    assert [head[3] for head in heads] == [0, 5, 15, 20]
    assert [bool(head[1] & 8) for head in heads] == [False, False, True, False]
    assert heads[1][4] == 50_000 - 10
    assert all(binascii.crc_hqx(packet[:-2], 0xFFFF) == struct.unpack("<H", packet[-2:])[0] for packet in packets)


def test_info_has_its_length_and_checksum():
    info = native(208.0).read(INFO)
    assert len(info) == 58
    assert binascii.crc_hqx(info[:-2], 0xFFFF) == struct.unpack("<H", info[-2:])[0]
    assert struct.unpack_from("<I", info, 16)[0] == 208_000


def test_witmotion_starts_at_its_factory_rate_and_needs_the_unlock():
    firmware = WitMotionFirmware(100.0)
    firmware.subscribed(NOTIFY)
    assert firmware.streaming
    sampler = Sampler(blocks_of(np.arange(40) / 100, []), Scales())
    frames = [firmware.packet(chunk, 0, 0.0) for _ in range(20) if (chunk := sampler.take(firmware.packet_samples()))]
    assert sum(map(len, frames)) == 2 * 20
    firmware.written(WRITE, bytes.fromhex("FFAA030900"), MTU, 0)
    assert firmware.packet_samples() == 1
    firmware.written(WRITE, bytes.fromhex("FFAA6988B5"), MTU, 0)
    firmware.written(WRITE, bytes.fromhex("FFAA030900"), MTU, 0)
    assert firmware.packet_samples() == 4
    (battery,) = firmware.written(WRITE, bytes.fromhex("FFAA276400"), MTU, 0)
    assert battery.payload.hex().startswith("557164008d01")


def test_recordings_are_played_and_others_refused(tmp_path):
    path = tmp_path / "a.csv"
    rows = "".join(f"{n / 100:.2f},0,0,9.8,0.1,0,0\n" for n in range(450))
    path.write_text("time_s,ax_mps2,ay_mps2,az_mps2,gx_radps,gy_radps,gz_radps\n" + rows)
    blocks = list(recording_blocks(path))
    assert sum(map(len, blocks)) == 450
    assert blocks[0].acc_mps2[0].tolist() == [0.0, 0.0, 9.8]
    path.write_text("time_s\n1,2\n")
    with pytest.raises(InputError, match="a plain recording begins with"):
        list(recording_blocks(path))
    with pytest.raises(InputError, match="is a folder"):
        list(recording_blocks(tmp_path))
    assert sum(map(len, still_blocks(50.0, 9.0))) == 450
