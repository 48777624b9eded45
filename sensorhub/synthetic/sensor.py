"""A sensor as it comes from the shop: mounted anyhow, biased, noisy, of 16 bit, clipping, and losing packets."""

from dataclasses import dataclass, field

import numpy as np

from sensorhub.model.samples import BoolArray, FloatArray, SampleBlock
from sensorhub.model.units import GRAVITY_MPS2, RAD_PER_DEG

Quaternion = tuple[float, float, float, float]
AT_THE_BACK_M = (-0.12, 0.0, 0.02)
"""Where a clip at the waistband sits."""


@dataclass(frozen=True, slots=True)
class PacketLoss:
    """Packets that never come: `share` of all, alone or in bursts of a mean length, each packet_samples long."""

    share: float = 0.0
    packet_samples: int = 10
    mean_burst_packets: float = 1.0


@dataclass(frozen=True, slots=True)
class SensorParams:
    """One sensor. Errors are standard deviations; the sensor's own are drawn from the seed.

    Defaults: what data sheets of small MEMS units promise (for example BMI270, LSM6DSO): 0.5 deg/s zero-rate offset
    after warm-up, 0.007 deg/s/sqrt(Hz), 20 mg offset, 0.16 mg/sqrt(Hz), 16 bit.
    mount: q_pelvis_from_sensor, scalar first, or "random", or "upright" (within a few degrees of the pelvis frame).
    place_m: where it sits, from the pelvis's centre, in the pelvis frame.
    """

    rate_hz: float = 100.0
    mount: Quaternion | str = "random"
    place_m: tuple[float, float, float] = AT_THE_BACK_M
    gyro_bias_dps: float = 0.4
    gyro_noise_dps_rthz: float = 0.01
    acc_offset_mps2: float = 0.10
    acc_scale: float = 0.004
    acc_noise_mps2_rthz: float = 0.002
    acc_range_g: float = 16.0
    gyro_range_dps: float = 2000.0
    bits: int = 16
    loss: PacketLoss = field(default_factory=PacketLoss)


PERFECT = SensorParams(
    gyro_bias_dps=0.0,
    gyro_noise_dps_rthz=0.0,
    acc_offset_mps2=0.0,
    acc_scale=0.0,
    acc_noise_mps2_rthz=0.0,
    acc_range_g=1e6,
    gyro_range_dps=1e9,
    bits=0,
)
"""A sensor without a fault; its mounting is still random."""


def drawn_mount(params: SensorParams, rng: np.random.Generator) -> Quaternion:
    """Return q_pelvis_from_sensor, scalar first; the same number of draws whatever the mounting."""
    uniform = rng.standard_normal(4)
    slight = rng.standard_normal(3)
    if params.mount == "random":
        q = uniform / np.linalg.norm(uniform)
    elif params.mount == "upright":
        q = np.concatenate([[1.0], 0.5 * 4.0 * RAD_PER_DEG * slight])
        q = q / np.linalg.norm(q)
    elif isinstance(params.mount, str):
        raise ValueError(f"mount {params.mount!r}: give 'random', 'upright' or a quaternion")
    else:
        q = np.array(params.mount, dtype=np.float64)
        q = q / np.linalg.norm(q)
    return (float(q[0]), float(q[1]), float(q[2]), float(q[3]))


def matrix_of(q: Quaternion) -> FloatArray:
    """Return the rotation matrix of a unit quaternion, scalar first."""
    w, x, y, z = q
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


def measured(
    params: SensorParams,
    force: FloatArray,
    rate: FloatArray,
    rng: np.random.Generator,
    unit_rng: np.random.Generator,
) -> tuple[FloatArray, FloatArray]:
    """Return what the sensor reports of the true specific force and rate in its own frame, shape (n, 3) each.

    rng draws the noise, unit_rng the offsets that this one sensor has for life.
    """
    offset = params.acc_offset_mps2 * unit_rng.standard_normal(3)
    scale = 1 + params.acc_scale * unit_rng.standard_normal(3)
    bias = params.gyro_bias_dps * RAD_PER_DEG * unit_rng.standard_normal(3)
    density = np.sqrt(params.rate_hz / 2)
    acc_noise = params.acc_noise_mps2_rthz * density
    gyro_noise = params.gyro_noise_dps_rthz * RAD_PER_DEG * density
    force = force * scale + offset + acc_noise * rng.standard_normal(force.shape)
    rate = rate + bias + gyro_noise * rng.standard_normal(rate.shape)
    force = _converted(force, params.acc_range_g * GRAVITY_MPS2, params.bits)
    return force, _converted(rate, params.gyro_range_dps * RAD_PER_DEG, params.bits)


def kept(params: SensorParams, samples: int, rng: np.random.Generator) -> BoolArray:
    """Return which samples arrive, shape (samples,): Gilbert's two-state channel with the share and burst asked for."""
    loss = params.loss
    arrives = np.ones(samples, dtype=np.bool_)
    if loss.share <= 0:
        return arrives
    packets = -(-samples // loss.packet_samples)
    recover = 1.0 / loss.mean_burst_packets
    fail = loss.share * recover / (1 - loss.share)
    chance = rng.random(packets)
    lost = False
    for packet in range(1, packets):
        lost = bool(chance[packet] < (1 - recover if lost else fail))
        if lost:
            arrives[packet * loss.packet_samples : (packet + 1) * loss.packet_samples] = False
    return arrives


def taken(
    params: SensorParams,
    at_clip: SampleBlock,
    mount: Quaternion,
    rng: np.random.Generator,
    unit_rng: np.random.Generator | None = None,
) -> SampleBlock:
    """Return what arrives, in the sensor's own frame, of what is felt at the clip in the pelvis frame.

    unit_rng: draws the one sensor's own offsets; without it they come from rng, as everything does.
    """
    pelvis_from_sensor = matrix_of(mount)
    force, rate = at_clip.acc_mps2 @ pelvis_from_sensor, at_clip.gyr_radps @ pelvis_from_sensor
    force, rate = measured(params, force, rate, rng, unit_rng or rng)
    arrives = kept(params, len(at_clip), rng)
    return SampleBlock(at_clip.t_s[arrives], force[arrives], rate[arrives])


def _converted(value: FloatArray, full_scale: float, bits: int) -> FloatArray:
    if not bits:
        return np.clip(value, -full_scale, full_scale)
    step = full_scale / 2 ** (bits - 1)
    return np.asarray(step * np.clip(np.round(value / step), -(2 ** (bits - 1)), 2 ** (bits - 1) - 1))
