"""Whether two legs take turns in a movement, as in walking, or the same one leads again and again, as in a drill.

Who walks repeats the first half of a stride in its second with left and right exchanged: what goes aside or turns is
reversed, what goes up and down is the same. How much of a stride's power that is, odd or even harmonics, tells how well
people walk (harmonic ratio: Smidt 1971, Menz 2003); here it tells walking, marching and rocking from drills.
"""

import numpy as np

from sensorhub.analysis.exercise.drill_frames import DrillFrames
from sensorhub.dsp.rotation import along
from sensorhub.model.samples import FloatArray

MOST_OF_A_DRILL = 0.9
"""Share of a mean stride's power that mirrors: made walkers have 0.91 to 1, band walkers and clamshells up to 0.85."""
HALF = 8
"""Points of half a stride: one each 60 ms of a stride of a second, about as frames come."""


def legs_take_turns(frames: DrillFrames, lateral: FloatArray, strides_s: FloatArray) -> bool:
    """Whether the halves of a mean stride mirror each other: all their power in walking, about half of it by chance.

    lateral: the line that goes aside, shape (3,). strides_s: when strides begin and the last one ends, shape (n,).
    """
    if len(strides_s) < 2:
        return False
    aside = along(frames.surge_mps2, lateral), along(frames.up, lateral), frames.turn_radps
    mirrored = [_reversed_share(frames.t_s, signal, strides_s) for signal in aside]
    mirrored.append(1.0 - _reversed_share(frames.t_s, frames.heave_mps2, strides_s))
    return sum(mirrored) > MOST_OF_A_DRILL * len(mirrored)


def _reversed_share(t_s: FloatArray, signal: FloatArray, strides_s: FloatArray) -> float:
    """The share of a mean stride's power that its second half has with the other sign."""
    count = len(strides_s) - 1
    at_s = np.interp(np.arange(2 * HALF * count) / (2 * HALF), np.arange(count + 1), strides_s)
    stride = np.interp(at_s, t_s, signal).reshape(count, 2 * HALF).sum(axis=0)
    stride -= stride.sum() / len(stride)
    first, second = stride[:HALF], stride[HALF:]
    reversed_, same = float(((first - second) ** 2).sum()), float(((first + second) ** 2).sum())
    return reversed_ / (reversed_ + same + 1e-12)
