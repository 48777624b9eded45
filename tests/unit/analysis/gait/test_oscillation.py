import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhub.analysis.gait.oscillation import Rise, vertical_oscillation_m

STEP_S = 0.36


def bouncing(rate_hz: float, offset_mps2: float = 0.0) -> tuple[np.ndarray, float]:
    """Vertical acceleration of 8 cm of bounce, and a stride of it as fractional indices."""
    t_s = np.arange(int(20 * rate_hz)) / rate_hz
    turn = 2 * np.pi / STEP_S
    acc = -0.04 * turn**2 * np.cos(turn * t_s) + offset_mps2
    return acc, 2 * STEP_S * rate_hz


def heights_m(
    acc: np.ndarray, above_m: np.ndarray | float, rate_hz: float, start: np.ndarray, stop: np.ndarray
) -> np.ndarray:
    rise = np.array(Rise(rate_hz).feed(acc))
    return vertical_oscillation_m(rise, rise[1] + above_m, start, stop)


@pytest.mark.parametrize("rate_hz", [52.0, 100.0, 400.0])
@pytest.mark.parametrize("offset_mps2", [0.0, 0.3])
def test_the_height_of_a_bounce_whatever_the_offset_of_the_sensor(rate_hz: float, offset_mps2: float) -> None:
    acc, stride = bouncing(rate_hz, offset_mps2)
    start = np.array([3.3, 120.9, 500.0])
    found = heights_m(acc, 0.0, rate_hz, start, start + stride)
    assert np.abs(found - 0.08).max() < 0.003


def test_the_tilt_of_the_pelvis_above_the_clip_counts() -> None:
    acc, stride = bouncing(100.0)
    t_s = np.arange(len(acc)) / 100.0
    against = -0.01 * np.cos(2 * np.pi / STEP_S * t_s)
    (height,) = heights_m(acc, against, 100.0, np.array([100.0]), np.array([100.0 + stride]))
    assert height == pytest.approx(0.06, abs=0.002)


def test_two_hours_of_drift_cost_no_precision() -> None:
    acc, stride = bouncing(100.0)
    long = np.tile(acc[:1980], 364) + 0.3  # 55 steps, again and again, by a sensor that is off
    start = np.array([100.0, len(long) - 200.0])
    early, late = heights_m(long, 0.0, 100.0, start, start + stride)
    assert late == pytest.approx(early, abs=1e-7)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(1, 100), st.floats(40, 140)), min_size=2, max_size=6))
def test_a_stride_is_as_high_alone_as_among_others(strides: list[tuple[float, float]]) -> None:
    acc = np.random.default_rng(1).normal(0, 5, 300)
    start, length = np.array(strides).T

    def heights(which: slice) -> np.ndarray:
        return heights_m(acc, 0.0, 100.0, start[which], (start + length)[which])

    assert heights(slice(None)).tolist() == [heights(slice(one, one + 1))[0] for one in range(len(strides))]
