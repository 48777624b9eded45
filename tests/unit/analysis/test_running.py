"""The run as a whole: a hopping body on a spring, whose contacts are known, cut anyhow."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings

from sensorhub.analysis.running import RunAnalysis
from sensorhub.model.gait import Side
from sensorhub.model.samples import MotionBlock
from sensorhub.model.units import GRAVITY_MPS2
from tests.support.cuts import cut_points, run_stage

RATE_HZ = 100.0
STEP_S = 0.36
CONTACT_S = 0.24
STEPS = 24


def hopper() -> MotionBlock:
    """Two seconds of standing, then half-sine stances with flights between; the pelvis turns as in running."""
    t_s = np.arange(int(RATE_HZ * (2.0 + STEPS * STEP_S + 1.0))) / RATE_HZ
    step = np.floor((t_s - 2.0) / STEP_S)
    since_s = (t_s - 2.0) - step * STEP_S
    runs = (step >= 0) & (step < STEPS)
    peak = GRAVITY_MPS2 * np.pi / 2 * STEP_S / CONTACT_S
    force = np.where(since_s < CONTACT_S, peak * np.sin(np.pi * since_s / CONTACT_S), 0.0)
    acc = np.zeros((len(t_s), 3))
    acc[:, 2] = np.where(runs, force, GRAVITY_MPS2)
    gyr = np.zeros((len(t_s), 3))
    left = np.where(step % 2 == 0, 1.0, -1.0)
    gyr[:, 2] = np.where(runs, left * np.cos(np.pi * since_s / STEP_S), 0.0)
    upright = np.tile([1.0, 0.0, 0.0, 0.0], (len(t_s), 1))
    none = np.zeros(len(t_s), dtype=bool)
    return MotionBlock(RATE_HZ, t_s, acc, gyr, upright, none, none)


def cut(block: MotionBlock, start: int, stop: int) -> MotionBlock:
    part = slice(start, stop)
    return MotionBlock(
        block.rate_hz,
        block.t_s[part],
        block.acc_mps2[part],
        block.gyr_radps[part],
        block.q_earth_from_sensor[part],
        block.missing[part],
        block.clipped[part],
    )


def test_each_step_is_a_stride_of_alternating_feet():
    strides = run_stage(RunAnalysis, [hopper()])
    assert len(strides) == STEPS
    assert [s.side for s in strides[2:]] == [Side.LEFT, Side.RIGHT] * (STEPS // 2 - 1)
    contacts = np.array([s.initial_contact_s for s in strides[2:]])
    assert np.all(np.abs(contacts - (2.0 + STEP_S * np.arange(2, STEPS))) < 0.03)


@given(cut_points(len(hopper())))
@settings(max_examples=25, deadline=None)
def test_any_cut_gives_the_same_strides(cuts: list[int]):
    block = hopper()
    edges = [0, *cuts, len(block)]
    parts = [cut(block, a, b) for a, b in pairwise(edges)]
    assert run_stage(RunAnalysis, parts) == run_stage(RunAnalysis, [block])
