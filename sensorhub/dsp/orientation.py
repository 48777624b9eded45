"""Orientation from acceleration and rate: vqf behind feed()."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from vqf import VQF

from sensorhub.model.samples import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class OrientationParams:
    """How fast the accelerometer corrects the inclination (vqf's tauAcc), and how the filter is started.

    tau_acc_s: while the gyroscope's bias is unknown, which tilts by its product with it. known_tau_acc_s: where the
    stream begins at rest; bends and changes of speed pull less. unsure_tau_acc_s: from a bridged gap until unsure_s
    after it, which is long because each change of it shakes the filter.
    Where the first `start_s` are still (rates within `still_radps` of their mean, a plausible bias), that mean starts
    the gyroscope's bias, known to `still_sigma_radps`; else they are swung through `start_rounds` times, and the bias,
    which may be some `bias_sigma_dps`, is found in the motion within half a minute.
    """

    tau_acc_s: float = 2.0
    known_tau_acc_s: float = 4.0
    unsure_tau_acc_s: float = 1.0
    unsure_s: float = 60.0
    start_s: float = 1.9
    start_rounds: int = 2
    still_radps: float = 0.1
    largest_bias_radps: float = 0.15
    bias_clip_dps: float = 6.0
    bias_sigma_dps: float = 3.0
    still_sigma_radps: float = 0.001


class Orientation:
    """The 6D filter of Laidig and Seel (2023, Information Fusion 91, 187-204), without magnetometer.

    Heading is free. The gyroscope's bias is estimated at rest and in motion. vqf keeps its own state in C++ and gives
    the same bits for any cut of the stream. It turns by the rate of a sample over the whole interval before it, which
    is half a sample ahead of the truth (0.26 deg at contact); it is fed the mean rate over the interval instead, by
    the third-order formula of Adams and Moulton (the mean of both ends leaves 0.13 deg, this 0.08).
    """

    def __init__(self, rate_hz: float, params: OrientationParams = OrientationParams()) -> None:
        self._rate_hz = rate_hz
        self._params = params
        self._filter = self._new_filter()
        self._last_gyr_radps: FloatArray | None = None
        self._tau_acc_s = self._tau_in_use_s = params.tau_acc_s
        self._unsure = 0  # samples until the bridge before them is forgotten

    def _new_filter(self) -> VQF:
        params = self._params
        return VQF(
            1.0 / self._rate_hz,
            tauAcc=params.tau_acc_s,
            biasClip=params.bias_clip_dps,
            biasSigmaInit=params.bias_sigma_dps,
        )

    def restart(self) -> None:
        """Forget the orientation, after a gap too long to bridge, and keep what is known of the gyroscope's bias."""
        bias_radps, sigma_radps = self._filter.getBiasEstimate()
        self._filter = self._new_filter()
        self._filter.setBiasEstimate(bias_radps, sigma_radps)
        self._last_gyr_radps = None
        self._tau_in_use_s = self._params.tau_acc_s

    def feed(self, acc_mps2: FloatArray, gyr_radps: FloatArray, missing: BoolArray) -> FloatArray:
        """q_earth_from_sensor, shape (n, 4), scalar first, for acc_mps2 and gyr_radps of shape (n, 3).

        missing, shape (n,): where samples were bridged, behind which the accelerometer corrects faster for a while.
        """
        if not len(acc_mps2):
            return np.empty((0, 4))
        over_interval = self._over_interval(gyr_radps)
        acc = np.ascontiguousarray(acc_mps2)
        parts = [
            self._turned(over_interval[start:stop], acc[start:stop], unsure=unsure)
            for start, stop, unsure in self._spans(missing)
        ]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _over_interval(self, gyr_radps: FloatArray) -> FloatArray:
        """The mean rate over the interval before each sample, on the parabola through it and the two before it."""
        before = self._last_gyr_radps
        if before is None:
            before = np.concatenate((gyr_radps[:1], gyr_radps[:1]))
        joined = np.concatenate((before, gyr_radps))
        self._last_gyr_radps = joined[-2:]
        mean: FloatArray = (5.0 / 12.0) * joined[2:]
        mean += (8.0 / 12.0) * joined[1:-1]
        mean -= (1.0 / 12.0) * joined[:-2]
        return mean

    def _spans(self, missing: BoolArray) -> list[tuple[int, int, bool]]:
        """Stretches of samples (start, stop, whether a bridge is in them or not long before)."""
        size = len(missing)
        if self._unsure <= 0 and not np.count_nonzero(missing):
            return [(0, size, False)]
        bridged = np.flatnonzero(missing)
        wait = round(self._params.unsure_s * self._rate_hz)
        unsure = np.zeros(size, dtype=bool)
        unsure[: max(self._unsure, 0)] = True
        for first in bridged.tolist():
            unsure[first : first + 1 + wait] = True
        left = wait - (size - 1 - int(bridged[-1])) if len(bridged) else 0
        self._unsure = max(left, self._unsure - size, 0)
        edges = [0, *(np.flatnonzero(np.diff(unsure)) + 1).tolist(), size]
        return [(start, stop, bool(unsure[start])) for start, stop in pairwise(edges)]

    def _turned(self, gyr_radps: FloatArray, acc_mps2: FloatArray, *, unsure: bool) -> FloatArray:
        tau_acc_s = self._params.unsure_tau_acc_s if unsure else self._tau_acc_s
        if tau_acc_s != self._tau_in_use_s:
            self._filter.setTauAcc(tau_acc_s)
            self._tau_in_use_s = tau_acc_s
        quaternions: FloatArray = self._filter.updateBatch(gyr_radps, acc_mps2)["quat6D"]
        return quaternions

    def start(self, acc_mps2: FloatArray, gyr_radps: FloatArray) -> None:
        """Get ready with the first samples of a stream, shape (n, 3) each; they are fed again afterwards.

        Where they are still, their mean rate is the gyroscope's bias. Else they are run through backward and forward in
        time, so that a stream that begins in the middle of a run begins with its inclination known.
        """
        first = slice(0, int(self._params.start_s * self._rate_hz))
        acc, gyr = np.ascontiguousarray(acc_mps2[first]), np.ascontiguousarray(gyr_radps[first])
        if len(acc) < 2:
            return
        mean = np.add.reduce(gyr, axis=0) / len(gyr)
        still = float(np.abs(gyr - mean).max()) < self._params.still_radps
        if still and float(np.abs(mean).max()) < self._params.largest_bias_radps:
            self._filter.setBiasEstimate(mean, self._params.still_sigma_radps)
            self._tau_acc_s = self._params.known_tau_acc_s
        elif not still:
            self._swing_in(acc, gyr)

    def _swing_in(self, acc_mps2: FloatArray, gyr_radps: FloatArray) -> None:
        bias, sigma = self._filter.getBiasEstimate()
        ahead = np.ascontiguousarray(gyr_radps[1:]), np.ascontiguousarray(acc_mps2[1:])
        back = np.ascontiguousarray(-gyr_radps[:0:-1]), np.ascontiguousarray(acc_mps2[-2::-1])
        for way in (back, ahead) * self._params.start_rounds + (back,):
            # Backward, a bias has the other sign: none is carried over.
            self._filter.updateBatch(*way)
            self._filter.setBiasEstimate(bias, sigma)
