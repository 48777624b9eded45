"""A sensor's frames to samples in session time: native and WitMotion, whole and with everything that goes wrong."""

import struct
from dataclasses import replace

import numpy as np
import pytest

from sensorhub.adapters.profiles import load_profile
from sensorhub.model.errors import UsageError
from sensorhub.model.frames import LINK, LINK_DOWN, LINK_READY, LINK_UP
from sensorhub.pipeline.decoder import SensorDecoder
from tests.support.native_packets import GYR_SCALE, NativeSensor, frame, with_crc

NATIVE = load_profile("sensorhub_native")
WITMOTION = load_profile("witmotion_wt9011dcl")
DOT = load_profile("movella_dot")


def decoded(frames, profile=NATIVE):
    """What was counted, and the times and the numbers of the samples."""
    decoder = SensorDecoder(profile)
    blocks = [block for one in frames for block in decoder.feed(one).blocks]
    blocks += decoder.finish().blocks
    t_s = np.concatenate([block.t_s for block in blocks]) if blocks else np.zeros(0)
    rate = np.concatenate([block.gyr_radps[:, 0] for block in blocks]) if blocks else np.zeros(0)
    return decoder.counts, t_s, np.rint(rate / GYR_SCALE).astype(int)


def session(sensor, packets, at_s=1.0):
    return [*sensor.connect(at_s), *(sensor.packet() for _ in range(packets))]


def test_a_whole_stream_is_exact():
    counts, t_s, number = decoded(session(NativeSensor(boot_us=2**32 - 2_000_000), 100))
    assert number.tolist() == list(range(500))
    np.testing.assert_allclose(t_s, 1.002 + np.arange(500) / 100, atol=1e-3)
    assert counts.samples == 500
    assert counts.connections == 1


def test_session_time_is_zero_at_the_origin():
    decoder = SensorDecoder(NATIVE, origin_ns=400_000_000)
    for one in session(NativeSensor(), 2):
        decoder.feed(one)
    (first, _) = decoder.finish().blocks
    assert decoder.rate_hz == 100.0
    assert first.t_s[0] == pytest.approx(0.602)


@pytest.mark.parametrize("profile", [NATIVE, DOT], ids=lambda profile: profile.name)
def test_first_frames_that_come_late_do_not_place_the_session_late(profile):
    """A busy computer takes up what waits 2.6 s late; what comes later is on time."""
    frames = session(NativeSensor(), 100) if profile is NATIVE else dot_session(range(400))
    late = [replace(one, arrival_ns=max(one.arrival_ns, 3_600_000_000)) for one in frames]
    (_, on_time, _), (counts, t_s, _) = decoded(frames, profile), decoded(late, profile)
    np.testing.assert_allclose(t_s, on_time, atol=1e-3)
    assert (counts.samples_lost, counts.duplicate) == (0, 0)


def test_the_first_second_is_held_until_its_place_is_sure_and_a_lost_link_ends_the_waiting():
    frames, decoder = session(NativeSensor(), 60), SensorDecoder(NATIVE)
    given = [sum(map(len, decoder.feed(one).blocks)) for one in frames]
    assert given[5:] == [0] * 20 + [105] + [5] * 39
    early, decoder = session(NativeSensor(), 10), SensorDecoder(NATIVE)
    given = [sum(map(len, decoder.feed(one).blocks)) for one in [*early, frame(LINK, 1.6, LINK_DOWN)]]
    assert given[5:] == [0] * 10 + [50]


def test_lost_packets_are_missing_time_and_counted():
    frames = session(NativeSensor(), 100)
    kept = [one for place, one in enumerate(frames) if place not in (20, 21, 50)]
    counts, t_s, number = decoded(kept)
    assert (counts.packets_lost, counts.samples_lost) == (3, 15)
    np.testing.assert_allclose((t_s - t_s[0]) * 100, number - number[0], atol=0.05)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.05, 0.1, 0.2])
@pytest.mark.parametrize("burst", [1, 6])
def test_every_gap_is_found_and_has_its_length(share, burst):
    """R10: packets lost at random and in bursts, with arrivals that are late by chance."""
    rng = np.random.default_rng(round(share * 100) + burst)
    sensor = NativeSensor(boot_us=2**32 - 30_000_000)
    frames = sensor.connect(1.0)
    packets = [sensor.packet(delay_s) for delay_s in rng.exponential(0.02, 2000)]
    lost = np.zeros(2000, dtype=bool)
    for start in np.flatnonzero(rng.random(2000) < share / burst):
        lost[max(start, 1) : start + burst] = True
    lost[-1] = False
    counts, t_s, number = decoded(frames + [one for one, gone in zip(packets, lost, strict=True) if not gone])
    assert counts.packets_lost == lost.sum()
    assert counts.samples_lost == 5 * lost.sum()
    steps = np.diff(t_s)
    gaps = steps > 0.015
    np.testing.assert_array_equal(gaps, np.diff(number) > 1)
    np.testing.assert_allclose(steps, np.diff(number) / 100, atol=1e-3)


def test_counters_run_through_their_wraps():
    sensor = NativeSensor(seq=65_530)
    frames = sensor.connect(1.0)
    sensor.index = 2**32 - 50
    sensor.started_s -= sensor.index / 100
    frames += [sensor.packet() for _ in range(20)]
    counts, t_s, _ = decoded([*frames[:12], *frames[13:]])
    assert (counts.packets_lost, counts.samples_lost, counts.implausible) == (1, 5, 0)
    np.testing.assert_allclose(np.delete(np.diff(t_s), 34), 0.01, atol=1e-4)


def test_repeated_and_late_packets_are_dropped():
    frames = session(NativeSensor(), 20)
    counts, _, number = decoded([*frames[:10], frames[9], frames[8], *frames[10:]])
    assert number.tolist() == list(range(100))
    assert counts.duplicate == 2
    assert counts.packets_lost == 0


@pytest.mark.parametrize("damage", [lambda p: p[:-1], lambda p: p + b"\0", lambda p: p[:30], lambda p: p[:9]])
def test_broken_packets_are_counted_and_skipped(damage):
    frames = session(NativeSensor(), 20)
    broken = frame("data", 1.3, damage(frames[10].payload))
    counts, _, number = decoded([*frames[:10], broken, *frames[11:]])
    assert counts.broken == 1
    assert counts.samples_lost == 5
    assert len(number) == 95


@pytest.mark.parametrize(
    "field, offset, value", [("index", 4, 3_000_000_000), ("index", 4, 1_000_000), ("clock", 8, 3_000_000_000)]
)
def test_damage_that_the_checksum_did_not_see_is_refused(field, offset, value):
    frames = session(NativeSensor(), 40)
    body = bytearray(frames[10].payload[:-2])
    struct.pack_into("<I", body, offset, value)
    counts, t_s, number = decoded([*frames[:10], frame("data", 1.3, with_crc(bytes(body))), *frames[11:]])
    assert counts.implausible == 1, field
    assert len(number) == 195
    assert np.all(np.diff(t_s) > 0)
    assert t_s[-1] < 4.0


def test_a_reconnect_with_the_clock_running_keeps_the_interval_exact():
    sensor = NativeSensor(boot_us=2**32 - 4_000_000)
    frames = session(sensor, 20)
    frames += [frame(LINK, 2.5, LINK_DOWN), *session(sensor, 20, at_s=9.0)]
    counts, t_s, number = decoded(frames)
    assert number.tolist() == [*range(100), *range(100)]
    assert t_s[100] - t_s[0] == pytest.approx(8.0, abs=2e-3)
    assert (counts.reboots, counts.connections) == (0, 2)


def test_a_reboot_is_told_and_time_rises():
    frames = session(NativeSensor(boot_us=77_000_000), 20)
    frames += [frame(LINK, 2.5, LINK_DOWN), *session(NativeSensor(boot_us=100, epoch_id=8), 20, at_s=4.0)]
    counts, t_s, _ = decoded(frames)
    assert counts.reboots == 1
    assert np.all(np.diff(t_s) > 0)
    assert t_s[100] - t_s[0] == pytest.approx(3.0, abs=0.02)


def test_a_sensor_that_began_elsewhere_is_taken_up_after_a_while():
    sensor = NativeSensor()
    frames = session(sensor, 10)
    sensor.index += 3_000_000_000
    sensor.started_s -= 3_000_000_000 / 100
    frames += [sensor.packet() for _ in range(20)]
    counts, t_s, _ = decoded(frames)
    assert counts.implausible == 5
    assert counts.duplicate == 0
    assert len(t_s) == 50 + 75
    assert np.all(np.diff(t_s) > 0)


def test_scales_come_from_the_sensor_and_nothing_is_measured_before():
    frames = session(NativeSensor(), 4)
    counts, t_s, _ = decoded([one for one in frames if one.payload[:1] != b"\x82"])
    assert len(t_s) == 0
    assert counts.unknown == 4


def test_a_scale_that_is_no_number_is_refused():
    sensor = NativeSensor()
    broken = frame("control", 1.0, b"\x82\x03\x00" + struct.pack("<Iff", 100_000, float("nan"), float("inf")))
    frames = session(sensor, 4)
    counts, t_s, _ = decoded([*frames[:3], broken, *frames[3:]])
    assert len(t_s) == 20
    assert counts.broken == 1


def wit_notification(number, at_s):
    frames = b"".join(
        struct.pack("<BB9h", 0x55, 0x61, 0, 0, 2048, (number + n) % 30000, 0, 0, 0, 0, 0) for n in range(4)
    )
    return frame("data", at_s, frames)


def wit_session(kept):
    marks = [frame(LINK, 0.9, LINK_UP), wit_notification(9999, 0.95), frame(LINK, 1.0, LINK_READY)]
    return marks + [wit_notification(4 * n, 1.04 + 0.04 * n) for n in kept]


def test_witmotion_is_counted_from_the_end_of_the_set_up():
    counts, t_s, _ = decoded(wit_session(range(100)), WITMOTION)
    np.testing.assert_allclose(t_s, 1.01 + np.arange(400) / 100, atol=1e-9)
    assert counts.samples == 400


def test_witmotion_loss_is_judged_and_what_was_held_is_given_at_the_end():
    decoder = SensorDecoder(WITMOTION)
    given = [block for one in wit_session([*range(50), *range(80, 85)]) for block in decoder.feed(one).blocks]
    assert sum(map(len, given)) == 200
    held = list(decoder.finish().blocks)
    assert sum(map(len, held)) == 20
    assert held[0].t_s[0] - given[-1].t_s[-1] == pytest.approx(1.21, abs=0.01)
    assert decoder.counts.samples_lost == 120


def test_battery_is_told():
    decoder = SensorDecoder(NATIVE)
    assert [decoder.feed(one).battery_percent for one in session(NativeSensor(), 1)][-1] == 87.0


def test_a_setting_that_cannot_be_is_refused():
    with pytest.raises(UsageError, match=r"cannot do rate_hz = 60; choose one of 25, 50"):
        SensorDecoder(NATIVE, {"rate_hz": 60})
    with pytest.raises(UsageError, match="has no setting 'rate'"):
        SensorDecoder(NATIVE, {"rate": 100})


STEP_US = 16_667


def dot_packet(number, at_s, boot_us=0):
    ticks = (boot_us + number * STEP_US) % 2**32
    vector = struct.pack("<4f3f3f", 1, 0, 0, 0, 0, 0, 9.81, number, 0, 0)
    return frame("long", at_s + number * STEP_US * 1e-6, struct.pack("<I", ticks) + vector)


def dot_session(numbers, at_s=1.0, boot_us=0):
    marks = [frame(LINK, at_s, LINK_UP), frame(LINK, at_s, LINK_READY)]
    return marks + [dot_packet(number, at_s, boot_us) for number in numbers]


def test_a_clock_without_counters_shows_losses_and_repeats():
    numbers = [*range(100), 99, *range(110, 200)]
    counts, t_s, _ = decoded(dot_session(numbers, boot_us=2**32 - 500_000), DOT)
    assert (counts.samples, counts.samples_lost, counts.duplicate) == (190, 10, 1)
    np.testing.assert_allclose(np.delete(np.diff(t_s), 99), STEP_US * 1e-6, atol=1e-5)
    assert t_s[100] - t_s[99] == pytest.approx(11 * STEP_US * 1e-6, abs=1e-4)


def test_a_clock_that_is_elsewhere_after_a_lost_link_was_started_anew():
    frames = dot_session(range(60), boot_us=900_000_000)
    frames += [frame(LINK, 3.0, LINK_DOWN), *dot_session(range(60), at_s=8.0, boot_us=5_000)]
    counts, t_s, _ = decoded(frames, DOT)
    assert t_s[60] - t_s[0] == pytest.approx(7.0, abs=0.01)
    assert counts.implausible == 0


def test_a_clock_that_runs_on_through_a_lost_link_keeps_the_interval():
    frames = dot_session(range(60))
    frames += [frame(LINK, 3.0, LINK_DOWN), *dot_session(range(420, 480))]
    _, t_s, _ = decoded(frames, DOT)
    assert t_s[60] - t_s[0] == pytest.approx(420 * STEP_US * 1e-6, abs=2e-3)


def test_movesense_parts_are_joined_and_timed():
    decoder = SensorDecoder(load_profile("movesense"))
    body = struct.pack("<24f", *([0.0, 0.0, 9.81] * 8)) + struct.pack("<24f", *([57.29578, 0.0, 0.0] * 8))
    frames = [frame(LINK, 1.0, LINK_UP), frame(LINK, 1.0, LINK_READY)]
    for number in range(20):
        packet = b"\x02\x63" + struct.pack("<I", 5000 + round(number * 8 / 104 * 1000)) + body
        at_s = 1.1 + number * 8 / 104
        parts = [packet] if number % 2 else [packet[:150], b"\x03\x63" + packet[150:]]
        frames += [frame("data", at_s, part) for part in parts]
    blocks = [block for one in frames for block in decoder.feed(one).blocks]
    t_s = np.concatenate([block.t_s for block in blocks])
    assert [len(block) for block in blocks] == [8] * 20
    np.testing.assert_allclose(np.diff(t_s), 1 / 104, atol=1.1e-3)
    np.testing.assert_allclose(blocks[0].gyr_radps[:, 0], 1.0, atol=1e-6)
    assert decoder.counts.samples_lost == decoder.counts.broken == 0


@pytest.mark.parametrize("bits", [0x7FA00000, 0x7FC00000, 0x7F800000, 0xFF800000])
def test_floats_that_are_no_numbers_are_broken(bits):
    frames = dot_session(range(5))
    damaged = bytearray(frames[4].payload)
    struct.pack_into("<I", damaged, 24, bits)
    decoder = SensorDecoder(DOT)
    for one in [*frames[:4], frame("long", 1.1, bytes(damaged))]:
        decoder.feed(one)
    assert (decoder.counts.broken, decoder.counts.samples) == (1, 2)
