"""Debian's Chromium, headless and fresh for each test; what it complains about fails the test."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page

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
PHONE = {"width": 390, "height": 844}

OpenPage = Callable[..., "Page"]


@pytest.fixture
def open_page(tmp_path: Path) -> Iterator[OpenPage]:
    """A function that opens an address in a fresh browser; at the end nothing may have been refused or thrown."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed (./tests/install-servers installs it)")
    complaints: list[str] = []

    def complain(message: "ConsoleMessage") -> None:
        if message.type == "error" and "net::ERR" not in message.text:
            complaints.append(message.text)

    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "browser", executable_path=chromium, args=list(FLAGS), viewport=PHONE
        )

        def open_address(url: str, width: int = PHONE["width"], height: int = PHONE["height"]) -> "Page":
            page = context.pages[0]
            page.on("console", complain)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.set_viewport_size({"width": width, "height": height})
            page.goto(url)
            return page

        yield open_address
        context.close()
    assert complaints == []
