"""The pelvis's motion: angles, rates and accelerations in the frames that gait is described in."""

from dataclasses import dataclass

import numpy as np

from sensorhub.dsp.rotation import along, cross, up_in_sensor
from sensorhub.model.alignment import Alignment
from sensorhub.model.samples import BoolArray, FloatArray, MotionBlock
from sensorhub.model.units import GRAVITY_MPS2

# The clip is worn at the back. What moves symmetrically, and up and down with the body, is not the clip, which the
# pelvis swings as it turns and tilts: the hip joints lie this far ahead of it (5 to 7 cm behind the ASIS, Bell 1990,
# in a pelvis 15 cm deep).
HIPS_AHEAD_M = 0.11


GYR, ACC, UP = slice(0, 3), slice(3, 6), slice(6, 9)
"""The rows of `channels_of`."""


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


def channels_of(motion: MotionBlock) -> FloatArray:
    """Angular rate, specific force and the earth's up in the sensor frame, shape (9, n)."""
    up = up_in_sensor(motion.q_earth_from_sensor)
    return np.concatenate((motion.gyr_radps.T, motion.acc_mps2.T, up.T))


def pelvis_motion(motion: MotionBlock, channels: FloatArray, alignment: Alignment | None) -> PelvisBlock:
    """Express motion, with its `channels_of`, in the pelvis's and the earth's frames."""
    gyr, acc, up = channels[GYR], channels[ACC], channels[UP]
    push = acc[0] * up[0] + acc[1] * up[1] + acc[2] * up[2]
    yaw_rate = gyr[0] * up[0] + gyr[1] * up[1] + gyr[2] * up[2]
    if alignment is None or alignment.left_sensor is None:
        angles: tuple[FloatArray, ...] = (np.full(len(motion), np.nan),) * 5
    else:
        angles = _headed(acc, gyr, up, yaw_rate, alignment)
    forward, roll_rate, pitch_rate, rising, dipping = angles
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
        up_sensor=up.T,
        missing=motion.missing,
        clipped=motion.clipped,
        alignment=alignment,
    )


def forward_axis(alignment: Alignment) -> FloatArray:
    """The forward axis at the reference pose, in the sensor frame; NaN while the heading is unknown."""
    if alignment.left_sensor is None:
        return np.full(3, np.nan)
    return cross(np.array(alignment.left_sensor), np.array(alignment.up_sensor))


def obliquity_rad(up_sensor: FloatArray, left_sensor: FloatArray) -> FloatArray:
    """Obliquity: the angle by which the left axis rises above the horizontal; shape (n,) for up_sensor (n, 3)."""
    return angle_rad(along(up_sensor, left_sensor))


def tilt_rad(up_sensor: FloatArray, forward_sensor: FloatArray) -> FloatArray:
    """Tilt: the angle by which the forward axis dips below the horizontal (+ anterior); shape (n,)."""
    return -angle_rad(along(up_sensor, forward_sensor))


def _headed(
    acc: FloatArray, gyr: FloatArray, up: FloatArray, yaw_rate: FloatArray, alignment: Alignment
) -> tuple[FloatArray, ...]:
    """Level forward acceleration, roll and pitch rate, and the sines of obliquity and tilt, for vectors (3, n).

    The level left axis is the left axis less its part along up; level forward is at right angles to both, not a
    projection of its own, so that obliquity and tilt do not leak into each other.
    """
    left = alignment.left_sensor or (0.0, 0.0, 0.0)
    ahead = forward_axis(alignment)
    rising = left[0] * up[0] + left[1] * up[1] + left[2] * up[2]
    dipping = -(ahead[0] * up[0] + ahead[1] * up[1] + ahead[2] * up[2])
    scale = 1.0 / np.sqrt(1.0 - rising * rising)
    # left x up, the level forward axis before scaling
    level = (left[1] * up[2] - left[2] * up[1], left[2] * up[0] - left[0] * up[2], left[0] * up[1] - left[1] * up[0])
    forward, roll_rate = (
        (vector[0] * level[0] + vector[1] * level[1] + vector[2] * level[2]) * scale for vector in (acc, gyr)
    )
    leftward = left[0] * gyr[0] + left[1] * gyr[1] + left[2] * gyr[2]
    return forward, roll_rate, (leftward - rising * yaw_rate) * scale, rising, dipping


def angle_rad(sine: FloatArray) -> FloatArray:
    """The angle of a sine that rounding may have taken beyond one."""
    angle: FloatArray = np.arcsin(np.minimum(np.maximum(sine, -1.0), 1.0))
    return angle
