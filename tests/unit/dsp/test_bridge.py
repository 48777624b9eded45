import numpy as np
import pytest

from sensorhub.dsp.bridge import BridgeParams, bridge
from sensorhub.model.samples import FloatArray


def wave(samples: int, period: float) -> FloatArray:
    phase = 2 * np.pi * np.arange(samples) / period
    return np.stack([np.sin(phase), np.cos(2 * phase), 0.3 * np.sin(3 * phase)], axis=1)


@pytest.mark.parametrize(("missing", "tolerance"), [(10, 0.01), (60, 0.01), (150, 0.02)])
def test_a_period_of_no_whole_number_of_samples_goes_on(missing: int, tolerance: float) -> None:
    whole = wave(600, 71.4)
    filled = bridge(whole[:300], whole[300 + missing], missing, 100.0, BridgeParams())
    assert np.abs(filled - whole[300 : 300 + missing]).max() < tolerance * 4


def test_a_stride_is_taken_for_the_period_and_not_its_half() -> None:
    whole = wave(600, 70.0)
    filled = bridge(whole[:400], whole[435], 35, 100.0, BridgeParams())
    assert np.abs(filled[:, 0] - whole[400:435, 0]).max() < 0.05


def test_what_is_not_periodic_is_joined_by_a_line() -> None:
    noise = np.random.default_rng(2).normal(size=(300, 3))
    filled = bridge(noise, np.ones(3), 9, 100.0, BridgeParams())
    expected = noise[-1] + np.arange(1, 10)[:, None] / 10 * (1.0 - noise[-1])
    assert np.allclose(filled, expected)


def test_too_little_before_the_gap_is_joined_by_a_line() -> None:
    filled = bridge(wave(20, 70.0), np.zeros(3), 3, 100.0, BridgeParams())
    assert np.allclose(np.diff(filled, axis=0), filled[1] - filled[0])
