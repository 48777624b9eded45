"""The live page in a real browser: what a runner sees, what comes back after a restart, what axe says."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from sensorhub.analysis.progression import Suggestion
from sensorhub.model.exercise import BandWalkSet, ClamshellSet, Drill, DrillRep, SidePlankSet
from sensorhub.model.gait import Flag, Side
from sensorhub.model.guided import GuidedAction, GuidedPhase, GuidedState, SetResult, Unit
from sensorhub.model.status import Gap
from sensorhub.pipeline.fanout import FanoutParams
from sensorhub.pipeline.ports import SessionDigest
from tests.support.browser import OpenPage, picture
from tests.support.page import START_UNIX_NS, PageUnderTest, stride

pytestmark = [pytest.mark.integration, pytest.mark.browser]


def link(part: str, health: str, detail: str = "") -> bytes:
    return json.dumps({"type": "link", "part": part, "health": health, "detail": detail}).encode()


def serious(page: Page) -> list[str]:
    """What axe finds that keeps somebody out."""
    violations = Axe().run(page).response["violations"]
    return [found["id"] for found in violations if found["impact"] in {"serious", "critical"}]


def run_some(page: PageUnderTest, first: int, last: int) -> None:
    for number in range(first, last):
        page.tell(stride(number, drop_deg=5.0 + 1.4 * (number % 2) + 0.5 * ((number * 7919) % 13) / 13))


def test_the_page_shows_each_side_as_strides_come(open_page: OpenPage) -> None:
    with PageUnderTest() as feed:
        run_some(feed, 0, 28)
        feed.tell(Gap(19.9, 23.6, 370))
        run_some(feed, 38, 80)
        feed.tell_state("sensor", link("sensor", "ok"))
        feed.tell_state("broker", link("broker", "ok"))
        page = open_page(feed.url)
        feed.tell(stride(80, pelvic_drop_excursion_deg=3.7, pelvic_drop_deg=4.9))
        feed.tell(stride(81, pelvic_drop_excursion_deg=6.2, pelvic_drop_deg=7.1, flags=(Flag.TURN,)))
        left, right = page.get_by_role("article", name="Left stance"), page.get_by_role("article", name="Right stance")
        expect(left.locator("[data-value=excursion]")).to_have_text("3.7")
        expect(left.locator("[data-value=drop]")).to_have_text("4.9")
        expect(right.locator("[data-value=excursion]")).to_have_text("6.2")
        expect(right.locator("[data-value=trust]")).to_contain_text("turning")
        expect(page.locator("[data-tile=cadence]")).to_have_text("167")
        expect(page.locator("[data-tile=contact]")).to_have_text("240")
        expect(page.locator("[data-tile=strides]")).to_have_text("72")
        expect(page.locator("[data-tile=gaps]")).to_have_text("1")
        expect(page.locator("#links")).to_contain_text("Sensor connected")
        expect(left).to_contain_text("Pelvic drop excursion")
        assert serious(page) == []
        page.set_viewport_size({"width": 1100, "height": 1080})
        expect(page.locator("#trend canvas")).to_be_visible()


def test_a_revision_replaces_its_stride_and_unknown_is_a_dash(open_page: OpenPage) -> None:
    with PageUnderTest() as feed:
        page = open_page(feed.url)
        shown = page.locator("#left [data-value=excursion]")
        feed.tell(stride(0, pelvic_drop_excursion_deg=2.0), seq=1)
        expect(shown).to_have_text("2.0")
        feed.tell(stride(0, pelvic_drop_excursion_deg=2.5, revision=1), seq=1)
        expect(shown).to_have_text("2.5")
        expect(page.locator("[data-tile=strides]")).to_have_text("1")
        feed.tell(stride(2, pelvic_drop_excursion_deg=None), seq=2)
        expect(shown).to_have_text("\N{EN DASH}")


def test_after_a_restart_of_the_service_nothing_is_missing(open_page: OpenPage) -> None:
    with PageUnderTest() as feed:
        run_some(feed, 0, 10)
        page = open_page(feed.url)
        expect(page.locator("[data-tile=strides]")).to_have_text("10")
        feed.stop()
        expect(page.locator("#banners")).to_contain_text("The service does not answer")
        run_some(feed, 10, 25)
        feed.start()
        expect(page.locator("[data-tile=strides]")).to_have_text("25")
        run_some(feed, 25, 27)
        expect(page.locator("[data-tile=strides]")).to_have_text("27")
        expect(page.locator("#banners")).to_be_empty()


def test_a_page_that_was_turned_away_comes_back(open_page: OpenPage) -> None:
    with PageUnderTest() as feed:
        run_some(feed, 0, 5)
        page = open_page(feed.url)
        expect(page.locator("[data-tile=strides]")).to_have_text("5")
        feed.stop()
        feed.params = FanoutParams(max_readers=0)
        feed.start()
        with page.expect_response(lambda answer: answer.status == 503):
            pass
        feed.stop()
        feed.params = None
        run_some(feed, 5, 9)
        feed.start()
        expect(page.locator("[data-tile=strides]")).to_have_text("9", timeout=15_000)


def test_what_is_gone_is_said_in_words(open_page: OpenPage) -> None:
    with PageUnderTest() as feed:
        page = open_page(feed.url)
        feed.tell_state("sensor", link("sensor", "lost", "clip-1 has gone <b>"))
        feed.tell_state("broker", link("broker", "waiting", "Asking the broker again in 4 s."))
        expect(page.locator("#banners")).to_contain_text("Sensor: clip-1 has gone <b>")
        expect(page.locator("#banners")).to_contain_text("Broker: Asking the broker again in 4 s.")
        assert serious(page) == []
        feed.tell_state("sensor", link("sensor", "ok"))
        expect(page.locator("#banners")).not_to_contain_text("has gone")


def test_the_page_works_with_a_keyboard_alone_and_in_the_dark(open_page: OpenPage) -> None:
    with PageUnderTest() as feed:
        run_some(feed, 0, 6)
        page = open_page(feed.url)
        expect(page.locator("[data-tile=strides]")).to_have_text("6")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the numbers")).to_be_focused()
        for _ in range(2):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Drills", exact=True)).to_be_visible()
        page.emulate_media(color_scheme="dark")
        assert serious(page) == []
        page.goto(f"{feed.url}#live")
        assert serious(page) == []


CUES = """async ([values, gap_ms]) => {
  const { CueRule } = await import("/static/js/cue.js");
  const rule = new CueRule();
  return values.map((value, place) =>
    rule.take({ side: "left", revision: 0, flags: [], quality: 0.9, pelvic_drop_excursion_deg: value }, place * gap_ms)
  ).flatMap((cue, place) => (cue ? [place] : []));
}"""
EVEN = [5.0, 5.4] * 20  # the runner's own band: 5.2 and up to 0.6 above it


CASES: dict[str, tuple[list[float | None], int, list[int]]] = {
    "inside": ([5.3] * 30, 700, []),
    "a stumble": ([5.3] * 5 + [9.0] + [5.3] * 5, 700, []),
    "above": ([6.5] * 30, 700, [44]),
    "again": (([6.5] * 10 + [5.0] * 10) * 2, 700, [44, 62]),
    "too soon": (([6.5] * 10 + [5.0] * 10) * 2, 100, [44]),
    "not better in between": (([6.5] * 10 + [5.7] * 10) * 2, 700, [44]),
    "unknown": ([None] * 30, 700, []),
}


def test_a_cue_fires_outside_the_runners_own_band_alone(open_page: OpenPage) -> None:
    with PageUnderTest() as feed:
        page = open_page(feed.url)
        fired = {name: page.evaluate(CUES, [[*EVEN, *then], gap_ms]) for name, (then, gap_ms, _) in CASES.items()}
    assert fired == {name: expected for name, (_, _, expected) in CASES.items()}


def test_a_cue_is_said_only_after_its_button_was_pressed(open_page: OpenPage) -> None:
    with PageUnderTest() as feed:
        page = open_page(feed.url)
        run_some(feed, 0, 90)
        expect(page.locator("#cue-band")).to_contain_text(re.compile(r"left up to \d\.\d°; right up to"))
        for number in range(90, 100):
            feed.tell(stride(number, drop_deg=12.0))
        expect(page.locator("[data-tile=strides]")).to_have_text("100")
        expect(page.locator("#cue-told")).to_be_empty()
        page.get_by_role("button", name="Start cues").click()
        expect(page.get_by_role("button", name="Stop cues")).to_be_visible()
        run_some(feed, 100, 120)
        page.evaluate("performance.now = (now => () => now() + 60000)(performance.now.bind(performance))")
        for number in range(120, 130):
            feed.tell(stride(number, drop_deg=12.0))
        expect(page.locator("#cue-told")).to_contain_text("stance: hips level")


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
        picture(page, "guided.png")
        page.get_by_role("button", name="Pause").focus()
        page.keyboard.press("Enter")
        feed.tell_state("guided", guided(phase=GuidedPhase.PAUSED, sensor_lost=True))
        expect(card).to_contain_text("the sensor is away")
        page.get_by_role("button", name="Resume").click()
        page.get_by_role("button", name="Skip").click()
        expect(page.locator("#guided-trouble")).to_be_empty()
        page.get_by_role("button", name="Start sound").click()
        expect(page.get_by_role("button", name="Stop sound")).to_have_attribute("aria-pressed", "true")
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
        expect(page.locator("#advice li")).to_have_text(["Side plank: try “longer hold”: three in a row."])
        picture(page, "history.png")
        expect(page.locator("#history-choice")).to_be_hidden()
        feed.history.digests.insert(0, digest(21, runner="bob"))
        page.reload()
        expect(page.locator("#sessions tr")).to_have_count(1)
        page.locator("#history-runner").select_option("ada")
        expect(page.locator("#sessions tr")).to_have_count(20)


def test_a_token_is_asked_for_and_opens_the_page(open_page: OpenPage, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("correct horse battery")
    token.chmod(0o600)
    with PageUnderTest(token_file=str(token)) as feed:
        run_some(feed, 0, 3)
        page = open_page(feed.url)
        page.get_by_label("Token of this page").fill("wrong")
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("alert")).to_contain_text("That is not the token")
        assert serious(page) == []
        page.goto(f"{feed.url}login#correct horse battery")
        expect(page.locator("[data-tile=strides]")).to_have_text("3")
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_label("Token of this page")).to_be_visible()
