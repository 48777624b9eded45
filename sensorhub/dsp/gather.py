"""Gathers short blocks of motion into longer ones, for stages that have time: fewer calls, the same samples."""

import numpy as np

from sensorhub.model.samples import MotionBlock


class Gather:
    """Holds motion back until `span_s` of it is there. Blocks are joined only where no time is missing between them."""

    def __init__(self, span_s: float) -> None:
        self._span_s = span_s
        self._held: list[MotionBlock] = []
        self._samples = 0

    def feed(self, motion: MotionBlock) -> list[MotionBlock]:
        """Take the next motion; give what has come together."""
        jump = bool(self._held) and motion.t_s[0] - self._held[-1].t_s[-1] > 1.5 / motion.rate_hz
        ready = self.finish() if jump else []
        self._held.append(motion)
        self._samples += len(motion)
        if self._samples >= self._span_s * motion.rate_hz:
            ready += self.finish()
        return ready

    def finish(self) -> list[MotionBlock]:
        """Give what is held back."""
        held, self._held, self._samples = self._held, [], 0
        return [_joined(held)] if held else []


def _joined(blocks: list[MotionBlock]) -> MotionBlock:
    if len(blocks) == 1:
        return blocks[0]
    return MotionBlock(
        blocks[0].rate_hz,
        np.concatenate([block.t_s for block in blocks]),
        np.concatenate([block.acc_mps2 for block in blocks]),
        np.concatenate([block.gyr_radps for block in blocks]),
        np.concatenate([block.q_earth_from_sensor for block in blocks]),
        np.concatenate([block.missing for block in blocks]),
        np.concatenate([block.clipped for block in blocks]),
    )
