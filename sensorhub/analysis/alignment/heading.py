"""The heading of the sensor on the pelvis, from the symmetry of gait, and its refinement as the run goes on."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhub.analysis.alignment.pelvis import HIPS_AHEAD_M
from sensorhub.analysis.alignment.symmetry import HARMONICS, GaitSpectrum
from sensorhub.model.samples import FloatArray

# Acceleration, whose harmonics reach high, is judged octave by octave; rate and angle as a whole.
OCTAVES = (slice(0, 2), slice(2, 4), slice(4, HARMONICS))
KIND_WEIGHTS = np.array([1 / 3, 1 / 3, 1 / 3, 1.0, 1.0])
STEP_RAD = np.deg2rad(2.0)
ANGLES_RAD = np.arange(0.0, 2.0 * np.pi - 1e-9, STEP_RAD)
SHARE_OF_CHANCE = 0.2  # a share below this is as good as none: any two steps differ so much
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
    on the wrong side of that rule, as a share of the energy of its axis, is made least for acceleration, rate and angle
    together, whose errors are nearly independent. How asymmetric each is, is not known: the sum is of logarithms, the
    likelihood with an unknown variance of each, so that one crooked kind does not outvote the others.
    """

    def __init__(self) -> None:
        self.windows = 0
        self._odd = np.zeros((len(KIND_WEIGHTS), 3, 3))
        self._even = np.zeros((len(KIND_WEIGHTS), 3, 3))
        self._direction = np.zeros(2)
        self._heading: Heading | None = None

    def fade(self, keep: float) -> None:
        """Let what was gathered so far count by this share."""
        self._odd *= keep
        self._even *= keep
        self._direction *= keep

    def add(self, spectrum: GaitSpectrum) -> None:
        """Take one more window."""
        self.windows += 1
        self._heading = None
        order = np.arange(1.0, HARMONICS + 1.0)
        acc = np.concatenate((spectrum.level_acc, spectrum.yaw_acc[None]))
        rate = np.concatenate((spectrum.level_rate, np.zeros((1, HARMONICS))))
        kinds = [*(acc[:, octave] for octave in OCTAVES), rate, rate / order]
        for kind, signals in enumerate(kinds):
            self._odd[kind] += _covariance(signals[:, 0::2])
            self._even[kind] += _covariance(signals[:, 1::2])
        self._direction += _direction(spectrum)

    def heading(self) -> Heading:
        """The most symmetric heading so far, with forward told from backward."""
        if self._heading is None:
            self._heading = self._found()
        return self._heading

    def _found(self) -> Heading:
        forwardness = self._direction[0] * _AHEAD[:, 0] + self._direction[1] * _AHEAD[:, 1]
        misplaced = self._misplaced()
        best = int(np.argmin(np.where(forwardness >= 0.0, misplaced, np.inf)))
        before, at, after = misplaced[best - 1], misplaced[best], misplaced[(best + 1) % len(misplaced)]
        bend = before - 2.0 * at + after
        inside = bend > 0.0 and abs(before - after) <= bend
        angle = ANGLES_RAD[best] + (0.5 * (before - after) / bend if inside else 0.0) * STEP_RAD
        strength = float(np.hypot(self._direction[0], self._direction[1]))
        return Heading(float(angle), float(forwardness[best]) / strength if strength > 0.0 else 0.0)

    def _misplaced(self) -> FloatArray:
        """How much is on the wrong side of the rule at each angle, as a log likelihood over the kinds."""
        odd, even = self._odd.reshape(-1, 9).T, self._even.reshape(-1, 9).T
        acc, rates = slice(0, len(OCTAVES)), slice(len(OCTAVES), None)
        of_acc = _share(_AHEAD_SQUARED, odd[:, acc], even[:, acc]) + _share(
            _HIPS_ASIDE_SQUARED, even[:, acc], odd[:, acc]
        )
        of_rates = _share(_ASIDE_SQUARED, odd[:, rates], even[:, rates]) + _share(
            _AHEAD_SQUARED, even[:, rates], odd[:, rates]
        )
        kinds = np.concatenate((of_acc, of_rates), axis=1)
        likely: FloatArray = np.log(kinds + SHARE_OF_CHANCE) @ KIND_WEIGHTS
        return likely


def _squared(axes: FloatArray) -> FloatArray:
    """Products of the components of each axis, shape (n, 9): times a covariance, the energy along the axis."""
    return (axes[:, :, None] * axes[:, None, :]).reshape(len(axes), 9)


_NONE = np.zeros(len(ANGLES_RAD))
_AHEAD = np.stack([np.cos(ANGLES_RAD), np.sin(ANGLES_RAD), _NONE], axis=1)
_ASIDE = np.stack([-np.sin(ANGLES_RAD), np.cos(ANGLES_RAD), _NONE], axis=1)
_AHEAD_SQUARED = _squared(_AHEAD)
_ASIDE_SQUARED = _squared(_ASIDE)
_HIPS_ASIDE_SQUARED = _squared(_ASIDE + np.array([0.0, 0.0, HIPS_AHEAD_M]))


def _share(axes_squared: FloatArray, wrong: FloatArray, right: FloatArray) -> FloatArray:
    """The share of the energy along each axis that is of the wrong kind, shape (angles, kinds)."""
    of_wrong = axes_squared @ wrong
    share: FloatArray = of_wrong / (of_wrong + axes_squared @ right + 1e-12)
    return share


def _covariance(level: NDArray[np.inexact[Any]]) -> FloatArray:
    real, imag = np.ascontiguousarray(level.real), np.ascontiguousarray(level.imag)
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
