"""The demo as somebody sees it: two commands, a page, real numbers of a made runner, and the word when data ends."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from sensorhub.synthetic.runner import synthesise_run
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams, Style
from tests.support.browser import OpenPage, picture
from tests.support.files import recording

pytestmark = [pytest.mark.integration, pytest.mark.browser]

PICTURE = os.environ.get("SENSORHUB_SCREENSHOTS") == "1"
RUN_S = 60.0 if PICTURE else 10.0
STYLE = Style(drop_left_deg=4.0, drop_right_deg=6.5, excursion_unevenness_deg=-1.5)


@pytest.fixture
def demo_url(tmp_path: Path) -> Iterator[str]:
    made = synthesise_run(RunnerParams(seed=3, style=STYLE, bouts=(Bout(Pace.STAND, 4.0), Bout(Pace.RUN, RUN_S))))
    path = recording(tmp_path / "run.csv", made.block)
    command = [sys.executable, "-m", "sensorhub", "demo", "--input", str(path), "--seconds", "200"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout
        said = demo.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/", said)
        assert found, said
        yield found[0]
        demo.terminate()
        rest = demo.stdout.read()
    assert demo.returncode == 0
    assert "Nothing is left running." in rest


def test_the_demo_shows_a_made_runner_and_says_when_the_sensor_falls_silent(demo_url: str, open_page: OpenPage) -> None:
    page = open_page(demo_url, 1100, 1160)
    links = page.locator("#links")
    expect(links).to_contain_text("Sensor SH-0001, broker and store connected", timeout=60_000)
    number = re.compile(r"^\d+\.\d$")
    for side in ("left", "right"):
        expect(page.locator(f"#{side} [data-value=excursion]")).to_have_text(number, timeout=60_000)
    expect(page.locator("[data-tile=strides]")).to_have_text(re.compile(r"^(1[2-9]|[2-9]\d|\d{3})$"), timeout=60_000)
    if PICTURE:
        page.wait_for_timeout(RUN_S * 1000 * 0.75)
        picture(page, "page.png")
    drops = [float(page.locator(f"#{side} [data-value=drop]").inner_text()) for side in ("left", "right")]
    assert drops == pytest.approx([STYLE.drop_left_deg, STYLE.drop_right_deg], abs=1.5)
    page.get_by_role("link", name="Drills").click()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator("#guided-phase")).to_have_text(re.compile("Get ready|Go"))
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("button", name="Start again")).to_be_visible()
    expect(page.locator("#banners")).to_contain_text("no data comes", timeout=(RUN_S + 60) * 1000)
