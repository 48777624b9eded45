"""The pictures of the docs that take their time: a guided session as it is, after a season. SENSORHUB_SCREENSHOTS=1."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from sensorhub.adapters.sqlite.keeper import Keeper
from sensorhub.formats.records import encode_record
from sensorhub.model.gait import Side
from sensorhub.synthetic.band_walk import BandWalkParams, BandWalkSetPlan, synthesise_band_walk
from tests.support.browser import OpenPage, picture
from tests.support.files import hub_settings, recording
from tests.support.season import Season
from tests.support.servers import free_port

pytestmark = [
    pytest.mark.integration,
    pytest.mark.browser,
    pytest.mark.timeout(180),
    pytest.mark.skipif(os.environ.get("SENSORHUB_SCREENSHOTS") != "1", reason="only makes pictures"),
]

RUNNER = "ada"


def keep_a_season(data: Path) -> None:
    """Fill a keeper as eight weeks would."""
    data.mkdir()
    season = Season(runners=1, end_unix_ns=time.time_ns() - 3_600 * 10**9)
    records = [replace(one, session=replace(one.session, runner=RUNNER)) for one in season.records()]
    with Keeper.open(data / "keeper.sqlite") as keeper:
        keeper.keep([encode_record(record) for record in records])


def module(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


@pytest.fixture
def guided_url(tmp_path: Path) -> Iterator[str]:
    """A guided band walk of two sets, with a made runner who does it."""
    plans = tuple(BandWalkSetPlan(side, 14) for side in Side)
    made = synthesise_band_walk(BandWalkParams(seed=4, sets=plans, pause_s=14.0, fidgets=False))
    path = recording(tmp_path / "walk.csv", made.block)
    keep_a_season(tmp_path / "data")
    page = free_port()
    with ExitStack() as stack:
        sensor = stack.enter_context(module("sensorhub.adapters.virtual_sensor", "--input", str(path)))
        stack.callback(sensor.terminate)
        assert sensor.stdout
        radio = json.loads(sensor.stdout.readline())["radio"]
        config = hub_settings(tmp_path, radio, page_port=page)
        drill = stack.enter_context(module("sensorhub", "drill", "band_walk", "--config", str(config)))
        stack.callback(drill.terminate)
        assert drill.stdout
        while "Live page" not in drill.stdout.readline():
            pass
        yield f"http://127.0.0.1:{page}/"


def test_a_guided_session_after_a_season(guided_url: str, open_page: OpenPage) -> None:
    page = open_page(f"{guided_url}#history", 1100, 1000)
    expect(page.locator("#sessions tr")).not_to_have_count(0)
    expect(page.locator("#advice li")).to_have_count(3)
    picture(page, "history.png")
    page = open_page(f"{guided_url}#drills", 1100, 1080)
    expect(page.locator("#guided-rows tr")).to_have_count(1, timeout=60_000)
    expect(page.locator("#guided-phase")).to_have_text("Go", timeout=60_000)
    expect(page.locator("#guided-number")).to_have_text("8", timeout=60_000)
    picture(page, "guided.png")
