"""The clip between pelvis and sensor: how it sits, how it slips, how it wobbles, and the shock that passes it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sensorhub.model.samples import FloatArray
from sensorhub.model.units import GRAVITY_MPS2, RAD_PER_DEG
from sensorhub.synthetic import minimum_jerk

_LEVER_M = 0.02
"""The sensor's distance from the axis about which the clip turns."""
_RING_RAD = 60.0
"""How long a knock or wobble is followed: at a damping of 0.2 a ten-thousandth is left."""


@dataclass(frozen=True, slots=True)
class Slip:
    """At t_s the clip turns by angle_deg about an axis of the pelvis frame, within duration_s."""

    t_s: float
    angle_deg: float
    axis: tuple[float, float, float] = (1.0, 0.0, 0.0)
    duration_s: float = 0.4


@dataclass(frozen=True, slots=True)
class Impact:
    """What each foot contact does to tissue and clip.

    Shock: a decaying oscillation of specific force, mostly along the trunk; 0.5 to 4 g at 10 to 35 Hz reach the
    sacrum in running (Lafortune 1991; Gruber et al. 2014; Sheerin et al. 2019). Wobble: a decaying rotation of the
    clip on skin and waistband, 5 to 15 Hz (soft-tissue artefact after Camomilla et al. 2018).
    """

    shock_g: float = 0.0
    shock_hz: float = 20.0
    shock_damping: float = 0.25
    wobble_deg: float = 0.0
    wobble_hz: float = 9.0
    wobble_damping: float = 0.3
    spread: float = 0.2


@dataclass(frozen=True, slots=True)
class Turning:
    """A rotation of the sensor on the pelvis about a fixed axis: angle with two derivatives, shape (n, 3)."""

    axis: FloatArray
    angle: FloatArray


def carried_by(force: FloatArray, rate: FloatArray, turnings: list[Turning]) -> tuple[FloatArray, FloatArray]:
    """Return specific force and rate as felt after each turning in a row, shape (n, 3) each."""
    for turning in turnings:
        axis = turning.axis / np.linalg.norm(turning.axis)
        theta, theta1, theta2 = turning.angle.T
        lever = _LEVER_M * np.cross(axis, _any_normal(axis))
        force = force + theta2[:, None] * np.cross(axis, lever)
        force = _turned_back(force, axis, theta)
        rate = _turned_back(rate, axis, theta) + theta1[:, None] * axis
    return force, rate


def slip_turning(slip: Slip, t_s: FloatArray) -> Turning:
    """Return a slip as an angle that rises smoothly."""
    share = (t_s - slip.t_s) / slip.duration_s
    size = slip.angle_deg * RAD_PER_DEG
    angle = size * minimum_jerk.way(share)
    rate = size / slip.duration_s * minimum_jerk.speed(share)
    acceleration = size / slip.duration_s**2 * minimum_jerk.acceleration(share)
    return Turning(np.array(slip.axis), np.stack([angle, rate, acceleration], axis=-1))


def ringing(
    t_s: FloatArray, starts_s: FloatArray, sizes: FloatArray, frequency_hz: float, damping: float
) -> FloatArray:
    """Sum of rotations that swell and decay from each start, with two derivatives, shape (n, 3).

    Each is p exp(-d p) sin(p) with p = 2 pi f t: it begins without a jump of angle or rate and comes back to nothing.
    sizes: the height of each one's highest peak. t_s must be uniform.
    """

    def shape(p: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        decay, sine, cosine = np.exp(-damping * p), np.sin(p), np.cos(p)
        return (
            decay * p * sine,
            decay * ((1 - damping * p) * sine + p * cosine),
            decay * ((damping**2 * p - 2 * damping - p) * sine + (2 - 2 * damping * p) * cosine),
        )

    return _summed(t_s, starts_s, sizes, 2 * np.pi * frequency_hz, shape)


def knocks(t_s: FloatArray, starts_s: FloatArray, sizes: FloatArray, frequency_hz: float, damping: float) -> FloatArray:
    """Sum of knocks of specific force, shape (n,): p exp(-d p) sin(p + phase), highest peak of the size given.

    The phase is such that a knock's integral is nothing: the clip moves on with the pelvis it sits on.
    """
    phase = np.pi - 2 * np.arctan(1 / damping)

    def shape(p: FloatArray) -> tuple[FloatArray]:
        return (np.exp(-damping * p) * p * np.sin(p + phase),)

    return np.asarray(_summed(t_s, starts_s, sizes, 2 * np.pi * frequency_hz, shape)[:, 0])


def _summed(
    t_s: FloatArray,
    starts_s: FloatArray,
    sizes: FloatArray,
    w_radps: float,
    shape: Callable[[FloatArray], tuple[FloatArray, ...]],
) -> FloatArray:
    """Lay a shape of p = w t at each start; its k-th row is a k-th derivative. Returns shape (n, rows)."""
    sampled = shape(np.linspace(0, 8.0, 800))
    out = np.zeros((len(t_s), len(sampled)))
    if not len(starts_s) or len(t_s) < 2:
        return out
    step_s = (t_s[-1] - t_s[0]) / (len(t_s) - 1)
    length = int(np.ceil(_RING_RAD / w_radps / step_s))
    first = np.ceil((starts_s - t_s[0]) / step_s).astype(np.int64)
    index = first[:, None] + np.arange(length)[None, :]
    age_s = t_s[0] + index * step_s - starts_s[:, None]
    inside = (index >= 0) & (index < len(t_s))
    heights = sizes[:, None] / np.max(sampled[0])
    for order, value in enumerate(shape(w_radps * age_s)):
        np.add.at(out[:, order], index[inside], (heights * value * w_radps**order)[inside])
    return out


def shocked(
    t_s: FloatArray, contacts_s: FloatArray, impact: Impact, rng: np.random.Generator
) -> tuple[FloatArray, list[Turning]]:
    """Return the shock's specific force in the pelvis frame, shape (n, 3), and the wobbles."""
    spread = 1 + impact.spread * rng.standard_normal((3, len(contacts_s)))
    direction = np.array([0.25, 0.1, 1.0]) * np.array([1.0, rng.uniform(-1, 1), 1.0])
    lateral = rng.uniform(0, np.pi)
    if not len(contacts_s):
        return np.zeros((len(t_s), 3)), []
    shock = np.zeros((len(t_s), 3))
    if impact.shock_g:
        size = impact.shock_g * GRAVITY_MPS2 * spread[0]
        shock = knocks(t_s, contacts_s, size, impact.shock_hz, impact.shock_damping)[:, None] * direction
    wobbles = []
    if impact.wobble_deg:
        for row, turn in enumerate((lateral, lateral + np.pi / 2)):
            axis = np.array([np.cos(turn), np.sin(turn), 0.2])
            size = impact.wobble_deg * RAD_PER_DEG * spread[1 + row] * (1.0, 0.6)[row]
            angle = ringing(t_s, contacts_s, size, impact.wobble_hz * (1.0, 1.3)[row], impact.wobble_damping)
            wobbles.append(Turning(axis, angle))
    return shock, wobbles


def _any_normal(axis: FloatArray) -> FloatArray:
    other = np.array([0.0, 0.0, 1.0]) if abs(axis[2]) < 0.9 else np.array([1.0, 0.0, 0.0])
    normal = np.cross(axis, other)
    return np.asarray(normal / np.linalg.norm(normal))


def _turned_back(vector: FloatArray, axis: FloatArray, theta: FloatArray) -> FloatArray:
    """Rodrigues' rotation by -theta about axis."""
    c, s = np.cos(theta)[:, None], -np.sin(theta)[:, None]
    along = (vector * axis).sum(axis=-1, keepdims=True)
    return np.asarray(vector * c + np.cross(np.broadcast_to(axis, vector.shape), vector) * s + axis * along * (1 - c))
