import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorhub.analysis.exercise.cycles import SwingCounter


def swings(values: list[float], least: float = 0.5) -> tuple[int, int]:
    counter = SwingCounter(least=least, most=2.0, share=0.25)
    told = [counter.feed(0.04 * i, value) for i, value in enumerate(values)]
    return sum(swing is not None for swing in told), counter.polarity


@given(st.integers(1, 30), st.floats(0.8, 8.0), st.sampled_from([-1, 1]), st.floats(-20.0, 20.0))
def test_every_swing_counts_once_and_the_first_leads(count: int, height: float, polarity: int, offset: float) -> None:
    wave = [offset + polarity * height * (1 - math.cos(2 * math.pi * i / 50)) / 2 for i in range(50 * count + 1)]
    assert swings(wave) == (count, polarity)


def test_ripples_under_the_hysteresis_do_not_count() -> None:
    assert swings([0.2 * math.sin(i) for i in range(200)]) == (0, 0)


@pytest.mark.parametrize("drift_deg", [-10.0, 10.0])
def test_a_drift_smaller_than_the_swings_changes_nothing(drift_deg: float) -> None:
    wave = [3.0 * (1 - math.cos(2 * math.pi * i / 50)) / 2 + drift_deg * i / 1000 for i in range(1001)]
    assert swings(wave)[0] == 20
