"""`sensorhub drill` on a real terminal: keys alone start, pause, go on, skip and stop it."""

import asyncio
import os
import pty
import re
import sys
from pathlib import Path

import pytest

from tests.support.files import hub_settings
from tests.support.virtual_sensor import virtual_sensor

pytestmark = pytest.mark.integration

PATIENCE_S = 30.0


class Terminal:
    """The other end of a pseudo terminal."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.shown = ""
        self._seen = 0

    def press(self, key: str) -> None:
        os.write(self._descriptor, key.encode())

    async def shows(self, pattern: str) -> None:
        """Wait until something new matches."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not (found := re.search(pattern, self.shown[self._seen :])):
                    self.shown += (await asyncio.to_thread(os.read, self._descriptor, 4096)).decode(errors="replace")
        except TimeoutError:
            pytest.fail(f"{pattern!r} was not shown: {self.shown[self._seen :]!r}")
        self._seen += found.end()


async def train(folder: Path) -> tuple[Terminal, int]:
    ours, theirs = pty.openpty()
    async with virtual_sensor("--at-rest") as sensor:
        config = str(hub_settings(folder, sensor.radio))
        command = [sys.executable, "-m", "sensorhub", "drill", "side_plank", "--config", config]
        environment = os.environ | {"COLUMNS": "100", "TERM": "xterm"}
        drill = await asyncio.create_subprocess_exec(
            *command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment
        )
        os.close(theirs)
        terminal = Terminal(ours)
        await terminal.shows(r"Ready: side plank left")
        await terminal.shows(r"streaming")
        for key, shown in [
            (" ", "Get ready"),
            (" ", "Paused"),
            (" ", "Get ready|Go"),
            ("n", "Rest"),
            ("q", "Done"),
        ]:
            terminal.press(key)
            await terminal.shows(shown)
        await terminal.shows(r"Done: 0 of 4 sets as prescribed")
        code = await drill.wait()
    os.close(ours)
    return terminal, code


def test_keys_alone_guide_a_session(tmp_path: Path) -> None:
    terminal, code = asyncio.run(train(tmp_path))
    assert code == 0
    assert "\a" in terminal.shown
    assert "Traceback" not in terminal.shown
