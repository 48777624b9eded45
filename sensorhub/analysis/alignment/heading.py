"""The heading of the sensor on the pelvis, from the symmetry of gait, and its refinement as the run goes on."""

from dataclasses import dataclass

import numpy as np

from sensorhub.analysis.alignment.pelvis import HIPS_AHEAD_M
from sensorhub.analysis.alignment.symmetry import HARMONICS, GaitSpectrum
from sensorhub.model.samples import FloatArray

KIND_WEIGHTS = np.array([1 / 3, 1 / 3, 1 / 3, 1.0, 1.0])
"""Of the kinds of evidence: acceleration in three octaves, since its harmonics reach high, rate and angle."""
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
        self._energy = np.zeros((2, 9, len(KIND_WEIGHTS)))
        """Products of the components: of the harmonics that are wrong ahead and right aside, and of the others."""
        self._direction = np.zeros(2)
        self._heading: Heading | None = None

    def fade(self, keep: float) -> None:
        """Let what was gathered so far count by this share."""
        self._energy *= keep
        self._direction *= keep

    def add(self, spectrum: GaitSpectrum) -> None:
        """Take one more window."""
        self.windows += 1
        self._heading = None
        signals = np.zeros((3, 2 * HARMONICS), dtype=np.complex128)
        signals[:, :HARMONICS], signals[:2, HARMONICS:] = spectrum.acc, spectrum.rate
        self._energy += (signals[:, None] * signals.conj()).real.reshape(9, -1) @ _KINDS
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
        ahead, aside = _AHEAD_SQUARED @ self._energy, _ASIDE_SQUARED @ self._energy
        kinds = ahead[0] / (ahead[0] + ahead[1] + 1e-12) + aside[1] / (aside[0] + aside[1] + 1e-12)
        likely: FloatArray = np.log(kinds + SHARE_OF_CHANCE) @ KIND_WEIGHTS
        return likely


def _squared(axes: FloatArray) -> FloatArray:
    """Products of the components of each axis, shape (n, 9): times those of a signal, its energy along the axis."""
    return (axes[:, :, None] * axes[:, None, :]).reshape(len(axes), 9)


def _kinds() -> FloatArray:
    """Which harmonics of acceleration and rate are of which kind, shape (2, 2 * HARMONICS, kinds).

    First those that are wrong ahead and right aside, then the others.
    """
    order = np.arange(1, HARMONICS + 1)
    octaves = np.stack((order <= 2, (order > 2) & (order <= 4), order > 4), axis=1)
    rates = np.stack((np.ones(HARMONICS), order**-2.0), axis=1)
    odd = (order % 2 == 1)[:, None]
    kinds = np.zeros((2, 2 * HARMONICS, len(KIND_WEIGHTS)))
    kinds[:, :HARMONICS, :3] = octaves * odd, octaves * ~odd
    kinds[:, HARMONICS:, 3:] = rates * ~odd, rates * odd
    return kinds


_KINDS = _kinds()
_COS, _SIN = np.cos(ANGLES_RAD), np.sin(ANGLES_RAD)
_AHEAD = np.stack((_COS, _SIN, np.zeros_like(_COS)), axis=1)
_AHEAD_SQUARED = _squared(_AHEAD)
# The acceleration is that of the hip joints, ahead of the clip; of the rate, the third component is zero.
_ASIDE_SQUARED = _squared(np.stack((-_SIN, _COS, np.full_like(_COS, HIPS_AHEAD_M)), axis=1))


def _direction(spectrum: GaitSpectrum) -> FloatArray:
    """A level vector that points forward: the acceleration that goes with the push, at the step frequency."""
    if spectrum.running is None:
        return np.zeros(2)
    lag = RUN_LAG_RAD if spectrum.running else WALK_LAG_RAD
    push = spectrum.vertical[1] * np.exp(1j * lag)
    along_push = (spectrum.acc[:2, 1] * np.conj(push)).real
    return np.asarray(along_push / (abs(push) + 1e-12))
