"""Bends: how far turning may have pulled the inclination off, during the turn and for some seconds behind it."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, lfilter

from sensorhub.model.samples import FloatArray
from sensorhub.model.units import GRAVITY_MPS2


@dataclass(frozen=True, slots=True)
class BendParams:
    """speed_mps: a usual running speed. tau_acc_s: the orientation filter's own time constant."""

    speed_mps: float = 3.0
    tau_acc_s: float = 4.0


class BendPull:
    """How far turning may pull the inclination off, to the size of it.

    In a bend the specific force leans towards its middle by speed times turning rate over gravity; the orientation
    filter follows it with its time constant (a second-order low-pass of cut-off sqrt(2) / (2 pi tau), Laidig and Seel
    2023) and comes back as slowly. Neither the speed nor how the direction turned meanwhile is known well enough to
    take it out; it is for a flag.
    """

    def __init__(self, rate_hz: float, params: BendParams = BendParams()) -> None:
        cutoff_hz = math.sqrt(2.0) / (2.0 * math.pi * params.tau_acc_s)
        self._b, self._a = butter(2, cutoff_hz, fs=rate_hz)
        self._state = np.zeros(2)
        self._lean_per_rate = params.speed_mps / GRAVITY_MPS2

    def feed(self, yaw_rate_radps: FloatArray) -> FloatArray:
        """The pull at each sample, rad, shape (n,)."""
        slow, self._state = lfilter(self._b, self._a, yaw_rate_radps, zi=self._state)
        pull: FloatArray = np.abs(self._lean_per_rate * slow)
        return pull
