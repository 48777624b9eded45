"""Blocks of samples: as a sensor gave them, and on the uniform grid with orientation."""

from collections.abc import Sequence
from typing import Self

import msgspec
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IndexArray = NDArray[np.int64]

MAX_ACC_MPS2 = 400.0
"""Beyond 32 g full scale, with room for its scale error, no clip-on sensor measures: a broken value, never motion."""
MAX_RATE_RADPS = 80.0
"""The same of 4000 deg/s."""


class SampleBlock(msgspec.Struct, frozen=True):
    """Samples of one or more notifications, in the sensor frame, as they came.

    t_s: session time, shape (n,), s. acc_mps2: specific force, shape (n, 3), m/s2 (+9.81 upward at rest).
    gyr_radps: angular rate, shape (n, 3), rad/s.
    """

    t_s: FloatArray
    acc_mps2: FloatArray
    gyr_radps: FloatArray

    def __len__(self) -> int:
        return len(self.t_s)

    def cut(self, start: int, stop: int) -> Self:
        """Samples start to stop, as a view."""
        return type(self)(self.t_s[start:stop], self.acc_mps2[start:stop], self.gyr_radps[start:stop])

    @classmethod
    def joined(cls, blocks: Sequence[Self]) -> Self:
        """Blocks end to end."""
        if len(blocks) == 1:
            return blocks[0]
        return cls(
            np.concatenate([block.t_s for block in blocks]),
            np.concatenate([block.acc_mps2 for block in blocks]),
            np.concatenate([block.gyr_radps for block in blocks]),
        )


GYR, ACC, UP = range(3)
"""The kinds of vectors of a MotionBlock."""


class MotionBlock(msgspec.Struct, frozen=True):
    """Samples on a uniform time grid with inclination, still in the sensor frame.

    t_s: shape (n,), s, spacing exactly 1 / rate_hz on one grid for the whole session.
    vectors: shape (3, 3, n), x, y and z of the angular rate (GYR), rad/s, the specific force (ACC), m/s2, and the
    earth's up (UP), a unit vector.
    missing: shape (n,), True where a gap was bridged. clipped: shape (n,), True where the sensor was at its limit.
    """

    rate_hz: float
    t_s: FloatArray
    vectors: FloatArray
    missing: BoolArray
    clipped: BoolArray

    def __len__(self) -> int:
        return len(self.t_s)

    @property
    def up(self) -> FloatArray:
        """The earth's up in the sensor frame, shape (3, n)."""
        up: FloatArray = self.vectors[UP]
        return up

    def cut(self, start: int, stop: int) -> Self:
        """Samples start to stop, as a view."""
        part = slice(start, stop)
        return type(self)(
            self.rate_hz, self.t_s[part], self.vectors[:, :, part], self.missing[part], self.clipped[part]
        )

    @classmethod
    def joined(cls, blocks: Sequence[Self]) -> Self:
        """Blocks end to end."""
        if len(blocks) == 1:
            return blocks[0]
        columns = zip(*((block.t_s, block.vectors, block.missing, block.clipped) for block in blocks), strict=True)
        return cls(blocks[0].rate_hz, *(np.concatenate(parts, axis=-1) for parts in columns))
