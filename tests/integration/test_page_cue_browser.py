"""The cue in a real browser: outside the runner's own band, not twice for one thing, not before it was asked for."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser import OpenPage
from tests.support.page import PageUnderTest, run_some, stride

pytestmark = [pytest.mark.integration, pytest.mark.browser]


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
        button = page.get_by_role("button", name="Sound cues")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        run_some(feed, 100, 120)
        page.evaluate("performance.now = (now => () => now() + 60000)(performance.now.bind(performance))")
        for number in range(120, 130):
            feed.tell(stride(number, drop_deg=12.0))
        expect(page.locator("#cue-told")).to_contain_text("stance: hips level")
