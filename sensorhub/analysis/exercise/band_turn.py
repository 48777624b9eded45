"""Noticing that a runner who stopped for a moment goes back the way he came."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sensorhub.analysis.exercise.band_steps import BandStep, BandStepCounter, BandStepParams, StepRow, upper_median


@dataclass(frozen=True, slots=True)
class BandTurnParams:
    """What makes a turn of a band walk.

    calm_share: of the usual push, below which the sideways acceleration is that of somebody who stands. late_share: of
    the usual time, which the first step back takes at least. least_steps: before that. steps_back: that make it
    certain.
    """

    calm_share: float = 0.1
    late_share: float = 1.2
    least_steps: int = 4
    steps_back: int = 2


class BandTurn:
    """Counts the steps since each stop afresh, as those of a new set are counted, and sees where they go.

    Whoever goes back leads with the other foot, and the other side of the pelvis swings first. The counter of the set
    under way, which knows the side of the swings it looks for, finds steps between those steps, and their direction is
    anybody's guess.
    """

    def __init__(self, rate_hz: float, steps: BandStepParams, params: BandTurnParams) -> None:
        self._rate_hz = rate_hz
        self._step_params = steps
        self._params = params
        self._rest: deque[StepRow] = deque(maxlen=round(steps.rest_s * rate_hz))
        self._calm = 0
        self._counter: BandStepCounter | None = None
        self._stop_s = self._first_stop_s = 0.0
        self._awaits_first = False
        self._back = 0
        self._back_mps = 0.0

    @property
    def is_certain(self) -> bool:
        """Whether the runner goes back."""
        return self._back >= self._params.steps_back

    @property
    def may_be(self) -> bool:
        """Whether the steps since a stop went back, all in all."""
        return self._back > 0

    @property
    def stop_s(self) -> float:
        """When the runner stood before the first step back."""
        return self._first_stop_s

    def feed(self, row: StepRow, told: Sequence[BandStep], forward: float) -> None:
        """Take the next frame. told: the steps of the set so far; forward: 1 where they go to the left, or -1."""
        usual_mps2 = upper_median([step.push_mps2 for step in told[-5:]])
        if abs(row[2]) < self._params.calm_share * usual_mps2:
            self._calm += 1
        else:
            if self._calm >= len(self._rest) == self._rest.maxlen:
                self._begin(float(np.median([step.swing_deg for step in told])))
            self._calm = 0
        self._rest.append(row)
        step = self._counter.feed(*row) if self._counter else None
        if step is not None:
            self._awaits_first = False
            self._judge(step, told, forward)

    def leaves_open(self, step: BandStep, told: Sequence[BandStep]) -> bool:
        """Whether a step of the set under way may yet turn out to be part of a turn."""
        return self.may_be or (self._awaits_first and self._is_late(step, told))

    def _begin(self, usual_deg: float) -> None:
        self._counter = BandStepCounter(self._rate_hz, self._step_params, usual_deg)
        self._awaits_first = True
        self._stop_s = self._rest[0][0]
        self._counter.feed_all(self._rest)

    def _judge(self, step: BandStep, told: Sequence[BandStep], forward: float) -> None:
        """Count steps back; one that seems to go forward again takes away from their way, and all of it ends them."""
        back_mps = -step.travel_mps * forward
        if not self.may_be:
            if back_mps <= 0.0 or not self._is_late(step, told):
                return
            self._first_stop_s, self._back_mps = self._stop_s, 0.0
        self._back_mps += back_mps
        self._back = 0 if self._back_mps <= 0.0 else self._back + (back_mps > 0.0)

    def _is_late(self, step: BandStep, told: Sequence[BandStep]) -> bool:
        if len(told) < self._params.least_steps:
            return False
        usual_s = float(np.median(np.diff([one.peak_s for one in told])))
        return step.t_s - told[-1].t_s > self._params.late_share * usual_s
