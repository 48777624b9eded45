"""The left-right symmetry of gait: which way is forward, from how a running body moves."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sensorhub.dsp.rotation import along
from sensorhub.model.samples import FloatArray
from sensorhub.model.units import GRAVITY_MPS2

ComplexArray = NDArray[np.complex128]
HARMONICS = 8


@dataclass(frozen=True, slots=True)
class GaitSpectrum:
    """One window of gait as harmonics of its stride.

    level_acc, level_rate, shape (2, HARMONICS): along and across a level axis, m/s2 and rad/s. vertical, shape
    (HARMONICS,): acceleration along up. yaw: rate about up; yaw_acc: its derivative, rad/s2. Harmonic k is at (k + 1)
    times stride_hz. flight: whether the body falls freely at times, as in running.
    """

    level_acc: ComplexArray
    level_rate: ComplexArray
    vertical: ComplexArray
    yaw: ComplexArray
    yaw_acc: ComplexArray
    flight: bool


def gait_spectrum(
    acc_mps2: FloatArray, gyr_radps: FloatArray, up: FloatArray, axis: FloatArray, rate_hz: float
) -> GaitSpectrum | None:
    """The spectrum of a window, arrays of shape (n, 3), in level axes along and across `axis`; None without gait."""
    vertical = (acc_mps2 * up).sum(axis=1) - GRAVITY_MPS2
    step_s = _step_time_s(vertical, rate_hz)
    if step_s is None:
        return None
    toward = along(up, axis)
    level = (axis - up * toward[:, None]) / np.sqrt(1.0 - toward * toward)[:, None]
    across = np.cross(up, level)
    channels = np.stack(
        [
            (acc_mps2 * level).sum(axis=1),
            (acc_mps2 * across).sum(axis=1),
            (gyr_radps * level).sum(axis=1),
            (gyr_radps * across).sum(axis=1),
            vertical,
            (gyr_radps * up).sum(axis=1),
        ]
    )
    channels -= channels.mean(axis=1, keepdims=True)
    stride_hz = 0.5 / step_s
    window = np.hanning(len(vertical))
    turn = np.exp((-2j * np.pi * stride_hz / rate_hz) * np.arange(len(vertical)))
    tones = np.cumprod(np.tile(turn, (HARMONICS, 1)), axis=0) * (window * (2.0 / window.sum()))
    spectrum = channels @ tones.T
    return GaitSpectrum(
        level_acc=spectrum[0:2],
        level_rate=spectrum[2:4],
        vertical=spectrum[4],
        yaw=spectrum[5],
        yaw_acc=spectrum[5] * (2j * np.pi * stride_hz * np.arange(1, HARMONICS + 1)),
        flight=bool(np.percentile(vertical, 5) < -0.8 * GRAVITY_MPS2),
    )


def _step_time_s(vertical_mps2: FloatArray, rate_hz: float) -> float | None:
    """The time of a step, from the autocorrelation of the vertical acceleration; None where nobody walks or runs."""
    centred = vertical_mps2 - vertical_mps2.mean()
    power = float((centred * centred).sum())
    if power < len(centred) * 0.8**2:
        return None
    size = 1 << int(2 * len(centred) - 1).bit_length()
    spectrum = np.fft.rfft(centred, size)
    likeness = np.fft.irfft(np.abs(spectrum) ** 2, size)[: len(centred)]
    likeness = likeness / (power * (1.0 - np.arange(len(centred)) / len(centred)))
    first, last = int(0.22 * rate_hz), int(0.75 * rate_hz)
    inside = likeness[first : last + 1]
    peaks = np.flatnonzero((inside[1:-1] >= inside[:-2]) & (inside[1:-1] > inside[2:])) + 1
    peaks = peaks[inside[peaks] > 0.5]
    if not len(peaks):
        return None
    # The shortest lag of the good ones: its multiples are as alike.
    best = int(peaks[inside[peaks] > 0.85 * inside[peaks].max()][0]) + first
    before, at, after = likeness[best - 1 : best + 2]
    return float((best + 0.5 * (before - after) / (before - 2.0 * at + after)) / rate_hz)
