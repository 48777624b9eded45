"""Means of strides with honest intervals: neighbouring strides are alike, so each is worth less than one."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from sensorhub.model.samples import FloatArray

FEWEST = 8
"""Below this many strides no spread is claimed."""


@dataclass(frozen=True, slots=True)
class SeriesMean:
    """The mean of a series, its standard error with autocorrelation respected, and how many free values it is worth."""

    mean: float
    standard_error: float
    effective_n: float
    n: int

    @property
    def half_width(self) -> float:
        """Half of the 95 % interval, by Student's t with the degrees of freedom that are left."""
        return self.standard_error * float(special.stdtrit(max(self.effective_n - 2.0, 2.0), 0.975))


def mean_of_series(values: FloatArray) -> SeriesMean | None:
    """Return the mean of an evenly ordered series with its standard error, or None below FEWEST values.

    The spread is taken about a straight line, so that a drift over the run does not pass for noise. The long-run
    variance is Newey and West's, after the lag-one correlation has been taken out and its bias in short series mended
    (Andrews & Monahan 1992; Kendall 1954).

    >>> result = mean_of_series(np.array([1.0, 2.0] * 50))
    >>> round(result.mean, 3), result.n
    (1.5, 100)
    """
    n = len(values)
    if n < FEWEST:
        return None
    mean = float(np.mean(values))
    residual = values - mean - _line(values)
    variance = float(residual @ residual) / (n - 2)
    if variance <= 1e-18:
        return SeriesMean(mean, 0.0, float(n), n)
    long_run = max(_long_run_variance(residual), 0.5 * variance)
    return SeriesMean(mean, float(np.sqrt(long_run / n)), float(np.clip(n * variance / long_run, 3.0, n)), n)


def slope_per(x: FloatArray, y: FloatArray) -> float:
    """Return the slope of the straight line through the points.

    >>> float(slope_per(np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0])))
    2.0
    """
    centred = x - np.mean(x)
    return float(centred @ (y - np.mean(y)) / (centred @ centred))


def _line(values: FloatArray) -> FloatArray:
    x = np.arange(len(values)) - (len(values) - 1) / 2
    return np.asarray(x * (x @ values) / (x @ x))


def _long_run_variance(residual: FloatArray) -> float:
    """Variance of the sum, for each value, of a series without mean and trend."""
    n = len(residual)
    raw = float(residual[1:] @ residual[:-1]) / float(residual @ residual)
    lag_one = float(np.clip(raw + (2.0 + 4.0 * raw) / n, 0.0, 0.97))
    white = residual[1:] - lag_one * residual[:-1]
    white = white - np.mean(white)
    own = total = float(white @ white)
    lags = int(4 * (n / 100) ** (2 / 9))
    for lag in range(1, min(lags, len(white) - 1) + 1):
        total += 2 * (1 - lag / (lags + 1)) * float(white[lag:] @ white[:-lag])
    # Never below what lag one alone gives: too small a variance would claim too much.
    return max(total, own) / (len(white) - 2) / (1 - lag_one) ** 2
