import numpy as np
import pytest

from sensorhub.analysis.statistics import mean_of_series, slope_per


def series(rng, n, rho, drift=0.0):
    noise = rng.standard_normal(n)
    out = np.zeros(n)
    out[0] = noise[0]
    for i in range(1, n):
        out[i] = rho * out[i - 1] + np.sqrt(1 - rho**2) * noise[i]
    return 4.0 + out + drift * (np.arange(n) / n - 0.5)


@pytest.mark.parametrize(("n", "rho", "drift"), [(60, 0.0, 0.0), (60, 0.35, 0.0), (60, 0.6, 0.0), (300, 0.6, 3.0)])
def test_ninety_five_of_a_hundred_intervals_hold_the_truth(n, rho, drift):
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(300):
        result = mean_of_series(series(rng, n, rho, drift))
        held += abs(result.mean - 4.0) <= result.half_width
    assert 0.91 <= held / 300 <= 0.99


def test_neighbours_that_are_alike_are_worth_less():
    rng = np.random.default_rng(2)
    free, alike = (mean_of_series(series(rng, 400, rho)) for rho in (0.0, 0.7))
    assert free.effective_n > 250
    assert alike.effective_n == pytest.approx(400 * 0.3 / 1.7, rel=0.6)
    assert alike.half_width > 1.6 * free.half_width


def test_few_strides_claim_nothing_and_equal_ones_no_spread():
    assert mean_of_series(np.ones(7)) is None
    assert mean_of_series(np.ones(50)).half_width == 0.0


def test_a_line_has_its_slope():
    x = np.linspace(3.0, 9.0, 20)
    assert slope_per(x, 1.0 - 0.25 * x) == pytest.approx(-0.25)
