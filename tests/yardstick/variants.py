"""Variants of a recording with known truth: mounted anew, resampled, stretched, mirrored, with packets lost."""

from dataclasses import replace

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.signal import butter, sosfiltfilt
from vqf import VQF

from sensorhub.model.samples import SampleBlock
from sensorhub.synthetic.sensor import matrix_of
from tests.yardstick.scoring import Case

GRAVITY_MPS2 = 9.80665


def remounted(case: Case, rng: np.random.Generator) -> Case:
    """Put the sensor on in another random orientation."""
    q = rng.standard_normal(4)
    rotation = matrix_of(tuple(q / np.linalg.norm(q)))
    block = case.block
    return replace(case, block=SampleBlock(block.t_s, block.acc_mps2 @ rotation, block.gyr_radps @ rotation))


def mirrored(case: Case) -> Case:
    """Exchange left and right: forces as in a mirror, rates as axial vectors; sides swap and nothing else."""
    block = case.block
    force, rate = block.acc_mps2 * [1, -1, 1], block.gyr_radps * [-1, 1, -1]
    truth = tuple(replace(one, side=one.side.other if one.side else None) for one in case.truth)
    return replace(case, block=SampleBlock(block.t_s, force, rate), truth=truth)


def resampled(case: Case, rate_hz: float) -> Case:
    """Sample at another rate, with the low-pass that a sensor has when it is slower."""
    block = case.block
    own_hz = 1.0 / float(np.median(np.diff(block.t_s)))
    values = np.hstack([block.acc_mps2, block.gyr_radps])
    if rate_hz < own_hz:
        values = sosfiltfilt(butter(4, 0.42 * rate_hz, fs=own_hz, output="sos"), values, axis=0)
    t_s = np.arange(block.t_s[0], block.t_s[-1], 1.0 / rate_hz)
    out = CubicSpline(block.t_s, values)(t_s)
    return replace(case, block=SampleBlock(t_s, out[:, :3].copy(), out[:, 3:].copy()))


def stretched(case: Case, factor: float) -> Case:
    """Do everything slower by this factor: rates shrink with it, accelerations with its square, gravity stays."""
    block = case.block
    step_s = float(np.median(np.diff(block.t_s)))
    q = VQF(step_s).updateBatch(np.ascontiguousarray(block.gyr_radps), np.ascontiguousarray(block.acc_mps2))["quat6D"]
    up = np.stack(
        [
            2 * (q[:, 1] * q[:, 3] - q[:, 0] * q[:, 2]),
            2 * (q[:, 2] * q[:, 3] + q[:, 0] * q[:, 1]),
            1 - 2 * (q[:, 1] ** 2 + q[:, 2] ** 2),
        ],
        axis=-1,
    )
    gravity = GRAVITY_MPS2 * up
    force = gravity + (block.acc_mps2 - gravity) / factor**2
    truth = tuple(
        replace(
            one, initial_contact_s=one.initial_contact_s * factor, toe_off_s=one.toe_off_s and one.toe_off_s * factor
        )
        for one in case.truth
    )
    return replace(case, block=SampleBlock(block.t_s * factor, force, block.gyr_radps / factor), truth=truth)


def lossy(case: Case, share: float, burst_packets: float, rng: np.random.Generator, packet: int = 10) -> Case:
    """Lose this share of the packets, alone or in bursts."""
    block = case.block
    packets = -(-len(block) // packet)
    recover = 1.0 / burst_packets
    fail = share * recover / (1 - share)
    lost, arrives = False, np.ones(len(block), dtype=bool)
    for number in range(1, packets):
        lost = bool(rng.random() < (1 - recover if lost else fail))
        if lost:
            arrives[number * packet : (number + 1) * packet] = False
    return replace(case, block=SampleBlock(block.t_s[arrives], block.acc_mps2[arrives], block.gyr_radps[arrives]))
