"""The left-right symmetry of gait: which way is forward, from how a running body moves."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from sensorhub.model.samples import FloatArray
from sensorhub.model.units import GRAVITY_MPS2

ComplexArray = NDArray[np.complex128]
HARMONICS = 8
# Amplitude of the vertical acceleration at the step frequency: fast walking (5 cm at 2.2 Hz) has less than 5, slow
# running (6 cm at 2.6 Hz) 8 m/s2.
WALK_BOUNCE_MPS2 = 5.0
RUN_BOUNCE_MPS2 = 7.0
LEAST_BOUNCE_MPS2 = 0.8
SLOWEST_STEP_HZ = 1.2
FASTEST_STEP_HZ = 4.7
LEAST_STRIDES = 2.4  # in a window, so that its spectrum tells the stride's harmonics apart
LEAST_LIKENESS = 0.4  # autocorrelation after one step; two different feet leave it below 1


@dataclass(frozen=True, slots=True)
class GaitSpectrum:
    """One window of gait as harmonics of its stride.

    level_acc, level_rate, shape (2, HARMONICS): along and across a level axis, m/s2 and rad/s. vertical, shape
    (HARMONICS,): acceleration along up. yaw: rate about up; yaw_acc: its derivative, rad/s2. Harmonic k is at (k + 1)
    times stride_hz. running: whether the body bounces as in running or as in walking; None for between.
    """

    level_acc: ComplexArray
    level_rate: ComplexArray
    vertical: ComplexArray
    yaw: ComplexArray
    yaw_acc: ComplexArray
    running: bool | None


def gait_spectrum(
    acc: FloatArray, gyr: FloatArray, up: FloatArray, axis: FloatArray, rate_hz: float
) -> GaitSpectrum | None:
    """The spectrum of a window, arrays of shape (3, n), in level axes along and across `axis`; None without gait."""
    vertical = _dot(acc, up) - GRAVITY_MPS2
    step_s = _step_time_s(vertical, rate_hz)
    if step_s is None or 2.0 * step_s * LEAST_STRIDES > len(vertical) / rate_hz:
        return None
    toward = axis[0] * up[0] + axis[1] * up[1] + axis[2] * up[2]
    level = (axis[:, None] - up * toward) / np.sqrt(1.0 - toward * toward)
    across = np.array(
        [up[1] * level[2] - up[2] * level[1], up[2] * level[0] - up[0] * level[2], up[0] * level[1] - up[1] * level[0]]
    )
    yaw_rate = _dot(gyr, up)
    channels = np.stack([_dot(acc, level), _dot(acc, across), _dot(gyr, level), _dot(gyr, across), vertical, yaw_rate])
    _relevel(channels)
    channels -= channels.mean(axis=1, keepdims=True)
    stride_hz = 0.5 / step_s
    window = _hann(len(vertical))
    turn = np.exp((-2j * np.pi * stride_hz / rate_hz) * np.arange(len(vertical)))
    tones = np.cumprod(np.broadcast_to(turn, (HARMONICS, len(turn))), axis=0) * (window * (2.0 / window.sum()))
    spectrum = channels @ tones.T
    bounce = float(abs(spectrum[4, 1]))
    return GaitSpectrum(
        level_acc=spectrum[0:2],
        level_rate=spectrum[2:4],
        vertical=spectrum[4],
        yaw=spectrum[5],
        yaw_acc=spectrum[5] * (2j * np.pi * stride_hz * np.arange(1, HARMONICS + 1)),
        running=None if WALK_BOUNCE_MPS2 < bounce < RUN_BOUNCE_MPS2 else bounce >= RUN_BOUNCE_MPS2,
    )


def _relevel(channels: FloatArray) -> None:
    """Take out what an error of the inclination lets leak from the vertical into the level axes.

    Over whole seconds of steady gait, the mean specific force is vertical: what of it lies in a level axis is how far
    that axis is off the level.
    """
    push, yaw_rate = channels[4] + GRAVITY_MPS2, channels[5]
    mean_push = push.mean()
    for level in (0, 1):
        off_level = channels[level].mean() / mean_push
        channels[level] -= off_level * push
        channels[level + 2] -= off_level * yaw_rate


@cache
def _hann(samples: int) -> FloatArray:
    """The Hann window, made once for each length."""
    return np.hanning(samples)


def _dot(a: FloatArray, b: FloatArray) -> FloatArray:
    product: FloatArray = a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
    return product


def _step_time_s(vertical_mps2: FloatArray, rate_hz: float) -> float | None:
    """The time of a step, from the vertical acceleration; None where nobody walks or runs."""
    centred = vertical_mps2 - vertical_mps2.mean()
    whole = centred[: len(centred) // 4 * 4].reshape(4, -1)
    quarters = (whole * whole).mean(axis=1)
    # All through the window: one half of which is standing says little, and that wrongly.
    if quarters.min() < max(LEAST_BOUNCE_MPS2**2, 0.5 * float(quarters.max())):
        return None
    # One spectrum for both: the strongest bounce says which period is the step, and not half of it (impact) or double
    # (left and right differ); the likeness after it says that it is one, and exactly how long.
    size = 1 << int(2 * len(centred) - 1).bit_length()
    spectrum = np.fft.rfft(centred * _hann(len(centred)), size)
    hz = np.arange(len(spectrum)) * (rate_hz / size)
    bounce_hz = hz[int(np.argmax(np.where((hz > SLOWEST_STEP_HZ) & (hz < FASTEST_STEP_HZ), np.abs(spectrum), 0.0)))]
    likeness = np.fft.irfft(np.abs(np.fft.rfft(centred, size)) ** 2, size)[: len(centred)]
    first, last = int(0.9 * rate_hz / bounce_hz), int(1.1 * rate_hz / bounce_hz) + 1
    best = first + int(np.argmax(likeness[first : last + 1]))
    if likeness[best] < LEAST_LIKENESS * likeness[0] * (1.0 - best / len(centred)):
        return None
    before, at, after = likeness[best - 1 : best + 2]
    bend = before - 2.0 * at + after
    return float((best + (0.5 * (before - after) / bend if bend < 0.0 else 0.0)) / rate_hz)
