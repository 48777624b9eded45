"""The compressed frames of Polar's measurement service: a reference sample, then blocks of bit-packed differences.

Source: Polar BLE SDK, online_measurement.pdf; the bit order (least significant first) is confirmed by captures.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sensorhub.model.samples import FloatArray
from sensorhub.protocol.codec import SI, Vectors, number_bytes
from sensorhub.protocol.profile import Number, Samples, VectorSpec

_CHANNELS = 3
_MAX_WIDTH_BITS = 32


def delta_blocks(content: bytes, reference_bytes: int) -> list[tuple[int, int, int]] | None:
    """List the blocks as (offset, width in bits, samples), or None where they do not fill the content exactly.

    >>> delta_blocks(bytes.fromhex("f1ff1400f00306017b0f08"), 2)
    [(8, 6, 1)]
    """
    place, blocks = _CHANNELS * reference_bytes, []
    while place + 2 <= len(content):
        width, count = content[place], content[place + 1]
        blocks.append((place + 2, width, count))
        place += 2 + -(-width * count * _CHANNELS // 8)
        if not 0 < width <= _MAX_WIDTH_BITS:
            return None
    return blocks if place == len(content) else None


def delta_counts(content: bytes, reference_bytes: int, blocks: list[tuple[int, int, int]]) -> NDArray[np.int64]:
    """Decode all samples as counts, shape (n, 3).

    >>> content = bytes.fromhex("f1ff1400f00306017b0f08")
    >>> delta_counts(content, 2, delta_blocks(content, 2)).tolist()
    [[-15, 20, 1008], [-20, 17, 1008]]
    """
    width = reference_bytes
    reference = [
        int.from_bytes(content[axis * width : (axis + 1) * width], "little", signed=True) for axis in range(_CHANNELS)
    ]
    parts = [np.array([reference], dtype=np.int64)]
    parts += [_differences(content, *block) for block in blocks]
    return np.cumsum(np.concatenate(parts), axis=0)


def _differences(content: bytes, offset: int, width: int, count: int) -> NDArray[np.int64]:
    size = -(-width * count * _CHANNELS // 8)
    stored = np.frombuffer(content, np.uint8, size, offset)
    bits = np.unpackbits(stored, bitorder="little")[: width * count * _CHANNELS].reshape(-1, width).astype(np.int64)
    weights = 1 << np.arange(width, dtype=np.int64)
    weights[-1] = -weights[-1]  # two's complement
    return (bits @ weights).reshape(-1, _CHANNELS)


class PolarDeltaCodec:
    """The samples of one compressed message; it carries either acceleration or rate."""

    def __init__(self, samples: Samples) -> None:
        vector = samples.acc or samples.gyr
        assert vector is not None  # noqa: S101 - parse_profile has seen to it
        self._vector: VectorSpec = vector
        self._is_acc = samples.acc is not None
        self._offset = samples.offset
        self._reference_bytes = number_bytes(vector.type)

    def count(self, payload: bytes, fields: Mapping[str, Number]) -> int | None:
        """Count the samples, or None where the blocks do not fill the frame."""
        del fields
        blocks = delta_blocks(payload[self._offset :], self._reference_bytes)
        return None if blocks is None else 1 + sum(count for _, _, count in blocks)

    def decode(self, payload: bytes, count: int, variables: Mapping[str, Number]) -> Vectors | None:
        """Give the samples in SI units, or None while the scale they need is not known."""
        content = payload[self._offset :]
        blocks = delta_blocks(content, self._reference_bytes)
        scale = variables.get(self._vector.scale) if isinstance(self._vector.scale, str) else self._vector.scale
        if blocks is None or scale is None:
            return None
        counts = delta_counts(content, self._reference_bytes, blocks).astype(np.float64)
        si: FloatArray = counts * (scale * SI[self._vector.unit])
        return Vectors(count, si, None) if self._is_acc else Vectors(count, None, si)
