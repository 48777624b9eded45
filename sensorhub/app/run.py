"""`sensorhub run`: the service as a settings file says."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from sensorhub.adapters.ble.backend import open_radio
from sensorhub.app.guided import GuidedRun
from sensorhub.app.service import Totals, View, serve
from sensorhub.app.stopping import stopping
from sensorhub.config import Settings
from sensorhub.model.errors import UsageError


async def run_service(  # noqa: PLR0913 - its parts, put together by the command
    settings: Settings,
    view: View,
    stop: asyncio.Event | None = None,
    *,
    record_to: Path | None = None,
    seconds: float | None = None,
    on_ready: Callable[[str], None] = lambda _: None,
    guided: GuidedRun | None = None,
) -> Totals:
    """Run until `stop` is set, by Ctrl-C or SIGTERM too, or for `seconds`."""
    check_sensors(settings)
    stop = stop or asyncio.Event()
    with stopping(stop, seconds):
        radio = await open_radio(settings.hub.radio)
        try:
            return await serve(settings, radio, view, stop, record_to=record_to, on_ready=on_ready, guided=guided)
        finally:
            await radio.aclose()


def check_sensors(settings: Settings) -> None:
    """Raise UsageError where there is no sensor to listen to."""
    if not settings.sensor:
        raise UsageError(
            "No sensor is named in the settings. `sensorhub scan` shows those near; add a [[sensor]] to sensorhub.toml."
        )
