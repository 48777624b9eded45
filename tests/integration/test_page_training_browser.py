"""Drills, guided sets and history in a real browser."""

import json
from typing import Any

import msgspec
import pytest
from playwright.sync_api import expect

from sensorhub.analysis.training.progression import Suggestion
from sensorhub.model.exercise import BandWalkSet, ClamshellSet, Drill, DrillRep, SidePlankSet
from sensorhub.model.gait import Side
from sensorhub.model.guided import GuidedAction, GuidedPhase, GuidedState, SetResult, Unit
from sensorhub.pipeline.ports import SessionDigest
from tests.support.browser import PHONE, OpenPage, serious
from tests.support.page import START_UNIX_NS, PageUnderTest

pytestmark = [pytest.mark.integration, pytest.mark.browser]


def test_drills_are_counted_on_the_page(open_page: OpenPage) -> None:
    with PageUnderTest() as feed:
        page = open_page(f"{feed.url}#drills")
        count, name = page.locator("#drill-count"), page.locator("#drill-name")
        for rep in range(1, 4):
            feed.tell(DrillRep(Drill.BAND_WALK, 1, rep, 10.0 + rep, Side.LEFT, None, 1.0, 6.0))
            expect(count).to_have_text(str(rep))
        expect(name).to_have_text("Band walk · to the left · set 1")
        feed.tell(BandWalkSet(1, Side.LEFT, 3, 10.0, 14.0, 60.0, 0.9, 84.0))
        expect(page.locator("#drill-note")).to_have_text("Set done. Level score 84")
        feed.tell(SidePlankSet(1, Side.RIGHT, 75.4, 2.1, 0.3, None, None, 20.0, 95.4))
        expect(count).to_have_text("1:15")
        feed.tell(ClamshellSet(1, Side.LEFT, None, 0.1, "The pelvis was too level to count.", 99.0, 130.0, None, 97.0))
        expect(page.locator("#drill-note")).to_have_text("The pelvis was too level to count.")
        expect(page.locator("#sets tr")).to_have_count(3)
        assert serious(page) == []


def guided(**changes: Any) -> bytes:
    """A guided session in the middle of its second side."""
    values: dict[str, Any] = {
        "programme": "Hip strength for runners",
        "phase": GuidedPhase.WORK,
        "drill": Drill.STANDING_CLAMSHELL,
        "step": 8,
        "steps": 20,
        "set": 1,
        "sets": 3,
        "side": Side.RIGHT,
        "target_low": 12.0,
        "target_high": 15.0,
        "unit": Unit.REPS,
        "count": 7,
        "clock_s": None,
        "remaining_s": None,
        "level_score": 84.0,
        "cue": "Other side: right knee. Keep the hips level.",
        "next": "Rest 45 s",
        "sensor_lost": False,
        "rings": 0,
        "results": (
            SetResult(Drill.SIDE_PLANK, 1, Side.LEFT, 20.0, 30.0, 26.4, Unit.SECONDS, None),
            SetResult(Drill.SIDE_PLANK, 1, Side.RIGHT, 20.0, 30.0, 17.9, Unit.SECONDS, None),
            SetResult(Drill.STANDING_CLAMSHELL, 1, Side.LEFT, 12.0, 15.0, 13.0, Unit.REPS, 84.0),
        ),
    }
    state = msgspec.to_builtins(GuidedState(**(values | changes)))
    return json.dumps({"type": "guided"} | state).encode()


def test_a_guided_set_is_shown_and_steered(open_page: OpenPage) -> None:
    with PageUnderTest() as feed:
        page = open_page(feed.url, 1100, 1080)
        card = page.get_by_role("article").filter(has=page.locator("#guided-title"))
        feed.tell_state("guided", guided(phase=GuidedPhase.COUNTDOWN, remaining_s=2.4, count=None))
        expect(card).to_be_visible()
        expect(page.locator("#guided-number")).to_have_text("3")
        feed.tell_state("guided", guided())
        expect(page.locator("#guided-title")).to_have_text("Standing clamshell, right · set 1 of 3")
        expect(page.locator("#guided-number")).to_have_text("7")
        expect(page.locator("#guided-target")).to_have_text("Aim: 12 to 15 reps")
        expect(page.locator("#guided-rows tr").nth(1)).to_contain_text("18 s ✕")
        expect(card.get_by_role("status")).to_contain_text("Other side: right knee")
        assert serious(page) == []
        page.set_viewport_size(PHONE)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is cut off on a phone"
        assert serious(page) == []
        page.set_viewport_size({"width": 1100, "height": 1080})
        page.get_by_role("button", name="Pause").focus()
        page.keyboard.press("Enter")
        feed.tell_state("guided", guided(phase=GuidedPhase.PAUSED, sensor_lost=True))
        expect(card).to_contain_text("the sensor is away")
        page.get_by_role("button", name="Resume").click()
        page.get_by_role("button", name="Skip").click()
        expect(page.locator("#guided-trouble")).to_be_empty()
        sound = page.get_by_role("button", name="Sound")
        sound.click()
        expect(sound).to_have_attribute("aria-pressed", "true")
        feed.tell_state("guided", guided(phase=GuidedPhase.DONE, rings=1, cue="Done."))
        expect(page.locator("#guided-phase")).to_have_text("Done")
    assert feed.actions == [GuidedAction.PAUSE, GuidedAction.RESUME, GuidedAction.SKIP]


def digest(day: int, **changes: Any) -> SessionDigest:
    run = day % 2 == 0
    values: dict[str, Any] = {
        "session": f"s{day}",
        "runner": "ada",
        "start_unix_ns": START_UNIX_NS + day * 86_400_000_000_000,
        "duration_s": 1815.0 if run else 900.0,
        "strides": 4800 if run else 0,
        "pelvic_drop_left_deg": 5.5 - day / 20 if run else None,
        "pelvic_drop_right_deg": 6.8 - day / 12 if run else None,
        "pelvic_drop_excursion_left_deg": 4.5 - day / 20 if run else None,
        "pelvic_drop_excursion_right_deg": 5.6 - day / 12 if run else None,
        "band_walk_sets": 0 if run else 3,
        "band_walk_steps": 0 if run else 45,
        "side_plank_sets": 0 if run else 4,
        "side_plank_hold_s": 0.0 if run else 96.0,
        "standing_clamshell_sets": 0 if run else 4,
        "standing_clamshell_reps": 0 if run else 52,
        "level_score": None if run else 80.0,
    }
    return SessionDigest(**(values | changes))


def test_the_history_puts_drills_and_runs_on_one_axis(open_page: OpenPage) -> None:
    with PageUnderTest() as feed:
        feed.advice = [Suggestion(Drill.SIDE_PLANK, "hold", "longer hold", "three in a row")]
        feed.history.digests = [digest(day) for day in reversed(range(20))]
        page = open_page(f"{feed.url}#history", 1100, 1000)
        expect(page.locator("#sessions tr")).to_have_count(20)
        expect(page.locator("#dose-text")).to_contain_text("10 runs")
        expect(page.locator("#dose canvas")).to_be_visible()
        expect(page.locator("#sessions tr").first).to_contain_text("3 sets, 45 steps")
        assert serious(page) == []
        page.set_viewport_size(PHONE)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "a card a session on a phone"
        assert serious(page) == []
        expect(page.locator("#advice li")).to_have_text(["Side plank: try “longer hold”: three in a row."])
        expect(page.locator("#history-choice")).to_be_hidden()
        feed.history.digests.insert(0, digest(21, runner="bob"))
        page.reload()
        expect(page.locator("#sessions tr")).to_have_count(1)
        page.locator("#history-runner").select_option("ada")
        expect(page.locator("#sessions tr")).to_have_count(20)
