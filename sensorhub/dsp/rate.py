"""The rate of a stream, found from its own first seconds."""

import numpy as np

from sensorhub.model.errors import InputError
from sensorhub.model.samples import FloatArray

MIN_RATE_HZ = 20.0
MAX_RATE_HZ = 1000.0
ROUND_WITHIN = 1.5e-3
LONGEST_STEP = 1.6  # in medians: jitter makes one step this long, more are samples that never came


def nominal_rate_hz(t_s: FloatArray) -> float:
    """Samples a second of a stream with jitter and missing samples, from the times of its first seconds.

    The median interval tells how many steps each interval is, and a straight line through the places is the rate: so
    jitter averages out and a lost packet counts as the steps it was. Within 0.15 % of a whole number it is that number.

    >>> nominal_rate_hz(np.array([0.0, 0.0101, 0.0199, 0.0301, 0.05]))
    100.0
    """
    intervals_s = np.diff(t_s)
    ratio = intervals_s / np.median(intervals_s)
    steps = np.where(ratio < LONGEST_STEP, 1.0, np.rint(ratio))
    place = np.concatenate(([0.0], np.cumsum(steps)))
    place -= np.cumsum(place)[-1] / len(place)
    time_s = t_s - t_s[0]
    # Least squares; cumsum adds in order, so that the bits do not depend on memory layout.
    slope = np.cumsum(place * place)[-1] / np.cumsum(place * time_s)[-1]
    rate_hz = float(slope)
    if not MIN_RATE_HZ <= rate_hz <= MAX_RATE_HZ:
        raise InputError(
            f"samples come at {rate_hz:.0f} Hz, from {t_s[0]:.3f} s on: a recording needs 50 to 400 Hz; "
            "check the time column (seconds) or set the sensor to a higher rate"
        )
    whole_hz = float(round(rate_hz))
    return whole_hz if abs(rate_hz - whole_hz) <= ROUND_WITHIN * whole_hz else rate_hz
