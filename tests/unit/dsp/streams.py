"""Made streams for the dsp tests: a periodic motion with a sensor's noise, whole or with holes and jitter."""

import numpy as np

from sensorhub.model.samples import SampleBlock


def periodic(seconds: float, rate_hz: float = 100.0, period_s: float = 0.7, seed: int = 0) -> SampleBlock:
    rng = np.random.default_rng(seed)
    t_s = np.arange(int(seconds * rate_hz)) / rate_hz
    phase = 2 * np.pi * t_s / period_s
    gyr = np.stack([np.sin(phase), 0.8 * np.cos(2 * phase), 0.5 * np.sin(phase + 1)], axis=1)
    acc = np.stack([np.cos(2 * phase), np.sin(phase), 9.81 + 6 * np.sin(2 * phase)], axis=1)
    return SampleBlock(t_s, acc + rng.normal(0, 0.05, acc.shape), gyr + rng.normal(0, 0.005, gyr.shape))


def lossy(block: SampleBlock, share: float, packet: int = 10, jitter_s: float = 0.0, seed: int = 1) -> SampleBlock:
    rng = np.random.default_rng(seed)
    keep = np.repeat(rng.random(len(block) // packet + 1) >= share, packet)[: len(block)]
    t_s = block.t_s + rng.uniform(-jitter_s, jitter_s, len(block))
    return SampleBlock(t_s[keep], block.acc_mps2[keep], block.gyr_radps[keep])
