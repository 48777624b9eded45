"""A guided session in the terminal: what is written, when the bell rings, and what the keys do."""

import io
import re
from collections.abc import Callable

import pytest

from sensorhub.adapters.programmes import load_programme
from sensorhub.app.guided import GuidedRun, HeardStore, offered_session
from sensorhub.cli.drill import press
from sensorhub.cli.guided_screen import GuidedScreen
from sensorhub.config import SensorSettings, Settings
from sensorhub.model.exercise import BandWalkSet, Drill, DrillRep
from sensorhub.model.gait import Side
from sensorhub.model.guided import GuidedAction, GuidedPhase
from sensorhub.model.session import Session
from sensorhub.model.status import Health, LinkStatus, Part
from tests.support.page import SESSION


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class SlowStore:
    def __init__(self) -> None:
        self.puts: list[tuple[object, Callable[[], None]]] = []

    def put_many(self, events: object, kept: Callable[[], None]) -> None:
        self.puts.append((events, kept))


def rep(number: int) -> DrillRep:
    return DrillRep(Drill.BAND_WALK, 1, number, 0.0, Side.LEFT, None, 1.0, None)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def guided(clock: Clock, screen: GuidedScreen) -> GuidedRun:
    return GuidedRun(load_programme(only=Drill.BAND_WALK), "ada", screen.show_guided, clock=clock)


def to_work(run: GuidedRun, clock: Clock) -> None:
    press(run, " ")
    clock.now_s += 5.1
    press(run, "x")
    run.hear([])
    run.hear_link(LinkStatus(Part.SENSOR, Health.OK, ""))
    assert run.state.phase is GuidedPhase.WORK


def test_a_set_in_lines_that_stay_where_there_is_no_terminal(clock: Clock) -> None:
    stream = io.StringIO()
    run = guided(clock, GuidedScreen(stream))
    to_work(run, clock)
    for number in range(1, 4):
        run.hear([(rep(number), SESSION)])
    run.hear([(BandWalkSet(1, Side.LEFT, 3, 0.0, 9.0, 40.0, 0.9, 77.0), SESSION)])
    written = stream.getvalue()
    assert "1/6 Go: band walk left, set 1 of 3  3 steps" in written
    assert "band walk left, set 1: 3 steps (10 to 20 steps prescribed), level score 77" in written
    assert "Other side: steps to the right." in written
    assert not re.search(r"[\x07\x1b\r]", written)


def test_a_terminal_has_one_line_that_changes_the_cue_whole_above_it_and_a_bell(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    stream = Terminal()
    run = guided(clock, GuidedScreen(stream))
    to_work(run, clock)
    assert stream.getvalue().count("\a") == 1
    *staying, changing = stream.getvalue().replace("\a", "").split("\n")
    cues = [line.rpartition("\x1b[2K")[2] for line in staying]
    assert cues == ["  Press start when you are ready.", "  Next: steps to the left.", f"  {run.state.cue}"]
    shown = [line for part in (*staying, changing) for line in re.split(r"\r\x1b\[2K", part)]
    assert max(len(line) for line in shown if line not in cues) <= 60


def test_keys_pause_go_on_skip_and_stop(clock: Clock) -> None:
    run = guided(clock, GuidedScreen(io.StringIO()))
    to_work(run, clock)
    phases = []
    for key in " \nnq":
        press(run, key)
        phases.append(run.state.phase)
    assert phases == [GuidedPhase.PAUSED, GuidedPhase.WORK, GuidedPhase.REST, GuidedPhase.DONE]
    assert run.done.is_set()


def test_the_end_says_what_came_of_it_and_not_what_was_due(clock: Clock) -> None:
    stream = io.StringIO()
    run = guided(clock, GuidedScreen(stream))
    to_work(run, clock)
    press(run, "q")
    assert stream.getvalue().splitlines()[-1] == run.state.cue


def test_keys_pressed_together_all_count(clock: Clock) -> None:
    run = guided(clock, GuidedScreen(io.StringIO()))
    to_work(run, clock)
    press(run, " q")
    assert run.state.phase is GuidedPhase.DONE


def test_what_is_stored_is_heard_not_before_and_not_of_another_runner(clock: Clock) -> None:
    run = guided(clock, GuidedScreen(io.StringIO()))
    store, told = SlowStore(), list[bool]()
    to_work(run, clock)
    events = [(rep(1), SESSION), (rep(7), Session("hub", "clip-2", "bob", "s2", None))]
    HeardStore(store, run).put_many(events, lambda: told.append(True))
    assert run.state.count == 0
    ((put, kept),) = store.puts
    kept()
    assert (run.state.count, put, told) == (1, events, [True])


def test_a_lost_sensor_is_said_and_a_lost_broker_does_not_matter(clock: Clock) -> None:
    run = guided(clock, GuidedScreen(io.StringIO()))
    run.hear_link(LinkStatus(Part.BROKER, Health.LOST, ""))
    assert not run.state.sensor_lost
    run.hear_link(LinkStatus(Part.SENSOR, Health.LOST, ""))
    assert run.state.sensor_lost


def test_a_start_after_the_end_begins_anew(clock: Clock) -> None:
    run = guided(clock, GuidedScreen(io.StringIO()))
    to_work(run, clock)
    press(run, "q")
    run.act(GuidedAction.START)
    assert (run.state.phase, run.state.results) == (GuidedPhase.COUNTDOWN, ())


def test_a_service_offers_a_session_where_it_is_clear_whose_it_is() -> None:
    ada, bob = SensorSettings(name="a", runner="ada"), SensorSettings(name="b", runner="bob")
    assert offered_session(Settings(sensor=(ada,))) is not None
    assert offered_session(Settings(sensor=(ada, bob))) is None
    assert offered_session(Settings()) is None
