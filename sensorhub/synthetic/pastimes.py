"""What a clip feels on a pelvis that skips rope, jumps jacks or rides a bicycle, and in a hand that shakes it."""

import numpy as np

from sensorhub.model.samples import FloatArray
from sensorhub.model.units import GRAVITY_MPS2
from sensorhub.synthetic.machines import Felt, narrow, turned, wander
from sensorhub.synthetic.rigid_body import felt_at
from sensorhub.synthetic.sensor import AT_THE_BACK_M


def rope_skipping(t_s: FloatArray, rng: np.random.Generator) -> Felt:
    """Both feet at once, 1.9 to 2.5 times a second: a runner's bounce, and no side takes turns with the other."""
    up, hops = _hops(t_s, float(rng.uniform(1.9, 2.5)), 0.5, rng)
    nod = 3.0 * np.sin(2 * np.pi * hops)
    return _jumped(t_s, up, 0.8 * np.cos(2 * np.pi * hops), nod, rng)


def jumping_jacks(t_s: FloatArray, rng: np.random.Generator) -> Felt:
    """Feet apart and together in turn, 1.7 to 2.3 jumps a second: each second jump is alike, as steps of one foot."""
    up, hops = _hops(t_s, float(rng.uniform(1.7, 2.3)), 0.6, rng)
    in_turn = np.sin(np.pi * hops)
    nod = 4.0 * np.sin(2 * np.pi * hops) + 3.0 * in_turn
    return _jumped(t_s, up * (1.0 + 0.15 * in_turn), 0.8 * np.cos(2 * np.pi * hops) + 0.8 * in_turn, nod, rng)


def cycling(t_s: FloatArray, rng: np.random.Generator) -> Felt:
    """Bent forward on a saddle at 72 to 102 turns of the pedals a minute, rocking by 2 degrees, over a rough road."""
    turns = float(rng.uniform(1.2, 1.7)) * t_s
    rocking = 2.0 * np.sin(2 * np.pi * turns) + wander(t_s, 2.0, 0.5, rng)
    yaw = 1.5 * np.sin(2 * np.pi * turns + 0.6) + wander(t_s, 4.0, 5.0, rng)
    tilt = 30.0 + np.sin(4 * np.pi * turns) + wander(t_s, 3.0, 1.0, rng)
    push = np.sin(4 * np.pi * turns)
    level = np.stack([0.3 * np.sin(4 * np.pi * turns + 1.0), 0.4 * np.sin(2 * np.pi * turns), push], axis=-1)
    road = np.stack([wander(t_s, 0.05, size, rng) for size in (0.5, 0.5, 1.2)], axis=-1)
    return felt_at(turned(t_s, yaw, rocking, tilt), level + road, AT_THE_BACK_M)


def shaken_in_hand(t_s: FloatArray, rng: np.random.Generator) -> Felt:
    """Shaken to and fro, 2 to 4 times a second, at a runner's acceleration, turning with the hand; with pauses."""
    shakes_hz = float(rng.uniform(2.0, 4.0))
    busy = np.clip(4.0 * np.sin(2 * np.pi * t_s / 20.0) + 2.0, 0.0, 1.0)
    axis = rng.standard_normal(3)
    angles = (narrow(t_s, shakes_hz, size, rng) * busy + wander(t_s, 0.6, 8.0, rng) for size in (15.0, 10.0, 20.0))
    restless = np.stack([wander(t_s, 0.15, 1.5, rng) for _ in range(3)], axis=-1)
    shaking = narrow(t_s, shakes_hz, 12.0, rng)[:, None] * axis / np.linalg.norm(axis)
    return felt_at(turned(t_s, *angles), (shaking + restless) * busy[:, None], (0.0, 0.0, 0.05))


def _hops(
    t_s: FloatArray, hops_hz: float, contact_share: float, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Vertical acceleration, m/s2, half a sine of force and then flight; and how many hops there were, shape (n,)."""
    count = int((t_s[-1] + 2.0) * hops_hz) + 2
    landings_s = 0.3 + np.cumsum((1.0 + 0.025 * rng.standard_normal(count)) / hops_hz)
    hops = np.interp(t_s, landings_s, np.arange(count))
    phase = hops % 1.0
    force = np.where(phase < contact_share, np.sin(np.pi * phase / contact_share), 0.0)
    return GRAVITY_MPS2 * (0.5 * np.pi / contact_share * force - 1.0), hops


def _jumped(t_s: FloatArray, up: FloatArray, ahead: FloatArray, nod: FloatArray, rng: np.random.Generator) -> Felt:
    """A body that jumps and nods, and sways and turns a little at random."""
    yaw, obliquity = wander(t_s, 0.5, 2.0, rng), wander(t_s, 0.4, 1.0, rng)
    tilt = nod + wander(t_s, 0.5, 1.0, rng)
    level = np.stack([ahead + wander(t_s, 0.3, 0.3, rng), wander(t_s, 0.3, 0.3, rng), up], axis=-1)
    return felt_at(turned(t_s, yaw, obliquity, tilt), level, AT_THE_BACK_M)
