"""A guided session from start to end, in the runner's order and with what goes wrong."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhub.adapters.programmes import load_programme
from sensorhub.analysis.training.guided_session import GuidedSession
from sensorhub.model.exercise import BandWalkSet, ClamshellSet, Drill, DrillRep, SidePlankSet
from sensorhub.model.gait import Side
from sensorhub.model.guided import GuidedAction, GuidedPhase, GuidedState

BAND = load_programme(only=Drill.BAND_WALK)
PLANK = load_programme(only=Drill.SIDE_PLANK)


def rep(number: int, side: Side = Side.LEFT, drill: Drill = Drill.BAND_WALK) -> DrillRep:
    return DrillRep(drill, 1, number, 0.0, side, None, 1.0, None)


def band_set(steps: int, side: Side = Side.LEFT) -> BandWalkSet:
    return BandWalkSet(1, side, steps, 0.0, 20.0, 40.0, 0.9, 85.0)


def plank(hold_s: float, side: Side = Side.LEFT) -> SidePlankSet:
    return SidePlankSet(1, side, hold_s, 1.0, 0.2, None, None, 0.0, hold_s)


class Runner:
    """A session with its own clock."""

    def __init__(self, session: GuidedSession) -> None:
        self.session = session
        self.now_s = 100.0
        self.state: GuidedState = session.tick(self.now_s)

    def wait(self, seconds: float) -> GuidedState:
        """Let time pass in ticks of a fifth of a second."""
        for _ in range(round(seconds * 5)):
            self.now_s += 0.2
            self.state = self.session.tick(self.now_s)
        return self.state

    def act(self, action: GuidedAction) -> GuidedState:
        self.state = self.session.act(action, self.now_s)
        return self.state

    def hear(self, event: DrillRep | BandWalkSet | SidePlankSet | ClamshellSet) -> GuidedState:
        self.state = self.session.hear(event, self.now_s)
        return self.state

    def to_work(self) -> GuidedState:
        self.act(GuidedAction.START)
        self.wait(5.2)
        assert self.state.phase is GuidedPhase.WORK
        return self.state


def test_countdown_count_other_side_and_rest() -> None:
    runner = Runner(GuidedSession(BAND))
    assert runner.state.phase is GuidedPhase.READY
    runner.act(GuidedAction.START)
    assert (runner.state.phase, runner.state.remaining_s) == (GuidedPhase.COUNTDOWN, 5.0)
    rings = runner.state.rings
    runner.wait(5.2)
    assert (runner.state.phase, runner.state.rings) == (GuidedPhase.WORK, rings + 1)
    for number in range(1, 13):
        assert runner.hear(rep(number)).count == number
    runner.hear(band_set(12))
    assert runner.state.phase is GuidedPhase.REST
    assert runner.state.cue == "Other side: steps to the right."
    assert (runner.state.results[0].done, runner.state.results[0].level_score) == (12, 85.0)
    runner.wait(10.2)
    assert runner.state.phase is GuidedPhase.COUNTDOWN
    assert (runner.state.side, runner.state.set) == (Side.RIGHT, 1)


def test_the_top_of_the_range_ends_a_set_and_its_record_comes_later() -> None:
    runner = Runner(GuidedSession(BAND))
    runner.to_work()
    for number in range(1, 21):
        runner.hear(rep(number))
    assert runner.state.phase is GuidedPhase.REST
    assert (runner.state.results[0].done, runner.state.results[0].level_score) == (20, None)
    runner.hear(band_set(21))
    assert len(runner.state.results) == 1
    assert (runner.state.results[0].done, runner.state.results[0].level_score) == (21, 85.0)


def test_a_hold_runs_by_the_clock_and_is_set_right_by_its_record() -> None:
    runner = Runner(GuidedSession(PLANK))
    runner.to_work()
    runner.wait(12)
    assert runner.state.clock_s == pytest.approx(12, abs=0.5)
    runner.wait(18.4)
    assert runner.state.phase is GuidedPhase.REST
    runner.hear(plank(28.1))
    assert runner.state.results[0].done == 28.1


def test_sinking_early_ends_a_hold() -> None:
    runner = Runner(GuidedSession(PLANK))
    runner.to_work()
    runner.wait(9)
    runner.hear(plank(8.0))
    assert runner.state.phase is GuidedPhase.REST
    assert runner.state.results[0].done == 8.0


def test_either_side_may_be_first_but_not_changed_within_a_set() -> None:
    runner = Runner(GuidedSession(BAND))
    runner.to_work()
    assert runner.hear(rep(1, Side.RIGHT)).side is Side.RIGHT
    assert runner.hear(rep(2, Side.RIGHT)).count == 2
    assert "Due: steps to the right" in runner.hear(rep(1, Side.LEFT)).cue
    assert runner.state.count == 2
    runner.hear(band_set(14, Side.RIGHT))
    runner.wait(15.4)
    assert (runner.state.phase, runner.state.side) == (GuidedPhase.WORK, Side.LEFT)


def test_another_drill_does_not_count() -> None:
    runner = Runner(GuidedSession(BAND))
    runner.to_work()
    assert runner.hear(rep(3, drill=Drill.STANDING_CLAMSHELL)).count == 0
    assert runner.hear(plank(20.0)).phase is GuidedPhase.WORK


@pytest.mark.parametrize("programme", [BAND, PLANK])
def test_a_pause_stops_the_clocks(programme: object) -> None:
    runner = Runner(GuidedSession(programme))  # type: ignore[arg-type]
    runner.act(GuidedAction.START)
    runner.wait(2)
    left_s = runner.state.remaining_s
    runner.act(GuidedAction.PAUSE)
    runner.wait(60)
    assert runner.state.phase is GuidedPhase.PAUSED
    runner.act(GuidedAction.RESUME)
    assert runner.state.remaining_s == pytest.approx(left_s, abs=0.01)
    runner.wait(8)
    assert runner.state.phase is GuidedPhase.WORK
    clock_s = runner.state.clock_s
    runner.act(GuidedAction.PAUSE)
    runner.wait(100)
    assert runner.act(GuidedAction.RESUME).clock_s == (None if clock_s is None else pytest.approx(clock_s, abs=0.01))


def test_a_sensor_that_goes_for_ten_seconds_is_said_and_loses_nothing() -> None:
    runner = Runner(GuidedSession(BAND))
    runner.to_work()
    runner.hear(rep(5))
    runner.state = runner.session.hear_sensor(lost=True, now_s=runner.now_s)
    runner.wait(10)
    assert (runner.state.sensor_lost, runner.state.count, runner.state.phase) == (True, 5, GuidedPhase.WORK)
    runner.state = runner.session.hear_sensor(lost=False, now_s=runner.now_s)
    assert runner.hear(rep(6)).count == 6


def test_a_skipped_set_is_not_claimed_and_a_set_too_level_to_count_is_not_guessed() -> None:
    runner = Runner(GuidedSession(load_programme(only=Drill.STANDING_CLAMSHELL)))
    runner.to_work()
    runner.hear(ClamshellSet(1, Side.LEFT, None, 0.1, "too level", 0.0, 30.0, None, 98.0))
    assert (runner.state.results[0].done, runner.state.results[0].level_score) == (None, 98.0)
    runner.wait(15.4)
    runner.act(GuidedAction.SKIP)
    assert runner.state.results[1].done is None
    runner.act(GuidedAction.STOP)
    assert runner.state.phase is GuidedPhase.DONE
    assert runner.state.cue == "Done: 0 of 4 sets as prescribed. 2 could not be counted."


def test_a_whole_session_is_done_against_prescribed() -> None:
    runner = Runner(GuidedSession(BAND))
    runner.act(GuidedAction.START)
    for _ in range(2 * BAND.drills[0].sets):
        while runner.state.phase is not GuidedPhase.WORK:
            runner.wait(1)
        assert runner.state.side is not None
        runner.hear(band_set(15, runner.state.side))
    assert runner.state.phase is GuidedPhase.DONE
    assert runner.state.cue == "Done: 6 of 6 sets as prescribed."
    assert runner.state.next is None
    assert [result.side for result in runner.state.results] == [Side.LEFT, Side.RIGHT] * 3


EVENTS = st.one_of(
    st.sampled_from(list(GuidedAction)),
    st.builds(rep, st.integers(1, 25), st.sampled_from(Side), st.sampled_from(Drill)),
    st.builds(band_set, st.integers(1, 25), st.sampled_from(Side)),
    st.builds(plank, st.floats(1, 90), st.sampled_from(Side)),
    st.floats(0, 60),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(EVENTS, max_size=40))
def test_whatever_happens_the_state_makes_sense(events: list[object]) -> None:
    programme = load_programme()
    runner = Runner(GuidedSession(replace(programme, get_ready_s=1.0)))
    rings = 0
    for event in events:
        match event:
            case GuidedAction():
                runner.act(event)
            case float():
                runner.now_s += event
                runner.state = runner.session.tick(runner.now_s)
            case DrillRep() | BandWalkSet() | SidePlankSet():
                runner.hear(event)
        state = runner.state
        assert 1 <= state.step <= state.steps
        assert len(state.results) <= state.steps
        assert state.remaining_s is None or state.remaining_s >= 0
        assert state.rings >= rings
        rings = state.rings
