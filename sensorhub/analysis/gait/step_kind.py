"""Whether a push of the pelvis is a running step, a walking step or neither."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sensorhub.analysis.gait.step_pulses import Pulses
from sensorhub.model.samples import FloatArray

NO_STEP, RUN_STEP, WALK_STEP = range(3)


@dataclass(frozen=True, slots=True)
class StepKindParams:
    """What a running or a walking step can be, by physics.

    A running step throws the body up: before it the smoothed vertical acceleration dips below run_dip_mps2, and in it
    it rises above run_push_mps2. A body that vaults over a stiff leg cannot fall that fast: walking turns into running
    at a Froude number of 0.5, where the dip is half of gravity (Alexander 1989). Step rates: 2 to 5 steps a second in
    running, 0.8 to 2.8 in walking. walk_push_mps2: the least and the greatest swing of the acceleration in a walk.
    """

    run_dip_mps2: float = -5.5
    run_push_mps2: float = 4.5
    first_run_push_mps2: float = 8.0
    run_step_s: tuple[float, float] = (0.20, 0.52)
    walk_swing_mps2: tuple[float, float] = (1.2, 14.0)
    longest_walk_step_s: float = 1.25
    shortest_walk_step_s: float = 0.36


def step_kinds(pulses: Pulses, step_s: FloatArray, params: StepKindParams) -> NDArray[np.int64]:
    """NO_STEP, RUN_STEP or WALK_STEP for each push, shape (n,)."""
    first = np.isnan(pulses.trough_mps2)
    swing = pulses.peak_mps2 - pulses.trough_mps2
    thrown = (pulses.trough_mps2 < params.run_dip_mps2) & (pulses.peak_mps2 > params.run_push_mps2)
    thrown |= first & (pulses.peak_mps2 > params.first_run_push_mps2)
    runs = thrown & (step_s >= params.run_step_s[0]) & (step_s <= params.run_step_s[1])
    walks = ~runs & (swing > params.walk_swing_mps2[0]) & (swing < params.walk_swing_mps2[1])
    walks &= (step_s >= params.shortest_walk_step_s) & (step_s <= params.longest_walk_step_s)
    return np.where(runs, RUN_STEP, np.where(walks, WALK_STEP, NO_STEP))
