"""Debian's Chromium, headless, a new visitor for each test; what it complains about fails the test."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
EXPECTED = re.compile(r"net::ERR|status of 503")
"""What a browser complains of while the service is away or full: the tests look at how the page takes it."""
IMAGES = Path(__file__).parents[2] / "docs" / "images"
PATIENCE_MS = 30_000
PHONE = {"width": 390, "height": 844}

OpenPage = Callable[..., "Page"]


@pytest.fixture(scope="module")
def chromium() -> Iterator["Browser"]:
    """One browser for the tests of a module; no longer, for its loop would be in the way of others."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)

    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed (./tests/install-servers installs it)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: "Browser") -> Iterator[OpenPage]:
    """A function that opens an address as a new visitor; at the end nothing may have been refused or thrown."""
    complaints: list[str] = []

    def complain(message: "ConsoleMessage") -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            complaints.append(message.text)

    context = chromium.new_context()

    def open_address(url: str, width: int = PHONE["width"], height: int = PHONE["height"]) -> "Page":
        page = context.new_page()
        page.on("console", complain)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.set_viewport_size({"width": width, "height": height})
        page.goto(url)
        return page

    yield open_address
    context.close()
    assert complaints == []


def picture(page: "Page", name: str) -> None:
    """Write a screenshot for the docs when asked to (SENSORHUB_SCREENSHOTS=1)."""
    if os.environ.get("SENSORHUB_SCREENSHOTS") == "1":
        IMAGES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=IMAGES / name)


def serious(page: "Page") -> list[str]:
    """What axe finds that keeps somebody out."""
    from axe_playwright_python.sync_playwright import Axe

    violations = Axe().run(page).response["violations"]
    return [found["id"] for found in violations if found["impact"] in {"serious", "critical"}]
