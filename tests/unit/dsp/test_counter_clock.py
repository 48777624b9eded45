"""Counted samples to session time: stalls cost nothing, losses become gaps, the true rate is found."""

import numpy as np
import pytest

from sensorhub.dsp.counter_clock import CounterClock

COUNT = 4


def play(arrivals_s, rate_hz=100.0):
    clock = CounterClock(rate_hz)
    times = [time for arrival in arrivals_s for time in clock.feed(COUNT, arrival)]
    return clock, times + clock.flush()


def due_s(frames, rate_hz=100.0):
    """When the last sample of each frame is taken."""
    return (np.arange(1, frames + 1) * COUNT - 1) / rate_hz


def test_a_steady_sensor_is_counted():
    _, times = play(due_s(500) + 0.01 + np.random.default_rng(1).exponential(0.01, 500))
    np.testing.assert_allclose(np.diff([time.t_first_s for time in times]), COUNT / 100, atol=1e-9)


@pytest.mark.parametrize("stall_s, catch_up", [(0.239, 0.0), (1.3, 0.5), (2.0, 0.2), (0.3, 0.9)])  # 239 ms: a capture
def test_a_stall_is_not_a_loss_however_slowly_it_is_made_up_for(stall_s, catch_up):
    """Held frames come at `catch_up` of the usual spacing until nothing is late any more."""
    taken_s = due_s(900)
    arrivals_s = taken_s + 0.01
    for place in range(100, 900):
        ready_s = taken_s[100] + stall_s if place == 100 else arrivals_s[place - 1] + catch_up * COUNT / 100
        arrivals_s[place] = max(arrivals_s[place], ready_s)
    _, times = play(arrivals_s)
    assert len(times) == 900
    assert all(time.lost_s == 0 for time in times)
    np.testing.assert_allclose(np.diff([time.t_first_s for time in times]), COUNT / 100, atol=1e-9)


def test_a_stall_with_a_loss_in_it_loses_only_that():
    taken_s = np.delete(due_s(500), slice(110, 140))
    arrivals_s = taken_s + 0.01
    arrivals_s[100:112] = arrivals_s[112]
    _, times = play(arrivals_s)
    steps = np.diff([time.t_first_s for time in times])
    assert steps.sum() == pytest.approx(499 * COUNT / 100, abs=0.02)
    assert sum(time.lost_s > 0 for time in times) == 1


@pytest.mark.parametrize("lost_frames", [8, 25, 500])
def test_a_loss_becomes_a_gap_where_it_was(lost_frames):
    kept = np.r_[0:100, 100 + lost_frames : 400 + lost_frames]
    _, times = play(due_s(400 + lost_frames)[kept] + 0.01)
    steps = np.diff([time.t_first_s for time in times])
    assert len(times) == 400
    assert steps[99] == pytest.approx((lost_frames + 1) * COUNT / 100, abs=0.02)
    np.testing.assert_allclose(np.delete(steps, 99), COUNT / 100, atol=1e-9)


def test_the_true_rate_is_found():
    rng = np.random.default_rng(3)
    arrivals_s = due_s(3000, 99.3) + rng.exponential(0.015, 3000)
    clock, times = play(np.maximum.accumulate(arrivals_s))
    assert clock.rate_hz == pytest.approx(99.3, abs=0.05)
    assert all(time.lost_s == 0 for time in times)
    elapsed_s = times[-1].t_first_s - times[2000].t_first_s
    assert elapsed_s == pytest.approx(999 * COUNT / 99.3, rel=5e-4)


def test_after_a_lost_link_time_is_placed_anew_and_rises():
    clock = CounterClock(100.0)
    first = [time for arrival in due_s(50) for time in clock.feed(COUNT, arrival)]
    assert clock.restart() == []
    (later,) = clock.feed(COUNT, 7.0)
    assert later.t_first_s == pytest.approx(6.97)
    clock.restart()
    (again,) = clock.feed(COUNT, 7.0)
    assert again.t_first_s > later.t_first_s + (COUNT - 1) * 0.01
    assert first[-1].t_first_s < 2.0


def test_frames_are_given_in_order_and_none_is_kept_for_ever():
    rng = np.random.default_rng(5)
    clock, given = CounterClock(100.0), 0
    arrivals_s = np.cumsum(rng.choice([0.0, 0.04, 0.3, 2.0], 2000, p=[0.2, 0.7, 0.08, 0.02]))
    last = -1.0
    for taken, arrival in enumerate(arrivals_s, start=1):
        for time in clock.feed(COUNT, float(arrival)):
            assert time.t_first_s > last
            last = time.t_first_s + (COUNT - 1) * time.step_s
            given += 1
        assert taken - given <= 100
    assert given + len(clock.flush()) == 2000
