"""`sensorhub drill`: the service with a guided session in it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol

from sensorhub.app.guided import GuidedRun
from sensorhub.app.run import check_sensors, run_service
from sensorhub.app.service import View
from sensorhub.config import Settings
from sensorhub.model.errors import UsageError
from sensorhub.model.guided import GuidedState
from sensorhub.model.programme import Programme

LAST_RECORD_WITHIN_S: Final = 8.0
"""How long the end waits for the last set's own record, which comes when the drill is known to be over."""


class Screen(View, Protocol):
    """Where a guided session is shown besides the page."""

    def show_guided(self, state: GuidedState) -> None:
        """Show how it stands."""
        ...


async def run_drill(
    settings: Settings,
    programme: Programme,
    screen: Screen,
    *,
    on_ready: Callable[[str, GuidedRun], None],
    runner: str | None = None,
) -> GuidedState:
    """Guide one runner through a programme, until it is done or broken off; give how it stood at the end."""
    stop = asyncio.Event()
    guided = GuidedRun(programme, _runner(settings, runner), screen.show_guided)
    ending = asyncio.create_task(_end_when_done(guided, stop), name="guided session's end")
    try:
        await run_service(settings, screen, stop, on_ready=lambda url: on_ready(url, guided), guided=guided)
    finally:
        ending.cancel()
        with suppress(asyncio.CancelledError):
            await ending
    return guided.state


def _runner(settings: Settings, wanted: str | None) -> str:
    check_sensors(settings)
    runners = [sensor.runner for sensor in settings.sensor]
    if wanted is None and len(set(runners)) == 1:
        return runners[0]
    if wanted in runners and wanted is not None:
        return wanted
    raise UsageError(f"Whose session is it? Name one runner with --runner: {', '.join(runners)}.")


async def _end_when_done(guided: GuidedRun, stop: asyncio.Event) -> None:
    await guided.done.wait()
    with suppress(TimeoutError):
        async with asyncio.timeout(LAST_RECORD_WITHIN_S):
            await guided.complete.wait()
    stop.set()
