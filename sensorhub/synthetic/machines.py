"""What a sensor feels that is not on a pelvis: in a car, on a washing machine, on a wrist, left lying."""

from collections.abc import Callable

import numpy as np
from scipy.interpolate import make_interp_spline

from sensorhub.model.samples import FloatArray, SampleBlock
from sensorhub.model.units import GRAVITY_MPS2, RAD_PER_DEG
from sensorhub.synthetic.rigid_body import Attitude, felt_at, with_derivatives
from sensorhub.synthetic.sensor import SensorParams, drawn_mount, taken
from sensorhub.synthetic.truth import SyntheticRecording, Truth

Felt = tuple[FloatArray, FloatArray]
Machine = Callable[[FloatArray, np.random.Generator], Felt]


def felt_by_machine(
    machine: Machine, sensor: SensorParams, duration_s: float, rngs: tuple[np.random.Generator, np.random.Generator]
) -> SyntheticRecording:
    """Return what a sensor fixed anyhow to a machine delivers, and how it is fixed; no steps, no sets."""
    plan_rng, sensor_rng = rngs
    t_s = np.arange(int(duration_s * sensor.rate_hz)) / sensor.rate_hz
    force, rate = machine(t_s, plan_rng)
    mount = drawn_mount(sensor, sensor_rng)
    block = taken(sensor, SampleBlock(t_s, force, rate), mount, sensor_rng)
    return SyntheticRecording(block, Truth(sensor.rate_hz, mount))


def car_ride(t_s: FloatArray, rng: np.random.Generator) -> Felt:
    """Braking and bends of some seconds, a body that bounces at 1.3 Hz on its springs, and the road above 8 Hz."""
    attitude = turned(t_s, *(wander(t_s, 3.0, size, rng) for size in (40.0, 1.2, 1.2)))
    slow = np.stack([wander(t_s, 4.0, size, rng) for size in (1.3, 1.5, 0.1)], axis=-1)
    bounce = narrow(t_s, 1.3, 0.5, rng)
    road = np.stack([wander(t_s, 0.05, size, rng) for size in (0.25, 0.25, 0.5)], axis=-1)
    slow[:, 2] += bounce
    return felt_at(attitude, slow + road, (0.0, 0.0, 0.0))


def washing_machine(t_s: FloatArray, rng: np.random.Generator) -> Felt:
    """A drum that turns to and fro at 0.8 turns a second, and now and then spins at 12 to 18."""
    phase = np.clip(np.sin(2 * np.pi * t_s / 40.0 + float(rng.uniform(0, 6))) * 4 - 2.5, 0, 1)
    turns_per_s = 0.8 * np.sign(np.sin(2 * np.pi * t_s / 14.0)) * (1 - phase) + 15.0 * phase
    angle = 2 * np.pi * np.cumsum(turns_per_s) * (t_s[1] - t_s[0])
    size = 0.6 * (1 - phase) + 5.0 * phase
    shake = np.stack([size * np.cos(angle), size * np.sin(angle), 0.4 * size * np.sin(angle + 0.7)], axis=-1)
    tremble = np.stack([wander(t_s, 0.04, 0.3, rng) for _ in range(3)], axis=-1)
    rock = 0.6 * RAD_PER_DEG * np.stack([np.sin(angle), np.cos(angle), 0 * angle], axis=-1) * 2 * np.pi * 0.8
    return np.array([0.0, 0.0, GRAVITY_MPS2]) + shake + tremble, rock


def wrist(t_s: FloatArray, rng: np.random.Generator) -> Felt:
    """An arm that swings as its owner walks, waits, gestures: 35 degrees each way at 0.9 swings a second."""
    busy = (np.sin(2 * np.pi * t_s / 25.0 + float(rng.uniform(0, 6))) > -0.3).astype(np.float64)
    busy = np.convolve(busy, np.ones(max(1, int(1.0 / (t_s[1] - t_s[0])))), mode="same") * (t_s[1] - t_s[0])
    swing = narrow(t_s, 0.92, 33.0, rng) * busy
    twist = wander(t_s, 0.6, 20.0, rng)
    turn = wander(t_s, 1.5, 30.0, rng)
    body = np.zeros((len(t_s), 3))
    body[:, 2] = 2.2 * np.sin(2 * np.pi * 1.84 * t_s) * busy
    return felt_at(turned(t_s, turn, twist, swing - 20.0), body, (0.0, 0.0, -0.55))


def lying_still(t_s: FloatArray, rng: np.random.Generator) -> Felt:
    """A sensor on a table, or on a sleeper: gravity, a trace of breathing, and nothing else."""
    force = np.tile([0.0, 0.0, GRAVITY_MPS2], (len(t_s), 1))
    force[:, 0] += 0.02 * np.sin(2 * np.pi * 0.25 * t_s + float(rng.uniform(0, 6)))
    return force, np.zeros((len(t_s), 3))


def turned(t_s: FloatArray, *angles_deg: FloatArray) -> Attitude:
    """The attitude with this yaw, obliquity and tilt at each sample, deg, shape (n,) each."""
    splines = (make_interp_spline(t_s, RAD_PER_DEG * angle_deg, k=5) for angle_deg in angles_deg)
    return Attitude(*(with_derivatives(spline, t_s) for spline in splines))


def wander(t_s: FloatArray, correlation_s: float, size: float, rng: np.random.Generator) -> FloatArray:
    """Smooth noise of this standard deviation."""
    coarse = np.arange(-correlation_s, t_s[-1] + 4 * correlation_s, correlation_s)
    return np.asarray(make_interp_spline(coarse, size * rng.standard_normal(len(coarse)), k=3)(t_s))


def narrow(t_s: FloatArray, frequency_hz: float, size: float, rng: np.random.Generator) -> FloatArray:
    """A swing at about one frequency whose size and phase drift."""
    cosine, sine = (wander(t_s, 6.0 / frequency_hz, 0.35, rng) for _ in range(2))
    phase = 2 * np.pi * frequency_hz * t_s
    return np.asarray(size * ((0.9 + cosine) * np.sin(phase) + sine * np.cos(phase)))
