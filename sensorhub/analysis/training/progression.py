"""When to go on to the next stage of a drill: the coach's own rule, applied to what was done. Never a medical claim."""

from collections.abc import Sequence
from dataclasses import dataclass

from sensorhub.model.exercise import Drill
from sensorhub.model.gait import Side
from sensorhub.model.programme import Prescription, ProgressionRule


@dataclass(frozen=True, slots=True)
class DoneSet:
    """One set as it was done; amount in the drill's own unit, None where it could not be counted."""

    drill: Drill
    side: Side
    amount: float | None
    level_score: float | None


@dataclass(frozen=True, slots=True)
class SessionDose:
    """The drills of one session; `start_unix_ns` None where the wall clock was not known."""

    session: str
    start_unix_ns: int | None
    sets: tuple[DoneSet, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the rule says of one drill: the next stage (None: stay), and why."""

    drill: Drill
    stage: str
    next_stage: str | None
    reason: str


def suggest(prescription: Prescription, rule: ProgressionRule, sessions: Sequence[SessionDose]) -> Suggestion:
    """Apply the rule to a runner's sessions, oldest first; sessions without this drill do not count either way."""
    trained = [done for session in sessions if (done := _sets_of(prescription, session))]
    shortfalls = [_shortfall(prescription, rule, sets) for sets in trained[-rule.sessions :]]
    good = len(shortfalls) - next(
        (place for place in range(len(shortfalls), 0, -1) if shortfalls[place - 1] is not None), 0
    )
    stage = prescription.present.name

    def say(next_stage: str | None, reason: str) -> Suggestion:
        return Suggestion(prescription.drill, stage, next_stage, reason)

    if not shortfalls:
        return say(None, "none done yet")
    if good < rule.sessions:
        return say(
            None, f"{good} of {rule.sessions} sessions in a row at the top of the range" + _because(shortfalls[-1])
        )
    if prescription.stage == len(prescription.stages):
        return say(None, "this is the last stage; ask your coach for a harder one")
    following = prescription.stages[prescription.stage].name
    return say(following, f"{rule.sessions} sessions in a row at the top of the range{_level_words(rule, trained)}")


def _sets_of(prescription: Prescription, session: SessionDose) -> tuple[DoneSet, ...]:
    since = prescription.since_unix_ns
    if since is not None and (session.start_unix_ns is None or session.start_unix_ns < since):
        return ()
    return tuple(done for done in session.sets if done.drill is prescription.drill)


def _shortfall(prescription: Prescription, rule: ProgressionRule, sets: Sequence[DoneSet]) -> str | None:
    """Say what kept a session from the top of the range; None where nothing did."""
    top = rule.top_share * prescription.present.high
    for side in Side:
        amounts = [done.amount for done in sets if done.side is side]
        reached = sum(amount is not None and amount >= top for amount in amounts)
        if reached < prescription.sets:
            return f"{reached} of {prescription.sets} sets {side.value} reached {top:.0f} {prescription.unit}"
    scores = [done.level_score for done in sets if done.level_score is not None]
    if scores and (mean := sum(scores) / len(scores)) < rule.level_score:
        return f"level score {mean:.0f}, below {rule.level_score:.0f}"
    return None


def _because(shortfall: str | None) -> str:
    return "" if shortfall is None else f" (last time: {shortfall})"


def _level_words(rule: ProgressionRule, trained: Sequence[Sequence[DoneSet]]) -> str:
    scored = any(done.level_score is not None for sets in trained[-rule.sessions :] for done in sets)
    return f", level score {rule.level_score:.0f} or above" if scored else ""
