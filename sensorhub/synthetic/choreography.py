"""Movements laid over one another on a time line: what drills and everyday scenes are made of."""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from scipy.interpolate import make_interp_spline

from sensorhub.model.samples import FloatArray, SampleBlock
from sensorhub.model.units import RAD_PER_DEG
from sensorhub.synthetic import minimum_jerk
from sensorhub.synthetic.clip import knocks
from sensorhub.synthetic.rigid_body import Attitude, felt_at, with_derivatives
from sensorhub.synthetic.sensor import SensorParams, drawn_mount, taken
from sensorhub.synthetic.truth import SyntheticRecording, TrueSet, Truth

KNOT_S = 0.02


class Channel(StrEnum):
    """What moves: angles of the pelvis (deg) and the place of its origin (m; x where it faced at the start, y left)."""

    YAW = "yaw"
    OBLIQUITY = "obliquity"
    TILT = "tilt"
    X = "x"
    Y = "y"
    Z = "z"


ANGLES = (Channel.YAW, Channel.OBLIQUITY, Channel.TILT)
PLACES = (Channel.X, Channel.Y, Channel.Z)


class Choreography:
    """A time line of duration_s to which movements are added; then it is played to a sensor."""

    def __init__(self, duration_s: float) -> None:
        self.duration_s = duration_s
        self.knots_s = KNOT_S * np.arange(-10, int(np.ceil(duration_s / KNOT_S)) + 11, dtype=np.float64)
        self._values = {channel: np.zeros_like(self.knots_s) for channel in Channel}
        self._thuds: list[tuple[float, float, int]] = []
        """Of each: when, s, how hard, m/s2, and along which axis of the pelvis."""

    def move(self, channel: Channel, start_s: float, duration_s: float, change: float) -> None:
        """Add a minimum-jerk movement that ends `change` further."""
        first = self._index(start_s)
        share = (self.knots_s[first:] - start_s) / duration_s
        self._values[channel][first:] += change * minimum_jerk.way(share)

    def there_and_back(self, channel: Channel, start_s: float, duration_s: float, size: float) -> None:
        """Add a movement to `size` at half time and back."""
        first, last = self._index(start_s), self._index(start_s + duration_s)
        u = np.clip((self.knots_s[first:last] - start_s) / duration_s, 0, 1)
        self._values[channel][first:last] += size * 64 * u**3 * (1 - u) ** 3

    def wander(self, channel: Channel, span_s: tuple[float, float], correlation_s: float, noise: FloatArray) -> None:
        """Add smooth noise, one value each correlation_s, that fades in and out at the ends of the span."""
        first, last = self._index(span_s[0]), self._index(span_s[1])
        t_s = self.knots_s[first:last]
        if len(t_s) < 2 or len(noise) < 4:
            return
        coarse = span_s[0] + correlation_s * np.arange(len(noise))
        curve = make_interp_spline(coarse, noise, k=3)
        edge = min(0.3, (span_s[1] - span_s[0]) / 4)
        fade = np.clip(np.minimum(t_s - span_s[0], span_s[1] - t_s) / edge, 0, 1)
        value = curve(np.clip(t_s, coarse[0], coarse[-1]))
        self._values[channel][first:last] += value * fade**2 * (3 - 2 * fade)

    def thud(self, t_s: float, size_mps2: float, axis: int = 2) -> None:
        """Add a foot or body that meets the floor: a decaying oscillation along an axis of the pelvis."""
        self._thuds.append((t_s, size_mps2, axis))

    def recorded(
        self, sensor: SensorParams, rng: np.random.Generator, sets: Sequence[TrueSet] = ()
    ) -> SyntheticRecording:
        """Return what a sensor delivers of it, and the truth: its mounting and the sets that were laid."""
        t_s = np.arange(int(self.duration_s * sensor.rate_hz)) / sensor.rate_hz
        curves = {channel: make_interp_spline(self.knots_s, self._values[channel], k=5) for channel in Channel}
        angles = [RAD_PER_DEG * with_derivatives(curves[one], t_s) for one in ANGLES]
        acceleration = np.stack([curves[one](t_s, 2) for one in PLACES], axis=-1)
        force, rate = felt_at(Attitude(*angles), acceleration, sensor.place_m)
        for axis in range(3):
            thuds = np.array([(at_s, size) for at_s, size, along in self._thuds if along == axis]).reshape(-1, 2)
            force[:, axis] += knocks(t_s, thuds[:, 0], thuds[:, 1], 12.0, 0.35)
        mount = drawn_mount(sensor, rng)
        block = taken(sensor, SampleBlock(t_s, force, rate), mount, rng)
        return SyntheticRecording(block, Truth(sensor.rate_hz, mount, sets=tuple(sets)))

    def _index(self, t_s: float) -> int:
        return int(np.clip(np.searchsorted(self.knots_s, t_s), 0, len(self.knots_s)))


def uneven(mean: float, spread: float, count: int, rng: np.random.Generator) -> FloatArray:
    """Values about a mean, as people are uneven: with this spread, a share of it, and none far off; shape (count,)."""
    return np.asarray(mean * np.clip(1 + spread * rng.standard_normal(count), 0.7, 1.4))


def sway_in(scene: Choreography, span_s: tuple[float, float], rng: np.random.Generator, size_deg: float = 0.3) -> None:
    """Add the sway of quiet standing: some tenths of a degree and millimetres, slower than 1 Hz (Winter 1995)."""
    count = int((span_s[1] - span_s[0]) / 0.7) + 5
    for channel, share in zip(Channel, (0.8, 0.5, 1.0, 0.008, 0.006, 0.0008), strict=True):
        scene.wander(channel, span_s, 0.7, size_deg * share * rng.standard_normal(count))


def fidget_in(scene: Choreography, span_s: tuple[float, float], rng: np.random.Generator, every_s: float = 2.5) -> None:
    """Add what people do between sets: shift weight, turn to talk, shake a leg, tug at the clothes."""
    t_s = span_s[0] + float(rng.uniform(0.2, every_s))
    while t_s < span_s[1] - 1.2:
        duration = float(rng.uniform(0.5, min(2.0, span_s[1] - t_s)))
        kind, sign = int(rng.integers(4)), float(rng.choice([-1.0, 1.0]))
        size = float(rng.uniform(0.4, 1.0))
        if kind == 0:
            scene.there_and_back(Channel.Y, t_s, duration, sign * 0.05 * size)
            scene.there_and_back(Channel.OBLIQUITY, t_s, duration, -sign * 4.0 * size)
        elif kind == 1:
            scene.there_and_back(Channel.YAW, t_s, duration, sign * 25.0 * size)
        elif kind == 2:
            scene.there_and_back(Channel.TILT, t_s, duration, 10.0 * size)
            scene.there_and_back(Channel.Z, t_s, duration, -0.02 * size)
        else:
            scene.wander(Channel.OBLIQUITY, (t_s, t_s + duration), 0.12, 1.5 * size * rng.standard_normal(24))
        t_s += duration + float(rng.exponential(every_s))
