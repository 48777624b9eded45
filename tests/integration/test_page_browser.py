"""The live page in a real browser: what a runner sees, what comes back after a restart, what axe says."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from sensorhub.model.gait import Flag, Side
from sensorhub.model.status import Gap, SensorStatus
from sensorhub.pipeline.fanout import FanoutParams
from tests.support.browser import OpenPage, serious
from tests.support.files import secret
from tests.support.page import SESSION, PageUnderTest, link, run_some, stride

pytestmark = [pytest.mark.integration, pytest.mark.browser]


def test_the_page_shows_each_side_as_strides_come(open_page: OpenPage) -> None:
    with PageUnderTest() as feed:
        run_some(feed, 0, 28)
        feed.tell(Gap(19.9, 23.6, 370))
        run_some(feed, 38, 80)
        feed.tell_state("sensor", link("sensor", "ok"))
        feed.tell_state("broker", link("broker", "ok"))
        feed.tell(SensorStatus(39.0, True, 82.0, -60.0, 100.0, 0.004, 0.05, 3))
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
        expect(page.locator("[data-tile=battery]")).to_have_text("82")
        expect(page.locator("[data-tile=loss]")).to_have_text("0.4")
        expect(page.locator("[data-tile=gaps]")).to_have_text("1")
        expect(page.locator("#links")).to_contain_text("Sensor and broker connected")
        expect(left).to_contain_text("Pelvic drop excursion")
        expect(page.locator("[data-tile=worse]")).to_have_text("more on the right")
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
        feed.tell(stride(2, side=Side.RIGHT, pelvic_drop_excursion_deg=4.5, revision=1), seq=2)
        expect(page.locator("#right [data-value=excursion]")).to_have_text("4.5")
        expect(shown).to_have_text("2.5")


def test_while_several_run_the_page_stays_with_one_until_that_one_rests(open_page: OpenPage) -> None:
    with PageUnderTest() as feed:
        cleo = replace(SESSION, sensor="clip-2", runner="cleo", session="s2")
        page = open_page(feed.url)
        shown = page.locator("#activity")
        for number in range(10):
            feed.tell(stride(number))
            feed.tell(stride(number), session=cleo)
        expect(page.locator("#source option")).to_have_count(3)
        expect(shown).to_contain_text("ada")
        feed.tell(stride(30), session=cleo)
        expect(shown).to_contain_text("ada")
        feed.tell(stride(40), session=cleo)  # 11 s after ada's last
        expect(shown).to_contain_text("cleo")
        page.get_by_label("Runner").first.select_option("clip-1")
        expect(shown).to_contain_text("ada")


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
        expect(page.locator("[data-tile=strides]")).to_have_text("9")


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


def test_a_token_is_asked_for_and_opens_the_page(open_page: OpenPage, tmp_path: Path) -> None:
    token = secret(tmp_path / "token", "correct horse battery")
    with PageUnderTest(token_file=token) as feed:
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
