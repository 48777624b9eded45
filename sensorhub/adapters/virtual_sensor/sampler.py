"""The virtual motion chip: samples of a source as 16-bit codes, numbered, with the moment each is due."""

import itertools
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sensorhub.model.samples import SampleBlock
from sensorhub.model.units import GRAVITY_MPS2, RAD_PER_DEG

INT16 = 32767


@dataclass(frozen=True, slots=True)
class Scales:
    """m/s2 and rad/s per code: ST's chips have 0.488 mg at 16 g and 70 mdps at 2000 dps, not full scale / 32768."""

    acc_mps2: float = 0.488e-3 * GRAVITY_MPS2
    gyr_radps: float = 70e-3 * RAD_PER_DEG


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive samples. index: of the first, counting lost ones too. codes: shape (n, 6). due_s: of each, from 0."""

    index: int
    due_s: NDArray[np.float64]
    codes: NDArray[np.int16]
    acc_clipped: bool
    gyr_clipped: bool


class Sampler:
    """Cuts a source's blocks into chunks of a packet's size; a chunk ends early where the source has a gap."""

    def __init__(self, blocks: Iterator[SampleBlock], scales: Scales) -> None:
        self._blocks = blocks
        self._scales = scales
        self._t0_s: float | None = None
        self._waiting: deque[Chunk] = deque()
        first = next(blocks)
        self.rate_hz = 1.0 / float(np.median(np.diff(first.t_s)))
        self._append(first)

    def take(self, count: int) -> Chunk | None:
        """Give the next `count` samples, fewer before a gap or the end, None after it."""
        while sum(len(chunk.due_s) for chunk in self._waiting) < count:
            block = next(self._blocks, None)
            if block is None:
                break
            self._append(block)
        if not self._waiting:
            return None
        parts = [self._waiting.popleft()]
        while self._waiting and sum(len(part.due_s) for part in parts) < count:
            last = parts[-1]
            if self._waiting[0].index != last.index + len(last.due_s):
                break
            parts.append(self._waiting.popleft())
        whole = _joined(parts)
        if len(whole.due_s) > count:
            self._waiting.appendleft(_part(whole, count, len(whole.due_s)))
            whole = _part(whole, 0, count)
        return whole

    def _append(self, block: SampleBlock) -> None:
        if not len(block):
            return
        if self._t0_s is None:
            self._t0_s = float(block.t_s[0])
        due_s = block.t_s - self._t0_s
        index = np.rint(due_s * self.rate_hz).astype(np.int64)
        acc = np.rint(block.acc_mps2 / self._scales.acc_mps2)
        gyr = np.rint(block.gyr_radps / self._scales.gyr_radps)
        codes = np.clip(np.hstack([acc, gyr]), -INT16 - 1, INT16).astype(np.int16)
        edges = [0, *(np.flatnonzero(np.diff(index) != 1) + 1).tolist(), len(index)]
        for start, stop in itertools.pairwise(edges):
            part = slice(start, stop)
            clipped = bool(np.any(np.abs(acc[part]) > INT16)), bool(np.any(np.abs(gyr[part]) > INT16))
            self._waiting.append(Chunk(int(index[start]), due_s[part], codes[part], *clipped))


def _joined(parts: list[Chunk]) -> Chunk:
    if len(parts) == 1:
        return parts[0]
    return Chunk(
        parts[0].index,
        np.concatenate([part.due_s for part in parts]),
        np.concatenate([part.codes for part in parts]),
        any(part.acc_clipped for part in parts),
        any(part.gyr_clipped for part in parts),
    )


def _part(chunk: Chunk, start: int, stop: int) -> Chunk:
    return Chunk(
        chunk.index + start,
        chunk.due_s[start:stop],
        chunk.codes[start:stop],
        chunk.acc_clipped,
        chunk.gyr_clipped,
    )
