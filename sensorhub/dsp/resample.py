"""A uniform grid at the stream's own rate: jitter evened out, gaps reported and bridged."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Self

import msgspec
import numpy as np

from sensorhub.dsp.bridge import BridgeParams, bridge
from sensorhub.dsp.limits import within
from sensorhub.dsp.rate import LONGEST_STEP, nominal_rate_hz
from sensorhub.model.samples import BoolArray, FloatArray, SampleBlock
from sensorhub.model.status import Gap
from sensorhub.model.units import GRAVITY_MPS2


@dataclass(frozen=True, slots=True)
class GridParams:
    """`learn_s`: the rate is found from this much of the stream. `gap_steps`: a longer interval is a gap.

    `on_grid_steps`: a sample this near to its place on the grid is taken as it is. `longest_bridge_s`: a longer gap is
    left open.
    """

    learn_s: float = 2.0
    gap_steps: float = LONGEST_STEP
    on_grid_steps: float = 0.05
    longest_bridge_s: float = 2.0
    bridge: BridgeParams = field(default_factory=BridgeParams)


class GridBlock(msgspec.Struct, frozen=True):
    """Consecutive samples on the grid. `joins` is False where an open gap lies before."""

    t_s: FloatArray
    acc_mps2: FloatArray
    gyr_radps: FloatArray
    missing: BoolArray
    joins: bool

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Parts end to end."""
        if len(parts) == 1:
            return parts[0]
        columns = zip(*((part.t_s, part.acc_mps2, part.gyr_radps, part.missing) for part in parts), strict=True)
        t_s, acc_mps2, gyr_radps, missing = map(np.concatenate, columns)
        return cls(t_s, acc_mps2, gyr_radps, missing, parts[0].joins)


class Grid:
    """Puts a stream on the grid t0 + k / rate_hz, for the whole session one grid.

    Near its place a sample is taken as it is, elsewhere two are joined linearly. A gap of up to `longest_bridge_s` is
    bridged (dsp/bridge); behind a longer one a new block starts further on.
    """

    def __init__(self, params: GridParams = GridParams()) -> None:
        self._params = params
        self._learning: list[SampleBlock] | None = []
        self.rate_hz: float | None = None
        self.gaps: list[Gap] = []
        self._start_s = 0.0
        self._history = 0
        self._next = 0
        self._last: SampleBlock | None = None
        self._recent: deque[GridBlock] = deque()  # what a gap may be bridged from
        self._recent_samples = 0

    def feed(self, block: SampleBlock) -> list[GridBlock]:
        """Return what the block adds to the grid; the gaps it closed are appended to `gaps`."""
        if self._learning is None:
            return self._place(block)
        if len(block):
            self._learning.append(block)
        if not self._learning or self._learning[-1].t_s[-1] - self._learning[0].t_s[0] < self._params.learn_s:
            return []
        return self._learnt(self._learning)

    def finish(self) -> list[GridBlock]:
        """Return what is left of a stream that ended before its rate was known."""
        return self._learnt(self._learning) if self._learning else []

    def _learnt(self, blocks: list[SampleBlock]) -> list[GridBlock]:
        early = SampleBlock.joined(blocks)
        self._learning = None
        until = int(np.searchsorted(early.t_s, early.t_s[0] + self._params.learn_s)) + 1
        if len(early) < 2:
            return []
        self.rate_hz = nominal_rate_hz(early.t_s[:until])
        self._start_s = float(early.t_s[0])
        self._history = int(self._params.bridge.history_s * self.rate_hz) + 2
        return self._place(early)

    def _place(self, block: SampleBlock) -> list[GridBlock]:
        if not len(block) or self.rate_hz is None:
            return []
        on_grid = self._if_on_grid(block)
        if on_grid is not None:
            return [on_grid]
        joined = block if self._last is None else SampleBlock.joined([self._last, block])
        self._last = joined.cut(len(joined) - 1, len(joined))
        place = (joined.t_s - self._start_s) * self.rate_hz
        ends = np.flatnonzero(np.diff(place) > self._params.gap_steps) + 1
        parts: list[GridBlock] = []
        for first, stop in pairwise([0, *ends.tolist(), len(joined)]):
            if first:
                parts.extend(self._cross(joined, place, first))
            parts.append(self._run(joined.cut(first, stop), place[first:stop]))
        return self._blocks(parts)

    def _if_on_grid(self, block: SampleBlock) -> GridBlock | None:
        """The block as it is, where each of its samples lies at its place: what `_run` would give, in fewer calls."""
        points = np.arange(self._next, self._next + len(block))
        off = (block.t_s - self._start_s) * (self.rate_hz or 0.0) - points
        if not within(off, self._params.on_grid_steps):
            return None
        self._next += len(block)
        self._last = block.cut(len(block) - 1, len(block))
        return self._kept(points, block.acc_mps2, block.gyr_radps, np.zeros(len(block), dtype=bool))

    def _run(self, samples: SampleBlock, place: FloatArray) -> GridBlock:
        """The grid points that an unbroken run of samples covers."""
        near = self._params.on_grid_steps
        points = np.arange(self._next, int(np.floor(place[-1] + near)) + 1)
        self._next += len(points)
        acc, gyr = _between(samples, place, points, near)
        return self._kept(points, acc, gyr, np.zeros(len(points), dtype=bool))

    def _cross(self, samples: SampleBlock, place: FloatArray, first: int) -> list[GridBlock]:
        """Report the gap before sample `first` and bridge it, or leave it open."""
        rate_hz = self.rate_hz or 0.0
        stop = int(np.ceil(place[first] - self._params.on_grid_steps))
        lost = int(np.rint(place[first] - place[first - 1])) - 1
        self.gaps.append(Gap(float(samples.t_s[first - 1]), float(samples.t_s[first]), lost))
        if stop - self._next > self._params.longest_bridge_s * rate_hz or not self._recent_samples:
            self._next, self._recent_samples = stop, 0
            self._recent.clear()
            nothing = samples.cut(0, 0)
            return [GridBlock(nothing.t_s, nothing.acc_mps2, nothing.gyr_radps, np.zeros(0, dtype=bool), joins=False)]
        if stop <= self._next:
            return []
        points = np.arange(self._next, stop)
        self._next = stop
        after = np.concatenate((samples.acc_mps2[first] / GRAVITY_MPS2, samples.gyr_radps[first]))
        filled = bridge(self._before(), after, len(points), rate_hz, self._params.bridge)
        missing = np.ones(len(points), dtype=bool)
        return [self._kept(points, filled[:, :3] * GRAVITY_MPS2, filled[:, 3:], missing)]

    def _kept(self, points: np.ndarray, acc: FloatArray, gyr: FloatArray, missing: BoolArray) -> GridBlock:
        """A block, remembered for the next bridge."""
        block = GridBlock(self._start_s + points / (self.rate_hz or 0.0), acc, gyr, missing, joins=True)
        self._recent.append(block)
        self._recent_samples += len(points)
        while self._recent_samples - len(self._recent[0].t_s) >= self._history:
            self._recent_samples -= len(self._recent.popleft().t_s)
        return block

    def _before(self) -> FloatArray:
        """The samples before a gap, with both kinds of channel of like size (g and rad/s)."""
        acc, gyr = (
            np.concatenate([part[-self._history :] for part in parts])[-self._history :]
            for parts in zip(*((block.acc_mps2, block.gyr_radps) for block in self._recent), strict=True)
        )
        return np.concatenate((acc / GRAVITY_MPS2, gyr), axis=1)

    @staticmethod
    def _blocks(parts: list[GridBlock]) -> list[GridBlock]:
        """Parts joined end to end, a new block behind each open gap."""
        groups: list[list[GridBlock]] = [[]]
        for part in parts:
            if not part.joins:
                groups.append([])
            groups[-1].append(part)
        blocks = [GridBlock.joined(group) for group in groups if group]
        return [block for block in blocks if len(block.t_s) or not block.joins]


def _between(samples: SampleBlock, place: FloatArray, points: np.ndarray, near: float) -> tuple[FloatArray, FloatArray]:
    """Values at the grid points: the sample that lies there, else the straight line between its neighbours."""
    right = np.minimum(place.searchsorted(points - near), len(place) - 1)
    left = np.maximum(right - 1, 0)
    place_left, place_right = place[left], place[right]
    gap = np.where(right > left, place_right - place_left, 1.0)
    share = np.minimum(np.maximum((points - place_left) / gap, 0.0), 1.0)
    vectors = np.concatenate((samples.acc_mps2, samples.gyr_radps), axis=1)
    before, at = vectors.take(left, axis=0), vectors.take(right, axis=0)
    # before + 1 * (at - before) is not always at to the last bit.
    on_sample = (share == 1.0) | (np.abs(place_right - points) <= near)
    values = np.where(on_sample[:, None], at, before + share[:, None] * (at - before))
    return values[:, :3], values[:, 3:]
