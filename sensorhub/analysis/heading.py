"""The heading of the sensor on the pelvis, from the symmetry of gait, and its refinement as the run goes on."""

from dataclasses import dataclass

import numpy as np

from sensorhub.analysis.pelvis import HIPS_AHEAD_M
from sensorhub.analysis.symmetry import HARMONICS, ComplexArray, GaitSpectrum
from sensorhub.model.samples import FloatArray

ODD = slice(0, HARMONICS, 2)
EVEN = slice(1, HARMONICS, 2)
ANGLES_RAD = np.deg2rad(np.arange(360.0))
# Angle of the forward acceleration against the vertical one at the step frequency. Running: the body brakes, then
# drives, about the middle of the push: forward lags by a quarter. Walking: forward is least just behind the contact,
# vertical greatest after it (Zijlstra and Hof 2003): it leads by a quarter. What is in phase is not asked: an error of
# the inclination lets the vertical acceleration leak there.
RUN_LAG_RAD = np.deg2rad(-90.0)
WALK_LAG_RAD = np.deg2rad(90.0)


@dataclass(frozen=True, slots=True)
class Heading:
    """Angle from the level sensor axis to forward, + to the left, and how clearly forward is told from backward."""

    angle_rad: float
    sureness: float


class HeadingEvidence:
    """Gathers windows of gait and finds the heading at which the body moves most symmetrically.

    In symmetric gait, left and right steps mirror each other: forward and vertical acceleration and pitch repeat with
    the step (even harmonics of the stride), lateral acceleration, roll and yaw with the stride (odd harmonics). Energy
    on the wrong side of that rule, as a share of the energy of its axis, is summed for acceleration, rate and angle,
    whose errors are nearly independent, and made least.
    """

    def __init__(self) -> None:
        self.windows = 0
        self._odd = np.zeros((3, 3, 3))
        self._even = np.zeros((3, 3, 3))
        self._direction = np.zeros(2)

    def fade(self, keep: float) -> None:
        """Let what was gathered so far count by this share."""
        self._odd *= keep
        self._even *= keep
        self._direction *= keep

    def add(self, spectrum: GaitSpectrum) -> None:
        """Take one more window."""
        self.windows += 1
        order = np.arange(1.0, HARMONICS + 1.0)
        none = np.zeros(HARMONICS)
        acc = np.stack([*spectrum.level_acc, spectrum.yaw_acc])
        rate = np.stack([*spectrum.level_rate, none])
        for kind, signals in enumerate((acc, rate, rate / order)):
            self._odd[kind] += _covariance(signals[:, ODD])
            self._even[kind] += _covariance(signals[:, EVEN])
        self._direction += _direction(spectrum)

    def heading(self) -> Heading:
        """The most symmetric heading so far, with forward told from backward."""
        forwardness = self._direction[0] * np.cos(ANGLES_RAD) + self._direction[1] * np.sin(ANGLES_RAD)
        misplaced = self._misplaced(ANGLES_RAD)
        best = int(np.argmin(np.where(forwardness >= 0.0, misplaced, np.inf)))
        count = len(ANGLES_RAD)
        before, at, after = misplaced[best - 1], misplaced[best], misplaced[(best + 1) % count]
        bend = before - 2.0 * at + after
        inside = bend > 0.0 and abs(before - after) <= bend
        angle = ANGLES_RAD[best] + (0.5 * (before - after) / bend if inside else 0.0) * (2.0 * np.pi / count)
        strength = float(np.hypot(self._direction[0], self._direction[1]))
        return Heading(float(angle), float(forwardness[best]) / strength if strength > 0.0 else 0.0)

    def _misplaced(self, angle_rad: FloatArray) -> FloatArray:
        none = np.zeros(len(angle_rad))
        ahead = np.stack([np.cos(angle_rad), np.sin(angle_rad), none])
        aside = np.stack([-np.sin(angle_rad), np.cos(angle_rad), none])
        aside_of_hips = aside + np.array([[0.0], [0.0], [HIPS_AHEAD_M]])
        total = np.zeros(len(angle_rad))
        for kind, (step_axis, stride_axis) in enumerate(((ahead, aside_of_hips), (aside, ahead), (aside, ahead))):
            total += _share(self._odd[kind], self._even[kind], step_axis)
            total += _share(self._even[kind], self._odd[kind], stride_axis)
        return total


def _share(wrong: FloatArray, right: FloatArray, axis: FloatArray) -> FloatArray:
    """The share of the energy along each axis, shape (3, n), that is of the wrong kind."""
    of_wrong, of_right = _energy(wrong, axis), _energy(right, axis)
    share: FloatArray = of_wrong / (of_wrong + of_right + 1e-12)
    return share


def _energy(covariance: FloatArray, axis: FloatArray) -> FloatArray:
    energy = np.zeros(axis.shape[1])
    for i, row in enumerate(covariance):
        for j, entry in enumerate(row):
            energy += entry * axis[i] * axis[j]
    return energy


def _covariance(level: ComplexArray) -> FloatArray:
    real, imag = level.real, level.imag
    covariance: FloatArray = real @ real.T + imag @ imag.T
    return covariance


def _direction(spectrum: GaitSpectrum) -> FloatArray:
    """A level vector that points forward: the acceleration that goes with the push, at the step frequency."""
    if spectrum.running is None:
        return np.zeros(2)
    lag = RUN_LAG_RAD if spectrum.running else WALK_LAG_RAD
    push = spectrum.vertical[1] * np.exp(1j * lag)
    along_push = (spectrum.level_acc[:, 1] * np.conj(push)).real
    return np.asarray(along_push / (abs(push) + 1e-12))
