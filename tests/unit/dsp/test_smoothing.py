import numpy as np
import pytest
from hypothesis import given, settings

from sensorhub.dsp.smoothing import HannSmoother, hann_weights
from tests.support.cuts import cut_points, joined_bytes


def smoothed(samples, cuts=(), rate_hz=100.0, half_width_s=0.05):
    smoother = HannSmoother(rate_hz, half_width_s)
    parts = np.split(samples, cuts)
    return [*(smoother.feed(part) for part in parts), smoother.finish()]


@pytest.mark.parametrize("rate_hz", [50.0, 104.0, 400.0])
def test_a_level_stays_and_the_weights_sum_to_one(rate_hz):
    weights = hann_weights(rate_hz, 0.04)
    assert weights.sum() == pytest.approx(1.0)
    assert np.concatenate(smoothed(np.full(50, 3.0), rate_hz=rate_hz)) == pytest.approx(3.0)


def test_a_peak_stays_in_its_place():
    pulse = np.zeros(101)
    pulse[50] = 1.0
    out = np.concatenate(smoothed(pulse))
    assert len(out) == 101
    assert int(out.argmax()) == 50
    assert out == pytest.approx(out[::-1])


def test_it_keeps_what_is_slow_and_takes_what_is_fast():
    t_s = np.arange(400) / 100.0
    slow, fast = (np.concatenate(smoothed(np.sin(2 * np.pi * f * t_s)))[50:-50] for f in (2.0, 30.0))
    assert np.ptp(slow) > 1.8
    assert np.ptp(fast) < 0.1


@given(cut_points(90))
@settings(max_examples=30, deadline=None)
def test_any_cut_gives_the_same_bits(cuts):
    samples = np.random.default_rng(4).standard_normal(90)
    assert joined_bytes(smoothed(samples, cuts)) == joined_bytes(smoothed(samples))
