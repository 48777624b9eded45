"""Acceleration and rate of separate messages, joined by their times."""

import itertools
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhub.adapters.profiles import load_profile
from sensorhub.model.frames import LINK, LINK_READY, LINK_UP
from sensorhub.pipeline.decoder import SensorDecoder
from sensorhub.pipeline.sample_stream import TimedVectors
from sensorhub.pipeline.time_pairing import TimePairing
from tests.support.native_packets import frame

RATE_HZ = 100.0
ACC_T_S = np.arange(120) / RATE_HZ + 0.004
GYR_T_S = np.delete(np.arange(120) / RATE_HZ, [40, 41])


def acc_part(start, stop):
    t_s = ACC_T_S[start:stop]
    return TimedVectors(t_s, np.column_stack([t_s, t_s * 2, t_s * 3]), None)


def gyr_part(start, stop):
    t_s = GYR_T_S[start:stop]
    return TimedVectors(t_s, None, np.column_stack([np.sin(t_s), 5 * t_s, -t_s]))


def paired(parts):
    pairing = TimePairing(RATE_HZ)
    blocks = [block for part in parts for block in pairing.feed(part)]
    return np.vstack([np.column_stack([block.t_s, block.acc_mps2, block.gyr_radps]) for block in blocks])


WHOLE = paired([acc_part(0, 120), gyr_part(0, 118)])


def test_the_rate_is_interpolated_and_never_across_a_gap():
    t_s, acc, gyr = WHOLE[:, 0], WHOLE[:, 1:4], WHOLE[:, 4:]
    missing = (ACC_T_S > 0.39) & (ACC_T_S < 0.42)
    np.testing.assert_array_equal(t_s, ACC_T_S[~missing][:-1])
    np.testing.assert_array_equal(acc[:, 2], t_s * 3)
    np.testing.assert_allclose(gyr[:, 1], 5 * t_s, atol=1e-12)
    np.testing.assert_allclose(gyr[:, 0], np.sin(t_s), atol=2e-5)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 120)), st.lists(st.integers(0, 118)), st.randoms(use_true_random=False))
def test_however_the_messages_come_the_bits_are_the_same(acc_cuts, gyr_cuts, chance):
    acc_edges, gyr_edges = [0, *sorted(acc_cuts), 120], [0, *sorted(gyr_cuts), 118]
    parts = [acc_part(a, b) for a, b in itertools.pairwise(acc_edges) if a < b]
    others = [gyr_part(a, b) for a, b in itertools.pairwise(gyr_edges) if a < b]
    mixed = []
    while parts or others:
        mixed.append(parts.pop(0) if parts and (not others or chance.random() < 0.5) else others.pop(0))
    assert paired(mixed).tobytes() == WHOLE.tobytes()


def test_samples_that_come_again_or_late_change_nothing():
    parts = [acc_part(0, 60), gyr_part(0, 50), gyr_part(30, 50), acc_part(20, 60), acc_part(50, 120), gyr_part(40, 118)]
    assert paired(parts).tobytes() == WHOLE.tobytes()


def polar_frame(kind, frame_type, t_last_ns, count, arrival_s):
    content = struct.pack("<3h", 0, 0, 1000) + bytes([8, count - 1]) + bytes([1, 0, 0] * (count - 1))
    return frame("data", arrival_s, struct.pack("<BQB", kind, t_last_ns, frame_type) + content)


def test_polar_acceleration_and_rate_are_one_stream():
    decoder = SensorDecoder(load_profile("polar_verity_sense"), {"rate_hz": 104, "gyr_factor": 0.07})
    frames = [frame(LINK, 1.0, LINK_UP), frame(LINK, 1.0, LINK_READY)]
    epoch_ns, step_ns = 762_028_708_863_099_136, 1e9 / 103.2
    for number in range(12):
        last_ns = epoch_ns + round((number + 1) * 52 * step_ns)
        arrival_s = 2.0 + (number + 1) * 52 * step_ns * 1e-9
        frames.append(polar_frame(2, 0x81, last_ns, 52, arrival_s))
        frames.append(polar_frame(5, 0x80, last_ns - round(0.3 * step_ns), 52, arrival_s + 0.03))
    t_s = np.concatenate([block.t_s for one in frames for block in decoder.feed(one).blocks])
    assert len(t_s) > 11 * 52
    np.testing.assert_allclose(np.diff(t_s)[60:], step_ns * 1e-9, rtol=1e-3)
    assert decoder.counts.samples == 12 * 52
    assert decoder.counts.samples_lost == decoder.counts.broken == 0


def test_metamotion_streams_are_counted_and_paired():
    decoder = SensorDecoder(load_profile("metamotion"))
    frames = [frame(LINK, 1.0, LINK_UP), frame("data", 1.0, bytes.fromhex("03800401")), frame(LINK, 1.1, LINK_READY)]
    for number in range(100):
        at_s = 1.2 + number * 0.03
        codes = [(0, 0, 2048), (0, 0, 2048), (0, 0, 2048)]
        acc = b"\x03\x05" + b"".join(struct.pack("<3h", *code) for code in codes)
        gyr = b"\x13\x05" + b"".join(struct.pack("<3h", 3 * number + n, 0, 0) for n in range(3))
        frames += [frame("data", at_s, acc), frame("data", at_s + 0.001, gyr)]
    blocks = [block for one in frames for block in decoder.feed(one).blocks]
    t_s = np.concatenate([block.t_s for block in blocks])
    rate = np.concatenate([block.gyr_radps[:, 0] for block in blocks])
    assert len(t_s) > 290
    np.testing.assert_allclose(np.diff(t_s), 0.01, atol=1e-9)
    np.testing.assert_allclose(np.diff(rate), np.radians(1 / 16.4), rtol=1e-6)
    np.testing.assert_allclose(blocks[0].acc_mps2[0], [0, 0, 9.80665], atol=1e-9)
    assert decoder.counts.samples_lost == 0


def test_acceleration_alone_waits_and_is_not_kept_for_ever():
    pairing = TimePairing(RATE_HZ)
    for start in range(100):
        t_s = start + np.arange(100) / RATE_HZ
        assert pairing.feed(TimedVectors(t_s, np.zeros((100, 3)), None)) == []
    assert len(pairing._acc.t_s) == pytest.approx(3000, abs=2)
