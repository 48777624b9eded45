"""One band walk under way: its steps so far, when it is over, and what is reported of it."""

from collections.abc import Iterator

import numpy as np

from sensorhub.analysis.exercise.band_look import BandStart, BandWalkBefore
from sensorhub.analysis.exercise.band_params import BandWalkParams
from sensorhub.analysis.exercise.band_steps import (
    BandStep,
    count_steps,
    first_way,
    step_rows,
    travel_share,
)
from sensorhub.analysis.exercise.band_turn import BandTurn
from sensorhub.analysis.exercise.drill_frames import DrillFrames, lean_rad
from sensorhub.analysis.exercise.level_score import level_score
from sensorhub.model.exercise import BandWalkSet, Drill, DrillRep
from sensorhub.model.gait import Side
from sensorhub.model.samples import FloatArray

Row = tuple[tuple[float, float, float, float], float, float]
"""Of a frame: what a step counter is fed; mean square of the surge, m²/s⁴; lean, rad."""


class BandSetUnderWay:
    """Counts a set on from where it was recognised.

    left, upright: shape (3,), sensor frame. habit: what the sets before say of the leading side, positive where it
    rises as one goes to the left. turn: where it is certain, this set is over, and the next one has begun.
    """

    def __init__(self, number: int, start: BandStart, left: FloatArray, habit: float, params: BandWalkParams) -> None:
        window = start.window
        self._number = number
        self._params = params
        self.left, self.upright = left, start.upright
        self._habit = habit
        self._steps, self._counter = count_steps(start.rate_hz, window, left, params.steps)
        self._direction = self._direction_so_far()
        self._start_s = start.start_s
        self._moved_s = self._bent_s = float(window.t_s[-1])
        self._wake_power = max(params.wake_mps2**2, 0.02 * float(window.surge_now.max()))
        self._bend_rad = float(np.median(lean_rad(window, start.upright)))
        self._risen_rad = 0.5 * self._bend_rad if self._bend_rad > params.least_bend_rad else -1.0
        self._overdue_s = self._overdue()
        self.turn = BandTurn(start.rate_hz, params.steps, params.turn)
        self._held: list[BandStep] = []

    @property
    def last_s(self) -> float:
        """When the last step was known."""
        return self._steps[-1].t_s

    @property
    def way_of_rising(self) -> float:
        """What this set adds to the habit: where it went, positive to the left, if the left of the line rises."""
        return self._way() * self._rises()

    def rows(self, frames: DrillFrames) -> Iterator[Row]:
        """What the set is fed, frame by frame."""
        leans = lean_rad(frames, self.upright).tolist()
        return zip(step_rows(frames, self.left), frames.surge_now.tolist(), leans, strict=True)

    def goes_on(self, row: Row) -> bool:
        """Take how the runner moves in the next frame; return whether the set goes on.

        It does not if he stands up or gets down, pauses, or is so late with a step that nothing else counts.
        """
        (t_s, *_), power, lean = row
        if power > self._wake_power:
            self._moved_s = t_s
        if lean >= self._risen_rad:
            self._bent_s = t_s
        if t_s - self._bent_s > self._params.risen_s or lean > self._params.most_bend_rad:
            return False
        return t_s - self._moved_s <= self._params.pause_s and (self.turn.may_be or t_s <= self._overdue_s)

    def feed(self, row: Row) -> list[DrillRep]:
        """Take the next frame; return the steps that it tells. A step that may be part of a turn is held back."""
        self.turn.feed(row[0], self._steps, 1.0 if self._direction is Side.LEFT else -1.0)
        step = self._counter.feed(*row[0])
        if step is not None:
            self._held.append(step)
        if not self._held or self.turn.leaves_open(self._held[0], self._steps):
            return []
        held, self._held = self._held, []
        return self._take(held)

    def reps(self, first: int = 0) -> list[DrillRep]:
        """Return the steps so far, from the one of that index on."""
        return [self._rep(index) for index in range(first, len(self._steps))]

    def end(self) -> list[DrillRep | BandWalkSet]:
        """Report the set, and the steps that were held back in vain."""
        told: list[DrillRep | BandWalkSet] = []
        if self._held and not self.turn.may_be:
            told.extend(self._take(self._held))
        steps = self._steps
        times = np.diff([step.peak_s for step in steps])
        ended = BandWalkSet(
            set=self._number,
            direction=self._direction_so_far(),
            steps=len(steps),
            start_s=self._start_s,
            end_s=min(self._moved_s, steps[-1].t_s + self._params.pause_s),
            tempo_spm=60.0 / float(np.median(times)) if len(times) else None,
            step_evenness=max(1.0 - float(times.std() / times.mean()), 0.0) if len(times) else None,
            level_score=level_score([step.swing_deg for step in steps]),
        )
        return [*told, ended]

    def remembered(self) -> BandWalkBefore | None:
        """What the next set is held against; None of a set too short, or not done bent."""
        steps, params = self._steps, self._params
        if len(steps) < params.least_steps or self._bend_rad <= params.least_bend_rad:
            return None
        swing_deg = float(np.median([step.swing_deg for step in steps]))
        push_mps2 = float(np.median([step.push_mps2 for step in steps]))
        return BandWalkBefore(self.left, self._bend_rad, swing_deg, push_mps2)

    def _take(self, steps: list[BandStep]) -> list[DrillRep]:
        first = len(self._steps)
        self._steps.extend(steps)
        if first < self._params.least_steps:
            self._direction = self._direction_so_far()
        self._overdue_s = self._overdue()
        return self.reps(first)

    def _direction_so_far(self) -> Side:
        """Where the steps went; and a runner's leading side either rises or sinks, the same way in every set."""
        evidence = self._way() + self._rises() * min(max(self._habit, -0.5), 0.5)
        return Side.LEFT if evidence > 0.0 else Side.RIGHT

    def _way(self) -> float:
        """Where the steps went: positive to the left."""
        return self._params.first_weight * first_way(self._steps) + travel_share(self._steps)

    def _rises(self) -> float:
        return 1.0 if self._steps[0].rise_deg > 0.0 else -1.0

    def _overdue(self) -> float:
        """When the next step is so late that the set is over, whatever moves meanwhile."""
        times = np.diff([step.peak_s for step in self._steps[-6:]])
        usual_s = float(np.median(times)) if len(times) else self._params.slowest_s
        return self._steps[-1].t_s + self._params.pause_s + usual_s

    def _rep(self, index: int) -> DrillRep:
        step = self._steps[index]
        before_s = self._steps[index - 1].t_s if index else self._start_s
        leading_down_deg = -step.rise_deg if self._direction is Side.LEFT else step.rise_deg
        return DrillRep(
            Drill.BAND_WALK, self._number, index + 1, step.t_s, self._direction, None, step.t_s - before_s,
            max(leading_down_deg, 0.0),
        )  # fmt: skip
