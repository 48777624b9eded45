"""Whether two legs take turns in a movement, as in walking, or the same one leads again and again, as in a drill.

Who walks repeats the first half of a stride in its second with left and right exchanged: what goes aside or turns is
reversed, what goes up and down is the same. How much of a stride's power that is, odd or even harmonics, tells how well
people walk (harmonic ratio: Smidt 1971, Menz 2003); here it tells walking and marching from drills.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from sensorhub.analysis.exercise.drill_frames import DrillFrames
from sensorhub.analysis.exercise.lines import main_line
from sensorhub.dsp.rotation import along
from sensorhub.model.samples import FloatArray

MOST_OF_A_DRILL = 0.9
"""Share of a mean stride's power that mirrors: made walkers have 0.99 (median), drills 0.7, hardly any above 0.85."""
HALF = 8
"""Points of half a stride: one each 60 ms of a stride of a second, about as frames come."""


def legs_take_turns(frames: DrillFrames, strides_s: FloatArray) -> bool:
    """Whether the halves of a mean stride mirror each other: all their power in walking, about half of it by chance.

    strides_s: when strides begin and the last one ends, shape (n,). Aside is the line along which most is reversed.
    """
    if len(strides_s) < 2:
        return False
    signals = (frames.surge_mps2, frames.up, frames.turn_radps[:, None], frames.heave_mps2[:, None])
    surge, up, turn, heave = (_Halves.of(frames.t_s, signal, strides_s) for signal in signals)
    lateral = main_line(surge.reversed_more() + up.reversed_more())
    reversed_shares = surge.along(lateral).reversed_share() + up.along(lateral).reversed_share() + turn.reversed_share()
    return reversed_shares + 1.0 - heave.reversed_share() > len(signals) * MOST_OF_A_DRILL


@dataclass(frozen=True, slots=True)
class _Halves:
    """What the second half of a mean stride has with the other sign, and what it has again; shape (HALF, k) each."""

    reversed_: FloatArray
    same: FloatArray

    @classmethod
    def of(cls, t_s: FloatArray, signal: FloatArray, strides_s: FloatArray) -> Self:
        """Lay strides over each other, however long each is. signal: shape (n, k)."""
        count = len(strides_s) - 1
        at_s = np.interp(np.arange(2 * HALF * count) / (2 * HALF), np.arange(count + 1), strides_s)
        columns = [np.interp(at_s, t_s, column).reshape(count, 2 * HALF).sum(axis=0) for column in signal.T]
        stride = np.column_stack([column - column.sum() / len(column) for column in columns])
        return cls(stride[:HALF] - stride[HALF:], stride[:HALF] + stride[HALF:])

    def along(self, line: FloatArray) -> Self:
        """The part along a line, shape (3,)."""
        return type(self)(along(self.reversed_, line), along(self.same, line))

    def reversed_share(self) -> float:
        """The share of the power that is reversed."""
        power = float((self.reversed_ * self.reversed_).sum())
        return power / (power + float((self.same * self.same).sum()) + 1e-12)

    def reversed_more(self) -> FloatArray:
        """By how much more is reversed than the same, as xx, yy, zz, xy, xz, yz, against all power."""
        reversed_, same = (
            half[:, [0, 1, 2, 0, 0, 1]] * half[:, [0, 1, 2, 1, 2, 2]] for half in (self.reversed_, self.same)
        )
        more: FloatArray = (reversed_ - same).sum(axis=0)
        return more / (float((reversed_ + same)[:, :3].sum()) + 1e-12)
