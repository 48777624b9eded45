"""`sensorhub run`: the service."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from sensorhub.cli.inputs import ConfigFile, settings_of


def run(
    *,
    config: ConfigFile = None,
    record: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also keep the raw frames as they came, for `replay`.")
    ] = None,
    seconds: Annotated[float | None, typer.Option(min=1.0, help="End by itself after so long.")] = None,
) -> None:
    """Measure, keep, publish and show, until Ctrl-C."""
    from sensorhub.app.run import run_service
    from sensorhub.cli.terminal import TerminalView

    def ready(page_url: str) -> None:
        sys.stdout.write(f"Live page: {page_url}   (Ctrl-C ends the service)\n")
        sys.stdout.flush()

    settings = settings_of(config)
    view = TerminalView(sys.stdout, [sensor.runner for sensor in settings.sensor])
    totals = asyncio.run(run_service(settings, view, record_to=record, seconds=seconds, on_ready=ready))
    sys.stdout.write(f"Stored {len(totals.strides)} strides in {totals.records} records.\n")
    if totals.unconfirmed:
        sys.stdout.write(f"{totals.unconfirmed} records are safe on the disk and wait for the broker.\n")
