"""What is known of one mounting of the sensor: quiet standing, the run's mean, the heading; and when it has slipped."""

from dataclasses import dataclass

import numpy as np

from sensorhub.analysis.heading import HeadingEvidence
from sensorhub.analysis.quiet import QuietStanding
from sensorhub.analysis.symmetry import GaitSpectrum, gait_spectrum
from sensorhub.model.alignment import Alignment, Axis
from sensorhub.model.gait import Reference
from sensorhub.model.samples import FloatArray


@dataclass(frozen=True, slots=True)
class MountingParams:
    """When an alignment is sure, when it is passed on, and when the clip has slipped.

    settled_windows: windows of gait until the heading is taken as sure. lean_rad: up of standing and of the run are no
    further apart. publish_rad: a smaller change is not passed on. least_sureness: how well forward and the most
    symmetric heading must agree (cosine). keep: what a new window leaves of the weight of the older ones. slip_*_rad:
    windows this far from before, aside, ahead or in heading, slip_windows of them in a row.
    """

    settled_windows: int = 15
    lean_rad: float = 0.4
    publish_rad: float = 0.005
    least_sureness: float = 0.5
    keep: float = 0.99
    slip_aside_rad: float = 0.10
    slip_ahead_rad: float = 0.21
    slip_heading_rad: float = 0.6
    slip_windows: int = 2


@dataclass(frozen=True, slots=True)
class Window:
    """The last seconds: arrays of shape (n, 3) in the sensor frame, up the earth's up; `fresh` samples are new."""

    acc_mps2: FloatArray
    gyr_radps: FloatArray
    up: FloatArray
    rate_hz: float
    end_s: float
    fresh: int


class Mounting:
    """Looks at window after window and keeps the alignment."""

    def __init__(self, known: Alignment | None, params: MountingParams = MountingParams()) -> None:
        self._params = params
        self.alignment = known
        self._known = known
        self._quiet = QuietStanding()
        self._begin()

    def _begin(self) -> None:
        self._evidence = HeadingEvidence()
        self._axis: FloatArray | None = None
        self._run_up = np.zeros(3)
        self._suspicious = 0

    def look(self, window: Window) -> None:
        """Take one window."""
        if self._look_for_quiet(window):
            if self._evidence.windows:
                self._publish()
            return
        spectrum = self._spectrum(window)
        if spectrum is None:
            return
        up = _unit(np.add.reduce(window.up, axis=0))
        if self._slipped(up, spectrum):
            self._suspicious += 1
            if self._suspicious < self._params.slip_windows:
                return
            self._remount(up)
            spectrum = self._spectrum(window)
            if spectrum is None:
                return
        self._suspicious = 0
        self._evidence.fade(self._params.keep)
        self._evidence.add(spectrum)
        self._run_up = self._run_up * self._params.keep + up
        self._publish()

    def _look_for_quiet(self, window: Window) -> bool:
        second = round(window.rate_hz)
        quiet = False
        for start in range(len(window.acc_mps2) - window.fresh, len(window.acc_mps2) - second + 1, second):
            quiet = self._quiet.feed(
                window.acc_mps2[start : start + second].copy(), window.gyr_radps[start : start + second].copy()
            )
        return quiet

    def _spectrum(self, window: Window) -> GaitSpectrum | None:
        if self._axis is None:
            up = _unit(np.add.reduce(window.up, axis=0))
            self._axis = _level(np.eye(3)[int(np.argmin(np.abs(up)))], up)
        return gait_spectrum(window.acc_mps2, window.gyr_radps, window.up, self._axis, window.rate_hz)

    def _slipped(self, up: FloatArray, spectrum: GaitSpectrum) -> bool:
        """Whether this window does not belong to the mounting so far."""
        known = self.alignment
        if known is None or known.left_sensor is None or not known.settled or not self._evidence.windows:
            return False
        left = np.array(known.left_sensor)
        before = _unit(self._run_up)
        forward = np.cross(left, before)
        aside = abs(float(np.arcsin(up @ left) - np.arcsin(before @ left)))
        ahead = abs(float(np.arcsin(up @ forward)))
        alone = HeadingEvidence()
        alone.add(spectrum)
        turned = alone.heading().angle_rad - self._evidence.heading().angle_rad
        turned = abs((turned + np.pi) % (2.0 * np.pi) - np.pi)
        limits = self._params
        return aside > limits.slip_aside_rad or ahead > limits.slip_ahead_rad or turned > limits.slip_heading_rad

    def _remount(self, up: FloatArray) -> None:
        """Begin anew after a slip; quiet standing before it says nothing any more."""
        previous = self.alignment
        self._quiet = QuietStanding()
        self._begin()
        self._known = None
        mounting = previous.mounting + 1 if previous else 1
        version = previous.version + 1 if previous else 0
        self.alignment = Alignment(
            _axis(up), None, Reference.RUN_MEAN, settled=False, version=version, mounting=mounting
        )

    def _publish(self) -> None:
        """Make the alignment that all of this says, and keep it if it differs from the last one."""
        settled = self._evidence.windows >= self._params.settled_windows
        if (self._known is not None and not settled) or self._evidence.heading().sureness < self._params.least_sureness:
            return
        mean_up = _unit(self._run_up)
        standing = self._quiet.up_near(mean_up, self._params.lean_rad)
        up = mean_up if standing is None else standing
        left = _level(self._left(mean_up), up)
        reference = Reference.RUN_MEAN if standing is None else Reference.STANDING
        last = self.alignment
        if last is None:
            self.alignment = Alignment(_axis(up), _axis(left), reference, settled=settled)
        elif self._differs(last, up, left, settled, reference):
            self.alignment = Alignment(
                _axis(up), _axis(left), reference, settled=settled, version=last.version + 1, mounting=last.mounting
            )

    def _left(self, up: FloatArray) -> FloatArray:
        """The left axis in the level plane of the mean of the run."""
        angle = self._evidence.heading().angle_rad
        ahead = _level(np.zeros(3) if self._axis is None else self._axis, up)
        return np.asarray(np.cos(angle) * np.cross(up, ahead) - np.sin(angle) * ahead)

    def _differs(self, last: Alignment, up: FloatArray, left: FloatArray, settled: bool, reference: Reference) -> bool:
        if last.left_sensor is None or last.settled != settled or last.reference is not reference:
            return True
        moved = max(np.abs(left - np.array(last.left_sensor)).max(), np.abs(up - np.array(last.up_sensor)).max())
        return bool(moved > self._params.publish_rad)


def _unit(vector: FloatArray) -> FloatArray:
    unit: FloatArray = vector / np.sqrt((vector * vector).sum())
    return unit


def _level(axis: FloatArray, up: FloatArray) -> FloatArray:
    """The part of an axis at right angles to up, as a unit vector."""
    return _unit(axis - up * (axis * up).sum())


def _axis(vector: FloatArray) -> Axis:
    return (float(vector[0]), float(vector[1]), float(vector[2]))
