"""A guided session: the programme, what the runner asks, what the drills say and the time, to what is shown.

Pure: time comes from the caller, in seconds of any clock that never goes back. Every set ends by reaching the top of
its range, by the end that the drill itself reports, or by a skip. The level score of a set comes with its record, some
seconds after its end, and is then put beside the result.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sensorhub.analysis.training.guided_words import cue, side_words, what_is_next
from sensorhub.model.exercise import BandWalkSet, ClamshellSet, Drill, DrillRep, DrillSet, SidePlankSet
from sensorhub.model.gait import Side
from sensorhub.model.guided import GuidedAction, GuidedPhase, GuidedState, SetResult, Unit
from sensorhub.model.programme import Programme, ProgrammeStep, steps_of

ACTIVE = (GuidedPhase.COUNTDOWN, GuidedPhase.WORK, GuidedPhase.REST)


@dataclass(frozen=True, slots=True)
class DrillFact:
    """What a drill's event says for a programme: how much so far, on which side, and if it is a whole set."""

    drill: Drill
    side: Side | None
    amount: float | None
    whole: bool
    level_score: float | None = None


def fact_of(event: DrillRep | DrillSet) -> DrillFact:
    """Read an event of any drill in the programme's words."""
    match event:
        case DrillRep():
            return DrillFact(event.drill, event.direction or event.side, event.rep, whole=False)
        case BandWalkSet():
            return DrillFact(event.drill, event.direction, event.steps, True, event.level_score)
        case SidePlankSet():
            return DrillFact(event.drill, event.side, event.hold_s, whole=True)
        case ClamshellSet():
            return DrillFact(event.drill, event.side, event.reps, True, event.level_score)


class GuidedSession:
    """Walks a runner through a programme."""

    def __init__(self, programme: Programme) -> None:
        self._programme = programme
        self._steps = list(steps_of(programme))
        self._place = 0
        self._phase = GuidedPhase.READY
        self._until_s: float | None = None
        self._work_since_s = 0.0
        self._held_back: tuple[GuidedPhase, float] | None = None
        self._count = 0
        self._results: list[SetResult] = []
        self._awaiting_record = False
        self._sensor_lost = False
        self._rings = 0
        self._hint = ""

    @property
    def phase(self) -> GuidedPhase:
        """Where the session is."""
        return self._phase

    @property
    def awaiting_record(self) -> bool:
        """Whether the last set's own record, with its level score, is still to come."""
        return self._awaiting_record

    def act(self, action: GuidedAction, now_s: float) -> GuidedState:
        """Do what the runner asks; what makes no sense in this phase changes nothing."""
        doings: dict[tuple[GuidedAction, GuidedPhase], Callable[[float], None]] = {
            (GuidedAction.START, GuidedPhase.READY): self._get_ready,
            (GuidedAction.RESUME, GuidedPhase.PAUSED): self._resume,
            (GuidedAction.SKIP, GuidedPhase.COUNTDOWN): self._skip,
            (GuidedAction.SKIP, GuidedPhase.WORK): self._skip,
            (GuidedAction.SKIP, GuidedPhase.REST): self._get_ready,
            **{(GuidedAction.PAUSE, phase): self._pause for phase in ACTIVE},
            **{(GuidedAction.STOP, phase): self._finish for phase in (*ACTIVE, GuidedPhase.PAUSED)},
        }
        doing = doings.get((action, self._phase))
        if doing is not None:
            doing(now_s)
        return self.tick(now_s)

    def hear(self, event: DrillRep | DrillSet, now_s: float) -> GuidedState:
        """Take what a drill says: it counts for the set under way, or completes the one before."""
        fact = fact_of(event)
        if fact.whole and self._completes_last(fact):
            self._complete_last(fact)
        elif self._phase is GuidedPhase.WORK and fact.drill is self._step.prescription.drill:
            self._take(fact, now_s)
        return self.tick(now_s)

    def hear_sensor(self, *, lost: bool, now_s: float) -> GuidedState:
        """Take that the sensor has gone or is back; the clock goes on, the count waits for it."""
        self._sensor_lost = lost
        return self.tick(now_s)

    def tick(self, now_s: float) -> GuidedState:
        """Move on where the time has come, and say how things stand."""
        if self._until_s is not None and now_s >= self._until_s:
            if self._phase is GuidedPhase.REST:
                self._get_ready(now_s)
            elif self._phase is GuidedPhase.COUNTDOWN:
                self._work(now_s)
        if self._clock_s(now_s) is not None and now_s - self._work_since_s >= self._step.prescription.present.high:
            self._end_set(self._step.prescription.present.high, now_s)
        return self._state(now_s)

    @property
    def _step(self) -> ProgrammeStep:
        return self._steps[min(self._place, len(self._steps) - 1)]

    def _get_ready(self, now_s: float) -> None:
        self._phase, self._until_s = GuidedPhase.COUNTDOWN, now_s + self._programme.get_ready_s
        self._count, self._hint = 0, ""

    def _work(self, now_s: float) -> None:
        self._phase, self._until_s, self._work_since_s = GuidedPhase.WORK, None, now_s
        self._rings += 1

    def _pause(self, now_s: float) -> None:
        running_s = now_s - self._work_since_s if self._until_s is None else self._until_s - now_s
        self._held_back = (self._phase, running_s)
        self._phase, self._until_s = GuidedPhase.PAUSED, None

    def _resume(self, now_s: float) -> None:
        if self._held_back is None:
            return
        self._phase, running_s = self._held_back
        if self._phase is GuidedPhase.WORK:
            self._work_since_s = now_s - running_s
        else:
            self._until_s = now_s + running_s
        self._held_back = None

    def _skip(self, now_s: float) -> None:
        counted = self._step.prescription.unit is not Unit.SECONDS and self._count > 0
        self._end_set(self._count if counted else None, now_s)

    def _finish(self, _now_s: float) -> None:
        self._phase, self._until_s = GuidedPhase.DONE, None
        self._rings += 1

    def _take(self, fact: DrillFact, now_s: float) -> None:
        if fact.side is not None and fact.side is not self._step.side and not self._swap_sides():
            self._hint = f"That was the {fact.side.value} side. Due: {side_words(self._step)}."
            return
        self._hint = ""
        if fact.whole:
            self._end_set(fact.amount, now_s, fact)
        elif fact.amount is not None:
            self._count = int(fact.amount)
            if self._count >= self._step.prescription.present.high:
                self._end_set(self._count, now_s)

    def _swap_sides(self) -> bool:
        """Let the runner begin a pair of sides with the other one, while nothing of it is counted."""
        place, steps = self._place, self._steps
        if self._count or place + 1 >= len(steps):
            return False
        now, then = steps[place], steps[place + 1]
        if (now.prescription, now.set) != (then.prescription, then.set):
            return False
        steps[place], steps[place + 1] = replace(now, side=then.side), replace(then, side=now.side)
        return True

    def _end_set(self, done: float | None, now_s: float, record: DrillFact | None = None) -> None:
        step = self._step
        stage = step.prescription.present
        self._results.append(
            SetResult(
                drill=step.prescription.drill,
                set=step.set,
                side=step.side,
                prescribed_low=stage.low,
                prescribed_high=stage.high,
                done=done,
                unit=step.prescription.unit,
                level_score=record.level_score if record else None,
            )
        )
        self._awaiting_record = record is None
        self._place += 1
        self._hint = ""
        if self._place >= len(self._steps):
            self._finish(now_s)
            return
        self._rings += 1
        self._phase, self._until_s = GuidedPhase.REST, now_s + step.rest_s

    def _completes_last(self, fact: DrillFact) -> bool:
        if not (self._awaiting_record and self._results):
            return False
        last = self._results[-1]
        return last.drill is fact.drill and last.side is fact.side

    def _complete_last(self, fact: DrillFact) -> None:
        """Put the set's own record beside the result: it knows best how much it was, and how level."""
        last = self._results[-1]
        done = last.done if fact.amount is None else fact.amount
        self._results[-1] = replace(last, done=done, level_score=fact.level_score)
        self._awaiting_record = False

    def _clock_s(self, now_s: float) -> float | None:
        """Seconds of the hold under way."""
        if self._phase is not GuidedPhase.WORK or self._step.prescription.unit is not Unit.SECONDS:
            return None
        return now_s - self._work_since_s

    def _state(self, now_s: float) -> GuidedState:
        step = self._step
        stage = step.prescription.present
        counts = step.prescription.unit is not Unit.SECONDS
        return GuidedState(
            programme=self._programme.name,
            phase=self._phase,
            drill=step.prescription.drill,
            step=min(self._place + 1, len(self._steps)),
            steps=len(self._steps),
            set=step.set,
            sets=step.prescription.sets,
            side=step.side,
            target_low=stage.low,
            target_high=stage.high,
            unit=step.prescription.unit,
            count=self._count if counts and self._phase in {GuidedPhase.WORK, GuidedPhase.PAUSED} else None,
            clock_s=self._clock_s(now_s),
            remaining_s=None if self._until_s is None else max(0.0, self._until_s - now_s),
            level_score=self._results[-1].level_score if self._results else None,
            cue=cue(self._phase, step, len(self._steps), self._results, self._hint),
            next=what_is_next(self._phase, self._steps, self._place),
            sensor_lost=self._sensor_lost,
            rings=self._rings,
            results=tuple(self._results),
        )
