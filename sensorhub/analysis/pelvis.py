"""The pelvis's motion: angles, rates and accelerations in the frames that gait is described in."""

from dataclasses import dataclass

import numpy as np

from sensorhub.dsp.rotation import along, up_in_sensor
from sensorhub.model.alignment import Alignment
from sensorhub.model.samples import BoolArray, FloatArray, MotionBlock
from sensorhub.model.units import GRAVITY_MPS2

# The clip is worn at the back. What moves symmetrically, and up and down with the body, is not the clip, which the
# pelvis swings as it turns and tilts: the hip joints lie this far ahead of it (5 to 7 cm behind the ASIS, Bell 1990,
# in a pelvis 15 cm deep).
HIPS_AHEAD_M = 0.11


@dataclass(frozen=True, slots=True)
class PelvisBlock:
    """Samples on the grid in pelvis terms, all of shape (n,) but up_sensor, shape (n, 3).

    vertical_mps2, forward_mps2, lateral_mps2: acceleration without gravity along the earth's up and along the level
    parts of the pelvis's forward and left axes. roll, pitch and yaw rate: about the level forward axis (+ left side
    rising), the level left axis (+ anterior) and the earth's up (+ turning left). obliquity_rad: + left side higher.
    tilt_rad: + anterior, from the reference pose. up_sensor: the earth's up in the sensor frame.
    While alignment is None or its left_sensor is, whatever needs a heading is NaN.
    """

    rate_hz: float
    t_s: FloatArray
    vertical_mps2: FloatArray
    forward_mps2: FloatArray
    lateral_mps2: FloatArray
    roll_rate_radps: FloatArray
    pitch_rate_radps: FloatArray
    yaw_rate_radps: FloatArray
    obliquity_rad: FloatArray
    tilt_rad: FloatArray
    up_sensor: FloatArray
    missing: BoolArray
    clipped: BoolArray
    alignment: Alignment | None

    def __len__(self) -> int:
        return len(self.t_s)


def pelvis_motion(motion: MotionBlock, alignment: Alignment | None) -> PelvisBlock:
    """Express motion in the pelvis's and the earth's frames."""
    up = up_in_sensor(motion.q_earth_from_sensor)
    acc, gyr = motion.acc_mps2, motion.gyr_radps
    vertical = _dot(acc, up) - GRAVITY_MPS2
    yaw_rate = _dot(gyr, up)
    if alignment is None or alignment.left_sensor is None:
        angles: tuple[FloatArray, ...] = (np.full(len(motion), np.nan),) * 6
    else:
        angles = _headed(acc, gyr, up, alignment)
    forward, lateral, roll_rate, pitch_rate, obliquity, tilt = angles
    return PelvisBlock(
        rate_hz=motion.rate_hz,
        t_s=motion.t_s,
        vertical_mps2=vertical,
        forward_mps2=forward,
        lateral_mps2=lateral,
        roll_rate_radps=roll_rate,
        pitch_rate_radps=pitch_rate,
        yaw_rate_radps=yaw_rate,
        obliquity_rad=obliquity,
        tilt_rad=tilt,
        up_sensor=up,
        missing=motion.missing,
        clipped=motion.clipped,
        alignment=alignment,
    )


def forward_axis(alignment: Alignment) -> FloatArray:
    """The forward axis at the reference pose, in the sensor frame; NaN while the heading is unknown."""
    if alignment.left_sensor is None:
        return np.full(3, np.nan)
    return np.cross(np.array(alignment.left_sensor), np.array(alignment.up_sensor))


def obliquity_rad(up_sensor: FloatArray, left_sensor: FloatArray) -> FloatArray:
    """Obliquity: the angle by which the left axis rises above the horizontal; shape (n,) for up_sensor (n, 3)."""
    angle: FloatArray = np.arcsin(np.clip(along(up_sensor, left_sensor), -1.0, 1.0))
    return angle


def tilt_rad(up_sensor: FloatArray, forward_sensor: FloatArray) -> FloatArray:
    """Tilt: the angle by which the forward axis dips below the horizontal (+ anterior); shape (n,)."""
    angle: FloatArray = -np.arcsin(np.clip(along(up_sensor, forward_sensor), -1.0, 1.0))
    return angle


def _headed(acc: FloatArray, gyr: FloatArray, up: FloatArray, alignment: Alignment) -> tuple[FloatArray, ...]:
    left = np.array(alignment.left_sensor)
    forward = forward_axis(alignment)
    rising = along(up, left)
    # The level part of the left axis; the level forward axis is at right angles to it and to up, not a projection of
    # its own, so that obliquity and tilt do not leak into each other.
    length = 1.0 / np.sqrt(1.0 - rising * rising)
    level_left = (left - up * rising[:, None]) * length[:, None]
    level_forward = _cross(level_left, up)
    return (
        _dot(acc, level_forward),
        _dot(acc, level_left),
        _dot(gyr, level_forward),
        _dot(gyr, level_left),
        np.arcsin(np.clip(rising, -1.0, 1.0)),
        tilt_rad(up, forward),
    )


def _dot(a: FloatArray, b: FloatArray) -> FloatArray:
    product: FloatArray = a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1] + a[:, 2] * b[:, 2]
    return product


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    out = np.empty_like(a)
    out[:, 0] = a[:, 1] * b[:, 2] - a[:, 2] * b[:, 1]
    out[:, 1] = a[:, 2] * b[:, 0] - a[:, 0] * b[:, 2]
    out[:, 2] = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return out
