"""The next stage is suggested by the coach's rule, with a reason, and never before."""

from dataclasses import replace

import pytest

from sensorhub.adapters.programmes import load_programme
from sensorhub.analysis.training.progression import DoneSet, SessionDose, suggest
from sensorhub.model.exercise import Drill
from sensorhub.model.gait import Side

PROGRAMME = load_programme()
RULE = PROGRAMME.progression
PRESCRIBED = {given.drill: given for given in PROGRAMME.drills}
WALK = PRESCRIBED[Drill.BAND_WALK]
PLANK = PRESCRIBED[Drill.SIDE_PLANK]


def session(drill: Drill, amount: float | None, level: float | None, sets: int = 3, day: int = 0) -> SessionDose:
    done = [DoneSet(drill, side, amount, level) for side in Side for _ in range(sets)]
    return SessionDose(f"s{day}", day * 86_400_000_000_000, tuple(done))


def test_three_good_sessions_in_a_row_suggest_the_next_stage() -> None:
    good = session(Drill.BAND_WALK, 20, 85.0)
    assert suggest(WALK, RULE, [good] * 2).next_stage is None
    suggestion = suggest(WALK, RULE, [good] * 3)
    assert suggestion.next_stage == WALK.stages[1].name
    assert "3 sessions in a row" in suggestion.reason
    assert "level score 80" in suggestion.reason


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        (session(Drill.BAND_WALK, 15, 85.0), "0 of 3 sets left reached 18 steps"),
        (session(Drill.BAND_WALK, 20, 70.0), "level score 70, below 80"),
        (session(Drill.BAND_WALK, 20, 85.0, sets=2), "2 of 3 sets left"),
        (session(Drill.BAND_WALK, None, 85.0), "0 of 3 sets left"),
    ],
)
def test_one_session_short_of_it_begins_the_row_anew_and_says_why(last: SessionDose, reason: str) -> None:
    good = session(Drill.BAND_WALK, 20, 85.0)
    suggestion = suggest(WALK, RULE, [good, good, good, last])
    assert suggestion.next_stage is None
    assert reason in suggestion.reason
    assert "0 of 3 sessions" in suggestion.reason
    assert "2 of 3 sessions" in suggest(WALK, RULE, [last, good, good]).reason


def test_sessions_without_the_drill_say_nothing_of_it() -> None:
    good, other = session(Drill.BAND_WALK, 20, 85.0), session(Drill.SIDE_PLANK, 30, None)
    assert suggest(WALK, RULE, [good, other, good, other, good]).next_stage is not None
    assert suggest(WALK, RULE, []).reason == "none done yet"


def test_a_hold_has_no_level_score_and_a_moment_to_get_into_it() -> None:
    assert suggest(PLANK, RULE, [session(Drill.SIDE_PLANK, 27.5, None, sets=2)] * 3).next_stage == "longer hold"
    assert suggest(PLANK, RULE, [session(Drill.SIDE_PLANK, 26.5, None, sets=2)] * 3).next_stage is None


def test_sessions_before_this_stage_do_not_count_and_the_last_stage_has_no_next() -> None:
    days = [session(Drill.BAND_WALK, 20, 85.0, day=day) for day in range(3)]
    since = replace(WALK, since_unix_ns=2 * 86_400_000_000_000)
    assert "1 of 3 sessions" in suggest(since, RULE, days).reason
    last = replace(WALK, stage=len(WALK.stages))
    assert suggest(last, RULE, days).next_stage is None
    assert "last stage" in suggest(last, RULE, days).reason
