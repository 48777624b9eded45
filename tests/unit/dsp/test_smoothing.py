import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorhub.dsp.smoothing import hann_weights, smoothed

WEIGHTS = hann_weights(100.0, 0.05)


@pytest.mark.parametrize("rate_hz", [50.0, 104.0, 400.0])
def test_a_level_stays_and_the_weights_sum_to_one(rate_hz: float) -> None:
    weights = hann_weights(rate_hz, 0.04)
    assert weights.sum() == pytest.approx(1.0)
    assert smoothed(np.full(50, 3.0), weights) == pytest.approx(3.0)


def test_a_peak_stays_in_its_place() -> None:
    pulse = np.zeros(101)
    pulse[50] = 1.0
    out = smoothed(pulse, WEIGHTS)
    assert int(out.argmax()) == 50
    assert out == pytest.approx(out[::-1])


def test_it_keeps_what_is_slow_and_takes_what_is_fast() -> None:
    t_s = np.arange(400) / 100.0
    slow, fast = (smoothed(np.sin(2 * np.pi * f * t_s), WEIGHTS)[50:-50] for f in (2.0, 30.0))
    assert np.ptp(slow) > 1.8
    assert np.ptp(fast) < 0.1


@given(st.integers(0, 60), st.integers(20, 30))
def test_a_part_has_the_bits_of_the_whole_but_for_its_ends(first: int, count: int) -> None:
    samples = np.random.default_rng(4).standard_normal((2, 90))
    reach = len(WEIGHTS) // 2
    part, whole = smoothed(samples[:, first : first + count], WEIGHTS), smoothed(samples, WEIGHTS)
    inner = part[:, reach : count - reach]
    assert inner.tobytes() == whole[:, first + reach : first + count - reach].tobytes()
