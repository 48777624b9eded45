"""A body as six courses over time, to which movements are added one after the other."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.signal import butter, sosfiltfilt

from sensorhub.model.samples import FloatArray

Course = Callable[[FloatArray], FloatArray]
"""How a movement goes from 0 to 1 while its time u goes from 0 to 1."""

STEP_S = 0.002
CHANNELS = ("yaw", "roll", "pitch", "x", "y", "z")
MIRRORED = ("yaw", "roll", "y")
SWAY = {"roll": 0.6, "pitch": 1.0, "yaw": 0.7, "x": 0.009, "y": 0.007, "z": 0.0008}
"""Of somebody who sways by 1 deg back and forth: root mean squares, deg and m (quiet standing, ankle strategy)."""


def raised_cosine(u: FloatArray) -> FloatArray:
    """A swing that is let go."""
    return 0.5 * (1 - np.cos(np.pi * u))


def minimum_jerk(u: FloatArray) -> FloatArray:
    """An aimed movement (Flash and Hogan 1985)."""
    return u**3 * (10 - 15 * u + 6 * u * u)


def steady(u: FloatArray) -> FloatArray:
    """A movement at an even speed but for its first and last 30 %."""
    speed = np.clip(np.minimum(u, 1 - u) / 0.3, 0, 1)
    way = np.cumsum(speed * speed * (3 - 2 * speed))
    return way / way[-1]


def even(u: FloatArray) -> FloatArray:
    """A slow drift."""
    return u


@dataclass(frozen=True, slots=True)
class Thud:
    """A decaying oscillation of the specific force, m/s2, along one axis of the pelvis (0 forward, 1 left, 2 up)."""

    at_s: float
    size_mps2: float
    axis: int
    frequency_hz: float


@dataclass(frozen=True, slots=True)
class Doing:
    """What the body was busy with, for whoever asks what a false set lay in."""

    what: str
    start_s: float
    end_s: float


class Body:
    """The pelvis: yaw (left), roll (left side up) and pitch (forward) in deg; x, y and z (up) in m in the room.

    Turned about the vertical first, then pitched, then rolled. Each movement adds to what is there and stays.
    """

    def __init__(self, longest_s: float, rng: np.random.Generator) -> None:
        self.rng = rng
        self.place = {channel: np.zeros(round(longest_s / STEP_S)) for channel in CHANNELS}
        self.thuds: list[Thud] = []
        self.doings: list[Doing] = []
        self.step_course: Course = (raised_cosine, minimum_jerk, steady)[rng.integers(3)]

    def span(self, start_s: float, end_s: float) -> slice:
        """The instants between two times."""
        length = len(self.place["x"])
        return slice(*(min(max(round(t / STEP_S), 0), length) for t in (start_s, end_s)))

    def at(self, channel: str, t_s: float) -> float:
        """Where a channel is at a time, so far."""
        return float(self.place[channel][min(round(t_s / STEP_S), len(self.place[channel]) - 1)])

    def stays(self, channel: str) -> float:
        """Where a channel stays after all movements so far."""
        return float(self.place[channel][-1])

    def add(self, channel: str, start_s: float, course: FloatArray) -> None:
        """Add a course; its last value stays."""
        values = self.place[channel][max(round(start_s / STEP_S), 0) :]
        values[: len(course)] += course[: len(values)]
        values[len(course) :] += course[-1] if len(course) else 0.0

    def move(self, channel: str, start_s: float, duration_s: float, by: float, course: Course | None = None) -> None:
        """Move by so much, and stay there."""
        u = np.linspace(0, 1, max(2, round(duration_s / STEP_S)))
        self.add(channel, start_s, by * (course or self.step_course)(u))

    def swing(
        self, channel: str, start_s: float, duration_s: float, by: float, *, rise: float = 0.5, hold: float = 0.0
    ) -> None:
        """Move by so much and back: hold is a share of the time, rise a share of what is left of it."""
        moving_s = duration_s * (1 - hold)
        self.move(channel, start_s, moving_s * rise, by)
        self.move(channel, start_s + duration_s - moving_s * (1 - rise), moving_s * (1 - rise), -by)

    def go(self, start_s: float, duration_s: float, *, ahead_m: float = 0.0, left_m: float = 0.0) -> None:
        """Go ahead and to the left, as the body is turned at the start."""
        yaw = np.radians(self.at("yaw", start_s))
        self.move("x", start_s, duration_s, ahead_m * np.cos(yaw) - left_m * np.sin(yaw))
        self.move("y", start_s, duration_s, ahead_m * np.sin(yaw) + left_m * np.cos(yaw))

    def lean(self, start_s: float, duration_s: float, left_m: float, *, hold: float = 0.0) -> None:
        """Shift the weight to the left and back."""
        moving_s = duration_s * (1 - hold) / 2
        self.go(start_s, moving_s, left_m=left_m)
        self.go(start_s + duration_s - moving_s, moving_s, left_m=-left_m)

    def shake(
        self,
        channel: str,
        start_s: float,
        end_s: float,
        size: float,
        *,
        band_hz: tuple[float, float],
        fade_s: float = 0.3,
    ) -> None:
        """Noise of so much root mean square in a band, faded in and out; nothing if it lasts less than 0.4 s."""
        span = self.span(start_s, end_s)
        count, spare = span.stop - span.start, 2000
        if count < 200:
            return
        sos = butter(2, band_hz, "band", fs=1 / STEP_S, output="sos")
        noise = sosfiltfilt(sos, self.rng.standard_normal(count + 2 * spare))[spare:-spare]
        ends_s = np.minimum(np.arange(count), np.arange(count)[::-1]) * STEP_S
        self.place[channel][span] += size * noise / noise.std() * raised_cosine(np.clip(ends_s / fade_s, 0, 1))

    def sway(self, start_s: float, end_s: float, size_deg: float) -> None:
        """Stand as people stand, swaying back and forth by so much."""
        for channel, share in SWAY.items():
            self.shake(channel, start_s, end_s, size_deg * share, band_hz=(0.05, 0.8), fade_s=0.5)

    def thud(self, at_s: float, size_mps2: float, axis: int = 2) -> None:
        """A foot, a knee or a hip meets the floor; what is felt of it rings at 8 to 22 Hz."""
        self.thuds.append(Thud(at_s, size_mps2, axis, self.rng.uniform(8, 22)))

    def did(self, what: str, start_s: float, end_s: float) -> None:
        """Note what the body was busy with."""
        self.doings.append(Doing(what, start_s, end_s))

    def end(self, at_s: float) -> None:
        """Forget what comes after."""
        kept = self.span(0, at_s)
        self.place = {channel: values[kept] for channel, values in self.place.items()}

    def mirror(self) -> None:
        """Left becomes right."""
        for channel in MIRRORED:
            self.place[channel] *= -1
        self.thuds = [replace(one, size_mps2=-one.size_mps2) if one.axis == 1 else one for one in self.thuds]
