"""What a clip on the back of the pelvis feels of a body: any mounting, the rates and ranges of parts that are sold."""

import numpy as np
from scipy.signal import butter, sosfiltfilt
from scipy.spatial.transform import Rotation

from sensorhub.model.samples import FloatArray, SampleBlock
from tests.yardstick.other_bodies.body import STEP_S, Body

GRAVITY_MPS2 = 9.81
RATES_HZ = (50, 52, 60, 100, 104, 119, 128, 200)
SOFT_TISSUE_HZ = 25.0
"""Skin, cloth and clip follow no infinite jerk."""
THUD_DECAY_PER_S = 25.0


def felt(body: Body, rng: np.random.Generator) -> SampleBlock:
    """The samples of a sensor 6 to 14 cm behind the axes about which the pelvis turns, put on at random."""
    force, rate = _force_and_rate(
        body, np.array([-rng.uniform(0.06, 0.14), rng.uniform(-0.03, 0.03), rng.uniform(-0.03, 0.06)])
    )
    rate_hz = float(rng.choice(RATES_HZ))
    t_s = np.arange(0, len(force) * STEP_S - 0.1, 1 / rate_hz)
    mounting = Rotation.random(random_state=int(rng.integers(1 << 31)))
    acc_range, gyr_range = rng.choice([8, 16]) * GRAVITY_MPS2, np.radians(rng.choice([500, 1000, 2000]))
    acc = mounting.apply(_sampled(force, t_s, rate_hz)) + _errors(t_s, rate_hz, 0.10, 0.0005 * GRAVITY_MPS2, rng)
    gyr = mounting.apply(_sampled(rate, t_s, rate_hz)) + _errors(t_s, rate_hz, np.radians(0.7), np.radians(0.01), rng)
    return SampleBlock(t_s, _digits(acc, acc_range), _digits(gyr, gyr_range))


def _force_and_rate(body: Body, offset_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Specific force, m/s2, and angular rate, rad/s, at a place of the pelvis and along its axes, shape (n, 3)."""
    angles = np.column_stack([body.place[channel] for channel in ("yaw", "pitch", "roll")])
    turned = Rotation.from_euler("ZYX", angles, degrees=True)
    soft = butter(3, SOFT_TISSUE_HZ, fs=1 / STEP_S, output="sos")
    place_m = sosfiltfilt(soft, np.column_stack([body.place[c] for c in "xyz"]) + turned.apply(offset_m), axis=0)
    acceleration, rate = np.zeros_like(place_m), np.zeros_like(place_m)
    acceleration[1:-1] = np.diff(place_m, 2, axis=0) / STEP_S**2
    rate[1:-1] = (turned[:-2].inv() * turned[2:]).as_rotvec() / (2 * STEP_S)
    force = turned.inv().apply(acceleration + np.array([0, 0, GRAVITY_MPS2]))
    for thud in body.thuds:
        part = force[body.span(thud.at_s, thud.at_s + 0.4), thud.axis]
        if len(part):
            u = np.arange(len(part)) * STEP_S
            ring = thud.size_mps2 * np.exp(-THUD_DECAY_PER_S * u) * np.sin(2 * np.pi * thud.frequency_hz * u)
            part += ring - ring.mean()
    return force, sosfiltfilt(soft, rate, axis=0)


def _sampled(values: FloatArray, t_s: FloatArray, rate_hz: float) -> FloatArray:
    """Means over the last 60 % of a period, as a sensor's own filter takes them."""
    width = max(1, int(0.6 / rate_hz / STEP_S))
    full_s = np.arange(len(values)) * STEP_S
    return np.column_stack(
        [np.interp(t_s, full_s, np.convolve(axis, np.full(width, 1 / width), "same")) for axis in values.T]
    )


def _errors(t_s: FloatArray, rate_hz: float, offset: float, density: float, rng: np.random.Generator) -> FloatArray:
    """An offset and white noise (its density per root Hz), shape (n, 3)."""
    return rng.normal(0, offset, 3) + rng.normal(0, density * np.sqrt(rate_hz / 2), (len(t_s), 3))


def _digits(values: FloatArray, full_scale: float) -> FloatArray:
    """16 bit, cut off at full scale."""
    bit = full_scale / 32768
    return np.clip(np.round(values / bit) * bit, -full_scale, full_scale)
