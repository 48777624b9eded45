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


@pytest.mark.parametrize("rate_hz", [50.0, 100.0, 400.0])
def test_the_angle_is_that_of_the_moment_not_half_a_sample_ahead(rate_hz: float) -> None:
    angle, acc, gyr = rolling(20.0, rate_hz)
    up = up_in_sensor(Orientation(rate_hz).feed(acc, gyr, np.zeros(len(acc), dtype=bool)))
    late = slice(int(10 * rate_hz), None)
    error_deg = np.rad2deg(np.arcsin(up[1, late]) - angle[late])
    half_a_sample_deg = np.rad2deg(0.2 * 2 * np.pi * 0.5 / rate_hz)
    assert np.abs(error_deg).max() < 0.3 * half_a_sample_deg + 0.02


def test_a_bias_is_known_from_stillness_at_the_start() -> None:
    rest = np.full((300, 3), (0.02, -0.01, 0.015))
    acc = np.tile([0.0, 0.0, 9.81], (300, 1))
    orientation = Orientation(100.0)
    orientation.start(acc, rest)
    up = up_in_sensor(orientation.feed(acc, rest, np.zeros(300, dtype=bool)))
    assert np.rad2deg(np.abs(up[:2]).max()) < 0.1


def test_a_stream_that_begins_in_motion_begins_with_its_inclination() -> None:
    angle, acc, gyr = rolling(4.0, 100.0)
    force = acc + np.stack([0 * angle, 6.0 * np.cos(np.arange(400) * 0.2), 0 * angle], axis=1)
    started, plain = Orientation(100.0), Orientation(100.0)
    started.start(force, gyr)
    nothing = np.zeros(400, dtype=bool)
    ups = [up_in_sensor(each.feed(force, gyr, nothing))[1, :20] for each in (started, plain)]
    errors_deg = [np.rad2deg(np.abs(np.arcsin(up) - angle[:20]).max()) for up in ups]
    assert errors_deg[0] < 3.0
    assert errors_deg[1] > 10.0


def test_after_a_restart_the_bias_is_still_known() -> None:
    rest = np.full((1500, 3), (0.02, -0.01, 0.015))
    acc = np.tile([0.0, 0.0, 9.81], (1500, 1))
    orientation = Orientation(100.0)
    orientation.start(acc, rest)
    orientation.feed(acc, rest, np.zeros(1500, dtype=bool))
    orientation.restart()
    up = up_in_sensor(orientation.feed(acc[:300], rest[:300], np.zeros(300, dtype=bool)))
    assert np.rad2deg(np.abs(up[:2]).max()) < 0.2


def test_an_unknown_bias_tilts_by_two_seconds_of_it() -> None:
    angle, acc, gyr = rolling(12.0, 100.0, bias_radps=0.01)
    orientation = Orientation(100.0)
    orientation.start(acc, gyr)
    up = up_in_sensor(orientation.feed(acc, gyr, np.zeros(1200, dtype=bool)))
    tilt_deg = np.rad2deg((np.arcsin(up[1, 400:]) - angle[400:]).mean())
    assert 0.2 < tilt_deg < 1.5 * np.rad2deg(0.01)  # the second half of the time constant is still to come


def test_an_unknown_bias_is_found_in_motion_within_twenty_seconds() -> None:
    angle, acc, gyr = rolling(20.0, 100.0, bias_radps=0.02)
    orientation = Orientation(100.0)
    orientation.start(acc, gyr)
    up = up_in_sensor(orientation.feed(acc, gyr, np.zeros(2000, dtype=bool)))
    tilt_deg = np.rad2deg(np.arcsin(up[1]) - angle)
    assert tilt_deg[200:500].mean() > 1.0
    assert tilt_deg[1500:].mean() < 0.35
