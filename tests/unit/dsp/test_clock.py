"""Device ticks to session time: exact intervals through wraps and reboots, whatever the arrivals do."""

import numpy as np
import pytest

from sensorhub.dsp.clock import DeviceClock

STEP_S = 0.05


def stamps(device_s, arrival_s, *, indexed=True, boot_ticks=0):
    """Times of frames every 50 ms of device time."""
    clock = DeviceClock(1e-6, 32)
    expected = round(STEP_S * 1e6) if indexed else None
    placed = []
    for n, (device, arrival) in enumerate(zip(device_s, arrival_s, strict=True)):
        t_s = clock.stamp((boot_ticks + round(device * 1e6)) % 2**32, expected if n else None, arrival, 0.04)
        placed.append((clock.placing, t_s))
    clock.settle()
    return np.array([placing.placed(t_s) for placing, t_s in placed])


@pytest.mark.parametrize("indexed", [True, False])
def test_intervals_are_the_devices_through_the_wrap(indexed):
    device_s = np.arange(400) * STEP_S
    delay_s = np.random.default_rng(1).exponential(0.02, 400)
    t_s = stamps(device_s, device_s + 0.04 + delay_s, indexed=indexed, boot_ticks=2**32 - 3_000_000)
    np.testing.assert_allclose(np.diff(t_s), STEP_S, atol=STEP_S * 2.1e-4)


def test_a_gap_longer_than_the_wrap_is_known_from_the_sample_counter():
    clock = DeviceClock(1e-6, 32)
    first = clock.stamp(10, None, 1.0, 0.0)
    hours_3 = 3 * 3600 * 1_000_000
    later = clock.stamp((10 + hours_3) % 2**32, hours_3, 1.0 + 3 * 3600, 0.0)
    assert later - first == pytest.approx(3 * 3600, abs=1e-3 + 3 * 3600 * 2.1e-4)


def test_a_stalled_radio_moves_nothing():
    device_s = np.arange(1200) * STEP_S
    arrival_s = device_s + 0.045
    arrival_s[600:640] = arrival_s[640]  # two seconds held back, then all at once
    t_s = stamps(device_s, arrival_s)
    np.testing.assert_allclose(t_s, device_s + t_s[0], atol=1e-9)


def test_the_offset_follows_a_crystal_that_is_off():
    device_s = np.arange(72000) * STEP_S  # an hour
    true_s = device_s * (1 + 80e-6)
    t_s = stamps(device_s, true_s + 0.04 + np.random.default_rng(2).exponential(0.01, len(true_s)))
    off_s = t_s - true_s
    assert np.ptp(off_s) < 0.06  # 288 ms without following
    assert np.abs(np.diff(t_s) - STEP_S).max() < 1e-4


def test_late_first_frames_place_nothing_late():
    device_s = np.arange(200) * STEP_S
    arrival_s = np.maximum(device_s + 0.045, 2.6)
    t_s = stamps(device_s, arrival_s)
    np.testing.assert_allclose(t_s, device_s + 0.005, atol=1e-9)


def test_a_second_of_late_frames_is_made_good_in_time():
    device_s = np.arange(24000) * STEP_S
    arrival_s = device_s + 0.045
    arrival_s[:30] += 0.2
    t_s = stamps(device_s, arrival_s)
    assert t_s[0] == pytest.approx(0.205)
    assert t_s[-1] - device_s[-1] == pytest.approx(0.005, abs=2e-3)
    assert np.abs(np.diff(t_s) - STEP_S).max() < STEP_S * 2.1e-4


def test_after_a_reboot_time_goes_on_rising():
    clock = DeviceClock(1e-6, 32)
    before = clock.stamp(5_000_000, None, 10.0, 0.04)
    clock.restart()
    after = clock.stamp(100, None, 12.0, 0.04)
    assert after - before == pytest.approx(2.0)
    clock.restart()
    at_once = clock.stamp(0, None, 12.0, 0.04)
    assert at_once > after + 0.04


def test_ticks_that_contradict_the_sample_counter_are_told():
    clock = DeviceClock(1e-6, 32)
    clock.stamp(1_000_000, None, 1.0, 0.04)
    assert clock.agrees(1_050_000, 50_000)
    assert clock.agrees(1_080_000, 50_000)
    assert not clock.agrees(900_000_000, 50_000)
    assert not clock.agrees(500_000, 50_000)
