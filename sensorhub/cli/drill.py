"""`sensorhub drill`: a guided session in the terminal and on the page."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sensorhub.cli.inputs import ConfigFile, settings_of

if TYPE_CHECKING:
    from sensorhub.app.guided import GuidedRun


class Wanted(StrEnum):
    """What to be guided through."""

    SESSION = "session"
    SIDE_PLANK = "side_plank"
    BAND_WALK = "band_walk"
    STANDING_CLAMSHELL = "standing_clamshell"


INTERRUPTED: Final = 130


def drill(
    what: Annotated[Wanted, typer.Argument(help="The whole session, or one drill of it.")] = Wanted.SESSION,
    *,
    config: ConfigFile = None,
    programme: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Your coach's programme; without it the one that comes along.")
    ] = None,
    runner: Annotated[str | None, typer.Option(help="Who trains, where the settings name several.")] = None,
    start: Annotated[bool, typer.Option("--start", help="Begin at once, without waiting for a key.")] = False,
) -> None:
    """Guide you through your drills.

    Countdown, live count or clock, other side, rest, and at the end what was done against what was prescribed.

    Space starts, pauses and goes on; n skips; q stops. The page has buttons for the same.
    """
    from sensorhub.adapters.programmes import load_programme
    from sensorhub.app.drill import run_drill
    from sensorhub.app.guided import programme_path
    from sensorhub.cli.guided_screen import KEYS, GuidedScreen
    from sensorhub.model.exercise import Drill
    from sensorhub.model.guided import GuidedAction, GuidedPhase

    settings = settings_of(config)
    only = None if what is Wanted.SESSION else Drill(what.value)
    prescribed = load_programme(programme_path(settings, programme), only)
    screen = GuidedScreen(sys.stdout)

    async def guide() -> GuidedPhase:
        with contextlib.ExitStack() as keys:

            def ready(page_url: str, guided: "GuidedRun") -> None:
                screen.say(f"Live page: {page_url}#drills")
                if sys.stdin.isatty():
                    screen.say(KEYS)
                    keys.enter_context(keyboard(guided))
                if start or not sys.stdin.isatty():
                    guided.act(GuidedAction.START)

            state = await run_drill(settings, prescribed, screen, on_ready=ready, runner=runner)
        screen.end(state)
        return state.phase

    if asyncio.run(guide()) is not GuidedPhase.DONE:  # Ctrl-C
        raise typer.Exit(INTERRUPTED)


@contextlib.contextmanager
def keyboard(guided: "GuidedRun") -> Iterator[None]:
    """Take single keys from the terminal while the block runs."""
    import termios
    import tty

    loop, terminal = asyncio.get_running_loop(), sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal)
    loop.add_reader(terminal, lambda: press(guided, os.read(terminal, 64).decode(errors="ignore")))
    try:
        yield
    finally:
        loop.remove_reader(terminal)
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def press(guided: "GuidedRun", keys: str) -> None:
    """Do what keys mean in this phase, one after the other: who is quick has pressed several."""
    from sensorhub.model.guided import GuidedAction, GuidedPhase

    starts = {GuidedPhase.READY: GuidedAction.START, GuidedPhase.PAUSED: GuidedAction.RESUME}
    for key in keys:
        if key in {" ", "\n"}:
            guided.act(starts.get(guided.state.phase, GuidedAction.PAUSE))
        elif key == "n":
            guided.act(GuidedAction.SKIP)
        elif key == "q":
            guided.act(GuidedAction.STOP)
