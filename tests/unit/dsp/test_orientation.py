import numpy as np
import pytest

from sensorhub.dsp.orientation import Orientation
from sensorhub.dsp.rotation import up_in_sensor
from sensorhub.model.samples import FloatArray


def rolling(seconds: float, rate_hz: float, bias_radps: float = 0.0) -> tuple[FloatArray, FloatArray, FloatArray]:
    """A sensor that rolls about its x axis by 0.2 sin(2 pi t): time, specific force, rate."""
    t_s = np.arange(int(seconds * rate_hz)) / rate_hz
    angle = 0.2 * np.sin(2 * np.pi * t_s)
    acc = 9.81 * np.stack([0 * t_s, np.sin(angle), np.cos(angle)], axis=1)
    gyr = np.stack([0.2 * 2 * np.pi * np.cos(2 * np.pi * t_s) + bias_radps, 0 * t_s, 0 * t_s], axis=1)
    return angle, acc, gyr


def up_of(orientation: Orientation, acc: FloatArray, gyr: FloatArray) -> FloatArray:
    """Up of a stream without gaps."""
    return up_in_sensor(orientation.feed(acc, gyr, np.zeros(len(acc), dtype=bool)))


def started(acc: FloatArray, gyr: FloatArray) -> Orientation:
    """A filter that knows the first samples of a stream at 100 Hz."""
    orientation = Orientation(100.0)
    orientation.start(acc, gyr)
    return orientation


@pytest.mark.parametrize("rate_hz", [50.0, 100.0, 400.0])
def test_the_angle_is_that_of_the_moment_not_half_a_sample_ahead(rate_hz: float) -> None:
    angle, acc, gyr = rolling(20.0, rate_hz)
    up = up_of(Orientation(rate_hz), acc, gyr)
    late = slice(int(10 * rate_hz), None)
    error_deg = np.rad2deg(np.arcsin(up[1, late]) - angle[late])
    half_a_sample_deg = np.rad2deg(0.2 * 2 * np.pi * 0.5 / rate_hz)
    assert np.abs(error_deg).max() < 0.3 * half_a_sample_deg + 0.02


def test_a_bias_is_known_from_stillness_at_the_start() -> None:
    rest = np.full((300, 3), (0.02, -0.01, 0.015))
    acc = np.tile([0.0, 0.0, 9.81], (300, 1))
    up = up_of(started(acc, rest), acc, rest)
    assert np.rad2deg(np.abs(up[:2]).max()) < 0.1


def test_a_stream_that_begins_in_motion_begins_with_its_inclination() -> None:
    angle, acc, gyr = rolling(4.0, 100.0)
    force = acc + np.stack([0 * angle, 6.0 * np.cos(np.arange(400) * 0.2), 0 * angle], axis=1)
    ups = [up_of(each, force, gyr)[1, :20] for each in (started(force, gyr), Orientation(100.0))]
    errors_deg = [np.rad2deg(np.abs(np.arcsin(up) - angle[:20]).max()) for up in ups]
    assert errors_deg[0] < 3.0
    assert errors_deg[1] > 10.0


def test_after_a_restart_the_bias_is_still_known() -> None:
    rest = np.full((1500, 3), (0.02, -0.01, 0.015))
    acc = np.tile([0.0, 0.0, 9.81], (1500, 1))
    orientation = started(acc, rest)
    up_of(orientation, acc, rest)
    orientation.restart()
    up = up_of(orientation, acc[:300], rest[:300])
    assert np.rad2deg(np.abs(up[:2]).max()) < 0.2


def test_an_unknown_bias_tilts_by_two_seconds_of_it() -> None:
    angle, acc, gyr = rolling(12.0, 100.0, bias_radps=0.01)
    up = up_of(started(acc, gyr), acc, gyr)
    tilt_deg = np.rad2deg((np.arcsin(up[1, 400:]) - angle[400:]).mean())
    assert 0.2 < tilt_deg < 1.5 * np.rad2deg(0.01)  # the second half of the time constant is still to come


def test_an_unknown_bias_is_found_in_motion_within_twenty_seconds() -> None:
    angle, acc, gyr = rolling(20.0, 100.0, bias_radps=0.02)
    up = up_of(started(acc, gyr), acc, gyr)
    tilt_deg = np.rad2deg(np.arcsin(up[1]) - angle)
    assert tilt_deg[200:500].mean() > 1.0
    assert tilt_deg[1500:].mean() < 0.35
