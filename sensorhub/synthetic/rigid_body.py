"""What a sensor fixed to the pelvis feels: specific force and angular rate from the pose, without approximation."""

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import BSpline, CubicSpline

from sensorhub.model.samples import FloatArray
from sensorhub.model.units import GRAVITY_MPS2


@dataclass(frozen=True, slots=True)
class Attitude:
    """The pelvis's three angles with two derivatives, each shape (n, 3): value, rate, acceleration (rad, rad/s, ...).

    yaw about the vertical (+ left), obliquity (+ left side higher), tilt (+ anterior), taken in this order (rotation,
    obliquity, tilt: Baker 2001), so that the angle `obliquity` is asin of the vertical part of the left axis exactly.
    """

    yaw: FloatArray
    obliquity: FloatArray
    tilt: FloatArray

    def to_body(self, vector_earth: FloatArray) -> FloatArray:
        """Turn earth-frame vectors into the pelvis frame, shape (n, 3)."""
        x, y, z = vector_earth[:, 0], vector_earth[:, 1], vector_earth[:, 2]
        cy, sy = np.cos(self.yaw[:, 0]), np.sin(self.yaw[:, 0])
        x, y = cy * x + sy * y, -sy * x + cy * y
        co, so = np.cos(self.obliquity[:, 0]), np.sin(self.obliquity[:, 0])
        y, z = co * y + so * z, -so * y + co * z
        ct, st = np.cos(self.tilt[:, 0]), np.sin(self.tilt[:, 0])
        return np.stack([ct * x - st * z, y, st * x + ct * z], axis=-1)

    def rate_radps(self) -> FloatArray:
        """Angular rate in the pelvis frame, shape (n, 3)."""
        w = self._rate_before_tilt()
        ct, st = np.cos(self.tilt[:, 0]), np.sin(self.tilt[:, 0])
        return np.stack([ct * w[0] - st * w[2], w[1] + self.tilt[:, 1], st * w[0] + ct * w[2]], axis=-1)

    def angular_acceleration_radps2(self) -> FloatArray:
        """Angular acceleration in the pelvis frame, shape (n, 3)."""
        w = self._rate_before_tilt()
        so, co = np.sin(self.obliquity[:, 0]), np.cos(self.obliquity[:, 0])
        yaw1, yaw2, roll1 = self.yaw[:, 1], self.yaw[:, 2], self.obliquity[:, 1]
        dw = (self.obliquity[:, 2], yaw2 * so + yaw1 * roll1 * co, yaw2 * co - yaw1 * roll1 * so)
        ct, st, tilt1 = np.cos(self.tilt[:, 0]), np.sin(self.tilt[:, 0]), self.tilt[:, 1]
        return np.stack(
            [
                ct * dw[0] - st * dw[2] - tilt1 * (st * w[0] + ct * w[2]),
                dw[1] + self.tilt[:, 2],
                st * dw[0] + ct * dw[2] + tilt1 * (ct * w[0] - st * w[2]),
            ],
            axis=-1,
        )

    def _rate_before_tilt(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        so, co = np.sin(self.obliquity[:, 0]), np.cos(self.obliquity[:, 0])
        return self.obliquity[:, 1], self.yaw[:, 1] * so, self.yaw[:, 1] * co


def with_derivatives(curve: BSpline | CubicSpline, t_s: FloatArray) -> FloatArray:
    """A curve at t_s with its first two derivatives, shape (n, 3)."""
    return np.stack([curve(t_s, order) for order in range(3)], axis=-1)


def felt_at(
    attitude: Attitude, acceleration_earth_mps2: FloatArray, offset_m: tuple[float, float, float]
) -> tuple[FloatArray, FloatArray]:
    """Return specific force and angular rate in the pelvis frame at a point of the pelvis.

    acceleration_earth_mps2: of the pelvis origin, shape (n, 3). offset_m: the point, in the pelvis frame.
    """
    force = attitude.to_body(acceleration_earth_mps2 + np.array([0.0, 0.0, GRAVITY_MPS2]))
    rate = attitude.rate_radps()
    lever = np.broadcast_to(np.array(offset_m), rate.shape)
    force = force + np.cross(attitude.angular_acceleration_radps2(), lever)
    force = force + np.cross(rate, np.cross(rate, lever))
    return force, rate
