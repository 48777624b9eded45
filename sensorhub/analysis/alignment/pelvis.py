"""The pelvis's motion: angles, rates and accelerations in the frames that gait is described in."""

from dataclasses import dataclass

import numpy as np

from sensorhub.dsp.rotation import cross, parts_along, upward_parts
from sensorhub.model.alignment import Alignment
from sensorhub.model.samples import UP, BoolArray, FloatArray, MotionBlock
from sensorhub.model.units import GRAVITY_MPS2

# The clip is worn at the back. What moves symmetrically, and up and down with the body, is not the clip, which the
# pelvis swings as it turns and tilts: the hip joints lie this far ahead of it (5 to 7 cm behind the ASIS, Bell 1990,
# in a pelvis 15 cm deep).
HIPS_AHEAD_M = 0.11


@dataclass(frozen=True, slots=True)
class PelvisBlock:
    """Samples on the grid in pelvis terms, all of shape (n,) but up_sensor, shape (n, 3).

    vertical_mps2, forward_mps2: acceleration without gravity along the earth's up and along the level part of the
    pelvis's forward axis. roll, pitch and yaw rate: about the level forward axis (+ left side rising), the level left
    axis (+ anterior) and the earth's up (+ turning left). obliquity_sine, tilt_sine: of the angles by which the left
    axis rises above the horizontal (+ left side higher) and the forward axis dips below it (+ anterior), from the
    reference pose. up_sensor: the earth's up in the sensor frame.
    While alignment is None or its left_sensor is, whatever needs a heading is NaN.
    """

    rate_hz: float
    t_s: FloatArray
    vertical_mps2: FloatArray
    forward_mps2: FloatArray
    roll_rate_radps: FloatArray
    pitch_rate_radps: FloatArray
    yaw_rate_radps: FloatArray
    obliquity_sine: FloatArray
    tilt_sine: FloatArray
    up_sensor: FloatArray
    missing: BoolArray
    clipped: BoolArray
    alignment: Alignment | None

    def __len__(self) -> int:
        return len(self.t_s)


def pelvis_motion(motion: MotionBlock, alignment: Alignment | None) -> PelvisBlock:
    """Express motion in the pelvis's and the earth's frames."""
    upward = upward_parts(motion.vectors)
    yaw_rate, push = upward
    if alignment is None or alignment.left_sensor is None:
        roll_rate = forward = pitch_rate = rising = dipping = np.full(len(motion), np.nan)
    else:
        left = np.array(alignment.left_sensor)
        (roll_rate, forward), (pitch_rate, _), rising = level_parts(motion.vectors, upward, left)
        dipping = -parts_along(motion.vectors[UP], forward_axis(alignment))
    return PelvisBlock(
        rate_hz=motion.rate_hz,
        t_s=motion.t_s,
        vertical_mps2=push - GRAVITY_MPS2,
        forward_mps2=forward,
        roll_rate_radps=roll_rate,
        pitch_rate_radps=pitch_rate,
        yaw_rate_radps=yaw_rate,
        obliquity_sine=rising,
        tilt_sine=dipping,
        up_sensor=motion.vectors[UP].T,
        missing=motion.missing,
        clipped=motion.clipped,
        alignment=alignment,
    )


def level_parts(vectors: FloatArray, upward: FloatArray, left: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Rate and specific force along level forward and level left, shape (2, n) each, and the sine of obliquity.

    upward: their `upward_parts`. left: the left axis in the sensor frame. Level left is the left axis less its part
    along the earth's up; level forward is at right angles to both, not a projection of its own, so that obliquity and
    tilt do not leak into each other.
    """
    x, y, z = left.tolist()
    up_x, up_y, up_z = vectors[UP]
    leftward = parts_along(vectors, (x, y, z))
    rising = leftward[UP]
    scale = 1.0 / np.sqrt(1.0 - rising * rising)
    forward = parts_along(vectors[:UP], (y * up_z - z * up_y, z * up_x - x * up_z, x * up_y - y * up_x))
    return forward * scale, (leftward[:UP] - upward * rising) * scale, rising


def forward_axis(alignment: Alignment) -> FloatArray:
    """The forward axis at the reference pose, in the sensor frame; NaN while the heading is unknown."""
    if alignment.left_sensor is None:
        return np.full(3, np.nan)
    return cross(np.array(alignment.left_sensor), np.array(alignment.up_sensor))


def angle_rad(sine: FloatArray) -> FloatArray:
    """The angle of a sine that rounding may have taken beyond one."""
    angle: FloatArray = np.arcsin(np.minimum(np.maximum(sine, -1.0), 1.0))
    return angle
