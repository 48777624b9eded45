"""The left-right symmetry of gait: which way is forward, from how a running body moves."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from sensorhub.analysis.alignment.pelvis import forward_parts
from sensorhub.dsp.rotation import parts_along, upward_parts
from sensorhub.model.samples import ACC, UP, FloatArray
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
    """One window of gait as harmonics of its stride; harmonic k is at (k + 1) times the stride's frequency.

    acc, shape (3, HARMONICS): acceleration along level forward and level left, and that which turning
    left faster gives a point 1 m ahead, m/s2. rate, shape (2, HARMONICS): about level forward and level left, rad/s.
    vertical, shape (HARMONICS,): acceleration along up. running: whether the body bounces as in running or as in
    walking; None for between.
    """

    acc: ComplexArray
    rate: ComplexArray
    vertical: ComplexArray
    running: bool | None


def gait_spectrum(vectors: FloatArray, left: FloatArray, rate_hz: float) -> GaitSpectrum | None:
    """The spectrum of a window, shape (3, 3, n), as if this axis, shape (3,), pointed left; None without gait."""
    upward = upward_parts(vectors)
    step_s = _step_time_s(upward[ACC] - GRAVITY_MPS2, rate_hz)
    size = upward.shape[1]
    if step_s is None or 2.0 * step_s * LEAST_STRIDES > size / rate_hz:
        return None
    forward, rising, per_level = forward_parts(vectors, left)
    leftward = (parts_along(vectors[:UP], left) - upward * rising) * per_level
    channels = np.concatenate((_relevelled(forward, upward), _relevelled(leftward, upward), upward))
    channels -= channels.mean(axis=1, keepdims=True)
    channels *= _hann(size)
    stride_hz = 0.5 / step_s
    roll, ahead, pitch, aside, yaw, vertical = channels @ _tones(stride_hz / rate_hz, size).T
    yaw_acc = yaw * (2j * np.pi * stride_hz * np.arange(1, HARMONICS + 1))
    bounce = float(abs(vertical[1]))
    return GaitSpectrum(
        acc=np.array((ahead, aside, yaw_acc)),
        rate=np.array((roll, pitch)),
        vertical=vertical,
        running=None if WALK_BOUNCE_MPS2 < bounce < RUN_BOUNCE_MPS2 else bounce >= RUN_BOUNCE_MPS2,
    )


def _relevelled(level: FloatArray, upward: FloatArray) -> FloatArray:
    """Take out what an error of the inclination lets leak from the vertical into a level axis, shape (2, n) each.

    Over whole seconds of steady gait, the mean specific force is vertical: what of it lies in a level axis is how far
    that axis is off the level.
    """
    relevelled: FloatArray = level - (level[ACC].mean() / upward[ACC].mean()) * upward
    return relevelled


def _tones(cycles: float, size: int) -> ComplexArray:
    """The stride's harmonics, of so many cycles a sample times the order of each, shape (HARMONICS, size)."""
    tones = np.empty((HARMONICS, size), dtype=np.complex128)
    tones[0] = np.exp((-2j * np.pi * cycles) * np.arange(size))
    for order in range(1, HARMONICS):
        np.multiply(tones[order - 1], tones[0], out=tones[order])
    return tones


@cache
def _hann(samples: int) -> FloatArray:
    """The Hann window, made once for each length, that leaves of a tone its amplitude."""
    window: FloatArray = np.hanning(samples)
    window *= 2.0 / window.sum()
    return window


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
    size = 2 * len(centred)
    spectrum = np.fft.rfft(centred, size)
    power = spectrum.real * spectrum.real + spectrum.imag * spectrum.imag
    slowest, fastest = int(SLOWEST_STEP_HZ * size / rate_hz) + 1, int(FASTEST_STEP_HZ * size / rate_hz) + 1
    bounce_hz = (slowest + int(np.argmax(power[slowest:fastest]))) * rate_hz / size
    likeness = np.fft.irfft(power, size)[: len(centred)]
    first, last = int(0.9 * rate_hz / bounce_hz), int(1.1 * rate_hz / bounce_hz) + 1
    best = first + int(np.argmax(likeness[first : last + 1]))
    if likeness[best] < LEAST_LIKENESS * likeness[0] * (1.0 - best / len(centred)):
        return None
    before, at, after = likeness[best - 1 : best + 2]
    bend = before - 2.0 * at + after
    return float((best + (0.5 * (before - after) / bend if bend < 0.0 else 0.0)) / rate_hz)
