"""What is known of one mounting of the sensor: quiet standing, the run's mean and the heading."""

import math
from dataclasses import dataclass, field

import numpy as np

from sensorhub.analysis.alignment.heading import HeadingEvidence
from sensorhub.analysis.alignment.quiet import QuietStanding
from sensorhub.analysis.alignment.seconds import Seconds, Window
from sensorhub.analysis.alignment.slip import Seat, SlipParams
from sensorhub.analysis.alignment.symmetry import GaitSpectrum, gait_spectrum
from sensorhub.dsp.rotation import cross, unit
from sensorhub.model.alignment import Alignment, Axis
from sensorhub.model.gait import Reference
from sensorhub.model.samples import FloatArray


@dataclass(frozen=True, slots=True)
class MountingParams:
    """When an alignment is sure, and when it is passed on.

    A second is looked at with those before it; once the alignment is settled, each settled_hop-th second.
    settled_windows: windows of gait until the heading is taken as sure. lean_rad: up of standing and of the run are no
    further apart. publish_rad: a smaller change is not passed on. least_sureness: how well forward and the most
    symmetric heading must agree (cosine).
    Between full looks at a settled alignment are pauses, each pause_step_s longer up to longest_pause_s; one is made at
    once where the window is news to the seat. A window that turns faster than bend_radps on average is not looked at:
    the body leans in a bend.
    """

    settled_windows: int = 15
    settled_hop: int = 4
    lean_rad: float = 0.4
    publish_rad: float = 0.005
    least_sureness: float = 0.5
    pause_step_s: float = 4.0
    longest_pause_s: float = 120.0
    bend_radps: float = 0.12
    slip: SlipParams = field(default_factory=SlipParams)


class Mounting:
    """Looks at window after window and keeps the alignment."""

    def __init__(self, known: Alignment | None, params: MountingParams = MountingParams()) -> None:
        self._params = params
        self.alignment = known
        self._known = known
        self._wait = 0  # seconds until the next look
        self._begin()

    def _begin(self) -> None:
        self._quiet = QuietStanding()
        self._evidence = HeadingEvidence()
        self._axis: FloatArray | None = None
        self._seat = Seat(self._params.slip)
        self._next_s = -np.inf
        self._suspicious = 0

    @property
    def has_stood(self) -> bool:
        """Whether quiet standing was seen."""
        return bool(self._quiet.stretches)

    def look(self, seconds: Seconds, last: int) -> None:
        """Take the next second, and look at it and those before it where that is due."""
        standing_mps2 = seconds.standing(last)
        self._quiet.feed(standing_mps2)
        self._wait -= 1
        if self._wait > 0 or not seconds.has_window(last):
            return
        if standing_mps2 is not None:
            self._publish()
        elif not self._take(seconds.window(last)) and not self._evidence.windows:
            self._take(seconds.newest_half(last))
        self._wait = self._params.settled_hop if self._is_steady() else 1

    def _take(self, window: Window) -> bool:
        """Take a window that is due; whether there was gait in it."""
        up, turn_radps, pattern = window.moments
        due = window.end_s >= self._next_s or self._seat.is_news(up, pattern)
        if not due or abs(turn_radps) > self._params.bend_radps:
            return False
        spectrum = self._spectrum(window, up)
        if spectrum is None:
            return False
        if self._slipped(up, pattern, spectrum):
            self._suspicious += 1
            if self._suspicious == self._params.slip.windows:
                self._remount(up)
            return True
        self._suspicious = 0
        self._evidence.fade(self._params.slip.keep)
        self._evidence.add(spectrum)
        self._seat.take(up, pattern)
        since = self._evidence.windows - self._params.settled_windows + 1
        pause_s = min(self._params.pause_step_s * since, self._params.longest_pause_s)
        self._next_s = window.end_s + (pause_s if self._is_settled() else 0.0)
        self._publish()
        return True

    def _is_steady(self) -> bool:
        """Whether the alignment is settled and nothing speaks against it, so that looks may be far between."""
        return self.alignment is not None and self.alignment.settled and not self._suspicious

    def _is_settled(self) -> bool:
        return self._evidence.windows >= self._params.settled_windows

    def _spectrum(self, window: Window, mean_up: FloatArray) -> GaitSpectrum | None:
        if self._axis is None:
            self._axis = _level(np.eye(3)[int(np.argmin(np.abs(mean_up)))], mean_up)
        return gait_spectrum(window.vectors, self._axis, window.rate_hz)

    def _slipped(self, up: FloatArray, pattern: FloatArray, spectrum: GaitSpectrum) -> bool:
        """Whether this window does not belong to the mounting so far, be it seen or given."""
        known = self.alignment
        if known is None or known.left_sensor is None or not (known.settled or self._seat.is_known):
            return False
        left = np.array(known.left_sensor)
        if self._seat.has_tilted(up, left, np.array(known.up_sensor)):
            return True
        if not self._seat.may_have_turned(pattern):
            return False
        alone = HeadingEvidence()
        alone.add(spectrum)
        if alone.heading().sureness <= self._params.least_sureness:
            return False
        return self._seat.has_turned(math.acos(min(float((self._left(up, alone) * _level(left, up)).sum()), 1.0)))

    def _remount(self, up: FloatArray) -> None:
        """Begin anew after a slip: nothing from before it holds, and the heading is unknown until the next window."""
        last = self.alignment
        self._begin()
        self._known = None
        self.alignment = Alignment(
            _axis(up),
            None,
            Reference.RUN_MEAN,
            settled=False,
            mounting=last.mounting + 1 if last else 1,
        )

    def _publish(self) -> None:
        """Make the alignment that all of this says, and pass it on if it differs from the last one."""
        if not self._evidence.windows or self._evidence.heading().sureness < self._params.least_sureness:
            return
        settled = self._is_settled()
        if self._known is not None and not settled:
            return
        mean_up = self._seat.up
        standing = self._standing_up(mean_up)
        up = mean_up if standing is None else standing
        left = _level(self._left(mean_up, self._evidence), up)
        reference = Reference.RUN_MEAN if standing is None else Reference.STANDING
        last = self.alignment
        if last is None or self._differs(last, up, left, settled, reference):
            mounting = last.mounting if last else 0
            self.alignment = Alignment(_axis(up), _axis(left), reference, settled=settled, mounting=mounting)

    def _standing_up(self, mean_up: FloatArray) -> FloatArray | None:
        """Up of standing, seen in this stream or else given with the alignment."""
        seen = self._quiet.up_near(mean_up, self._params.lean_rad)
        if seen is None and self._known is not None and self._known.reference is Reference.STANDING:
            return np.array(self._known.up_sensor)
        return seen

    def _left(self, up: FloatArray, evidence: HeadingEvidence) -> FloatArray:
        """The left axis that the evidence says, in the plane at right angles to up."""
        if self._axis is None:
            raise AssertionError("there is evidence, so there is an axis that it is measured from")
        angle = evidence.heading().angle_rad
        aside = _level(self._axis, up)
        return np.asarray(math.cos(angle) * aside - math.sin(angle) * cross(aside, up))

    def _differs(self, last: Alignment, up: FloatArray, left: FloatArray, settled: bool, reference: Reference) -> bool:
        if last.left_sensor is None or last.settled != settled or last.reference is not reference:
            return True
        moved = max(np.abs(left - np.array(last.left_sensor)).max(), np.abs(up - np.array(last.up_sensor)).max())
        return bool(moved > self._params.publish_rad)


def _level(axis: FloatArray, up: FloatArray) -> FloatArray:
    """The part of an axis at right angles to up, as a unit vector."""
    return unit(axis - up * (axis * up).sum())


def _axis(vector: FloatArray) -> Axis:
    return (float(vector[0]), float(vector[1]), float(vector[2]))
