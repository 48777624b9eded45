"""Orientation from acceleration and rate: vqf behind feed()."""

from dataclasses import dataclass

import numpy as np
from vqf import VQF

from sensorhub.model.samples import FloatArray


@dataclass(frozen=True, slots=True)
class OrientationParams:
    """`tau_acc_s`: time constant with which the accelerometer corrects the inclination (vqf's tauAcc).

    Where the first `still_s` are still (rates within `still_radps` of their mean, its length a plausible bias), that
    mean starts the gyroscope's bias, known to `still_sigma_radps`.
    """

    tau_acc_s: float = 3.0
    still_s: float = 1.5
    still_radps: float = 0.1
    largest_bias_radps: float = 0.1
    still_sigma_radps: float = 0.001


class Orientation:
    """The 6D filter of Laidig and Seel (2023, Information Fusion 91, 187-204), without magnetometer.

    Heading is free. The gyroscope's bias is estimated at rest and in motion. vqf keeps its own state in C++ and gives
    the same bits for any cut of the stream. It turns by the rate of a sample over the whole interval before it; the
    mean of both ends is fed instead, without which the orientation runs half a sample ahead (0.26 deg at contact).
    """

    def __init__(self, rate_hz: float, params: OrientationParams = OrientationParams()) -> None:
        self._rate_hz = rate_hz
        self._params = params
        self._filter = self._new_filter()
        self._last_gyr_radps: FloatArray | None = None

    def _new_filter(self) -> VQF:
        return VQF(1.0 / self._rate_hz, tauAcc=self._params.tau_acc_s)

    def restart(self) -> None:
        """Forget the orientation, after a gap too long to bridge, and keep what is known of the gyroscope's bias."""
        bias_radps, sigma_radps = self._filter.getBiasEstimate()
        self._filter = self._new_filter()
        self._filter.setBiasEstimate(bias_radps, sigma_radps)
        self._last_gyr_radps = None

    def feed(self, acc_mps2: FloatArray, gyr_radps: FloatArray) -> FloatArray:
        """q_earth_from_sensor, shape (n, 4), scalar first, for acc_mps2 and gyr_radps of shape (n, 3)."""
        if not len(acc_mps2):
            return np.empty((0, 4))
        if self._last_gyr_radps is None:
            self._last_gyr_radps = gyr_radps[:1]
        over_interval = 0.5 * (gyr_radps + np.concatenate((self._last_gyr_radps, gyr_radps[:-1])))
        self._last_gyr_radps = gyr_radps[-1:].copy()
        batch = self._filter.updateBatch(over_interval, np.ascontiguousarray(acc_mps2))
        quaternions: FloatArray = batch["quat6D"]
        return quaternions

    def start(self, gyr_radps: FloatArray) -> None:
        """Take the gyroscope's bias from the first samples of a stream, shape (n, 3), where they are still."""
        first = gyr_radps[: int(self._params.still_s * self._rate_hz)]
        mean = np.add.reduce(np.ascontiguousarray(first), axis=0) / max(len(first), 1)
        still = len(first) > 1 and float(np.abs(first - mean).max()) < self._params.still_radps
        if still and float(np.abs(mean).max()) < self._params.largest_bias_radps:
            self._filter.setBiasEstimate(mean, self._params.still_sigma_radps)
