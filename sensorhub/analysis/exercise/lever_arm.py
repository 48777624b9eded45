"""Where the sensor sits on the pelvis, told by what it feels of small turns: in front of the turning axis or behind."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sensorhub.analysis.exercise.drill_frames import DrillFrames
from sensorhub.model.samples import FloatArray


@dataclass(frozen=True, slots=True)
class LeverArmParams:
    """Time is judged in windows in which somebody stays about where he is: standing, or holding a plank.

    window_s: long enough for a few slow sways, short enough that a gyroscope's drift is a parabola. hop_s: after this
    long the next one is tried where one was not calm. trend_degree: of the
    polynomial in time that takes drift and offsets away. most_rate_radps, most_turn_rad: turning of a
    window that counts; floor_mps2,
    most_noise_mps2: least and greatest acceleration, root mean square, that is not the arm's. independent: share of
    the frames whose noise is their own (sway goes on for half a second). scatter_m: standard deviation of what a
    window tells beyond its noise, since the axes move too, and not without regard to the turns. prior_m: the same of
    the arm before anything was seen.
    """

    window_s: float = 8.0
    hop_s: float = 1.0
    trend_degree: int = 3
    most_rate_radps: float = 0.3
    most_turn_rad: float = 0.3
    floor_mps2: float = 0.001
    most_noise_mps2: float = 0.1
    independent: float = 0.1
    scatter_m: float = 0.1
    prior_m: float = 0.3


@dataclass(frozen=True, slots=True)
class Arm:
    """From the axes about which the pelvis turns to the sensor, sensor frame: mean, shape (3,), and covariance, m²."""

    known_s: float
    mean_m: FloatArray
    covariance_m2: FloatArray


class LeverArm:
    """Frames in, the arm out, better with each calm window.

    A sensor at r from the axes of turning feels a = alpha x r + omega x (omega x r) beside what the axes themselves do.
    Within a window the gyroscope alone carries the attitude on; gravity, offsets and drift then are a slow trend, which
    is taken out of both sides, and least squares give r (a third too long where the turns are a tremor's, which 25
    frames a second show smaller). The orientation filter's attitude will not do: it has leant on the same
    accelerations.
    """

    def __init__(self, rate_hz: float, params: LeverArmParams = LeverArmParams()) -> None:
        self._params = params
        self._rate_hz = rate_hz
        self._size = round(params.window_s * rate_hz)
        trend = np.polynomial.legendre.legvander(np.linspace(-1.0, 1.0, self._size), params.trend_degree)
        self._trend: FloatArray = np.linalg.qr(trend)[0]
        self._hop = round(params.hop_s * rate_hz)
        self._missing = self._size  # frames until the next window is full
        self._precision: FloatArray = np.eye(3) / params.prior_m**2
        self._weighted: FloatArray = np.zeros(3)

    def feed(self, frames: DrillFrames, first: int) -> Iterator[Arm]:
        """Take frames, of which those from `first` on are new; give the arm after each calm window completed."""
        stop = first + self._missing
        while stop <= len(frames):
            window = frames.cut(stop - self._size, stop)
            calm = self._learn(window.acc_mps2.copy(), window.gyr_radps.copy())
            stop += self._size if calm else self._hop
            if calm:
                covariance_m2 = np.asarray(np.linalg.inv(self._precision), dtype=np.float64)
                mean_m = (covariance_m2 * self._weighted).sum(axis=1)
                yield Arm(float(window.t_s[-1]), mean_m, covariance_m2)
        self._missing = stop - len(frames)

    def _learn(self, acc_mps2: FloatArray, gyr_radps: FloatArray) -> bool:
        """Add what a window tells; return whether it was calm enough to."""
        params = self._params
        if float((gyr_radps * gyr_radps).sum()) > params.most_rate_radps**2 * len(gyr_radps):
            return False
        attitude = _attitudes(gyr_radps, self._rate_hz)
        turned_cos = 0.5 * (attitude[:, 0, 0] + attitude[:, 1, 1] + attitude[:, 2, 2] - 1.0)
        felt = self._detrended((attitude * acc_mps2[:, None, :]).sum(axis=2))
        if turned_cos.min() < np.cos(params.most_turn_rad):
            return False
        spin = _cross_matrices(gyr_radps)
        arm_to_felt = _cross_matrices(np.gradient(gyr_radps, 1.0 / self._rate_hz, axis=0)) + spin @ spin
        per_arm = self._detrended((attitude @ arm_to_felt).reshape(-1, 9)).reshape(-1, 3)
        felt = felt.reshape(-1)
        normal = (per_arm[:, :, None] * per_arm[:, None, :]).sum(axis=0)
        right = (per_arm * felt[:, None]).sum(axis=0)
        faint = np.eye(3) * (params.floor_mps2 / params.prior_m) ** 2
        arm_m = np.linalg.solve(normal + faint, right)
        left_over = felt - (per_arm * arm_m).sum(axis=1)
        noise_mps2 = max(float(np.sqrt((left_over * left_over).sum() / len(felt))), params.floor_mps2)
        if noise_mps2 > params.most_noise_mps2:
            return False
        error_m2 = np.linalg.inv(normal + faint) * (noise_mps2**2 / params.independent)
        precision = np.linalg.inv(error_m2 + np.eye(3) * params.scatter_m**2)
        self._precision = self._precision + precision
        self._weighted = self._weighted + (precision * arm_m).sum(axis=1)
        return True

    def _detrended(self, columns: FloatArray) -> FloatArray:
        """Take the slow trend out of each column, shape (n, k)."""
        trends = (self._trend[:, :, None] * columns[:, None, :]).sum(axis=0)
        detrended: FloatArray = columns - (self._trend[:, :, None] * trends[None]).sum(axis=1)
        return detrended


def _attitudes(gyr_radps: FloatArray, rate_hz: float) -> FloatArray:
    """Rotation matrices from each frame's sensor axes to the first one's, shape (n, 3, 3)."""
    turns = np.zeros_like(gyr_radps)
    turns[1:] = 0.5 * (gyr_radps[1:] + gyr_radps[:-1]) / rate_hz
    small = _cross_matrices(turns)
    attitude: FloatArray = np.eye(3) + small + 0.5 * (small @ small)
    reach = 1
    while reach < len(attitude):  # products of ever longer rows of small turns
        attitude[reach:] = attitude[:-reach] @ attitude[reach:]
        reach *= 2
    return attitude


def _cross_matrices(vectors: FloatArray) -> FloatArray:
    """The matrices that take a vector product from the left, shape (n, 3, 3)."""
    x, y, z = vectors[:, 0], vectors[:, 1], vectors[:, 2]
    none = np.zeros(len(vectors))
    matrices: FloatArray = np.stack([none, -z, y, z, none, -x, -y, x, none], axis=-1).reshape(-1, 3, 3)
    return matrices
