"""The pelvis's motion: angles, rates and accelerations in the frames that gait is described in."""

from typing import Self

import msgspec
import numpy as np

from sensorhub.dsp.rotation import cross, parts_along
from sensorhub.model.alignment import Alignment
from sensorhub.model.samples import ACC, GYR, UP, FloatArray, MotionBlock
from sensorhub.model.units import GRAVITY_MPS2

# The clip is worn at the back. What moves symmetrically, and up and down with the body, is not the clip, which the
# pelvis swings as it turns and tilts: the hip joints lie this far ahead of it (5 to 7 cm behind the ASIS, Bell 1990,
# in a pelvis 15 cm deep).
HIPS_AHEAD_M = 0.11


class PelvisBlock(msgspec.Struct, frozen=True):
    """Motion, and the alignment that tells how the pelvis moved in it; None while nothing is known.

    vertical_mps2: acceleration without gravity along the earth's up, which needs no alignment, shape (n,).
    """

    motion: MotionBlock
    vertical_mps2: FloatArray
    alignment: Alignment | None

    @classmethod
    def of(cls, motion: MotionBlock, alignment: Alignment | None) -> Self:
        """Motion with its alignment."""
        return cls(motion, parts_along(motion.vectors[ACC], motion.up) - GRAVITY_MPS2, alignment)

    def __len__(self) -> int:
        return len(self.motion)


def pelvis_signals(vectors: FloatArray, alignment: Alignment | None) -> FloatArray:
    """How the pelvis moved, shape (6, n), for the vectors of a MotionBlock: what needs more than the vertical.

    Acceleration along the level part of the pelvis's forward axis, m/s2. Rates about the level forward axis (+ left
    side rising), the level left axis (+ anterior) and the earth's up (+ turning left), rad/s. Sines of the angles by
    which the left axis rises above the horizontal (+ left side higher) and the forward axis dips below it
    (+ anterior), from the reference pose. While the heading is unknown, whatever needs one is NaN.
    """
    rate, up = vectors[GYR], vectors[UP]
    signals = np.full((6, vectors.shape[2]), np.nan)
    signals[3] = parts_along(rate, up)
    if alignment is not None and alignment.left_sensor is not None:
        left = np.array(alignment.left_sensor)
        (signals[1], signals[0]), signals[4], per_level = forward_parts(vectors, left)
        signals[2] = (parts_along(rate, left) - signals[3] * signals[4]) * per_level
        signals[5] = -parts_along(up, forward_axis(alignment))
    return signals


def forward_parts(vectors: FloatArray, left: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Rate and specific force along level forward, shape (2, n), the sine of obliquity, and one over its cosine.

    left: the left axis in the sensor frame. Level left is the left axis less its part along the earth's up, over the
    cosine; level forward is at right angles to both, not a projection of its own, so that obliquity and tilt do not
    leak into each other.
    """
    x, y, z = left.tolist()
    up_x, up_y, up_z = vectors[UP]
    rising = parts_along(vectors[UP], (x, y, z))
    per_level = 1.0 / np.sqrt(1.0 - rising * rising)
    forward = parts_along(vectors[:UP], (y * up_z - z * up_y, z * up_x - x * up_z, x * up_y - y * up_x))
    return forward * per_level, rising, per_level


def forward_axis(alignment: Alignment) -> FloatArray:
    """The forward axis at the reference pose, in the sensor frame; NaN while the heading is unknown."""
    if alignment.left_sensor is None:
        return np.full(3, np.nan)
    return cross(np.array(alignment.left_sensor), np.array(alignment.up_sensor))


def angle_rad(sine: FloatArray) -> FloatArray:
    """The angle of a sine that rounding may have taken beyond one."""
    angle: FloatArray = np.arcsin(np.minimum(np.maximum(sine, -1.0), 1.0))
    return angle
