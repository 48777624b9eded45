"""Orientation from acceleration and rate: vqf behind feed()."""

from dataclasses import dataclass

import numpy as np
from vqf import VQF

from sensorhub.model.samples import FloatArray


@dataclass(frozen=True, slots=True)
class OrientationParams:
    """`tau_acc_s`: time constant with which the accelerometer corrects the inclination (vqf's tauAcc)."""

    tau_acc_s: float = 3.0


class Orientation:
    """The 6D filter of Laidig and Seel (2023, Information Fusion 91, 187-204), without magnetometer.

    Heading is free. The gyroscope's bias is estimated at rest and in motion. vqf keeps its own state in C++ and gives
    the same bits for any cut of the stream.
    """

    def __init__(self, rate_hz: float, params: OrientationParams = OrientationParams()) -> None:
        self._rate_hz = rate_hz
        self._params = params
        self._filter = self._new_filter()

    def _new_filter(self) -> VQF:
        return VQF(1.0 / self._rate_hz, tauAcc=self._params.tau_acc_s)

    def restart(self) -> None:
        """Forget the orientation, after a gap too long to bridge, and keep what is known of the gyroscope's bias."""
        bias_radps, sigma_radps = self._filter.getBiasEstimate()
        self._filter = self._new_filter()
        self._filter.setBiasEstimate(bias_radps, sigma_radps)

    def feed(self, acc_mps2: FloatArray, gyr_radps: FloatArray) -> FloatArray:
        """q_earth_from_sensor, shape (n, 4), scalar first, for acc_mps2 and gyr_radps of shape (n, 3)."""
        if not len(acc_mps2):
            return np.empty((0, 4))
        batch = self._filter.updateBatch(np.ascontiguousarray(gyr_radps), np.ascontiguousarray(acc_mps2))
        quaternions: FloatArray = batch["quat6D"]
        return quaternions
