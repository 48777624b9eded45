"""`sensorhub demo`: the whole way with a virtual sensor."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from sensorhub.cli.inputs import READ_BY_US


def demo(
    *,
    seconds: Annotated[float | None, typer.Option(min=1.0, help="End by itself after so long.")] = None,
    input_: Annotated[
        Path | None,
        typer.Option(
            "--input", metavar="FILE", readable=READ_BY_US, help="Play a plain recording, not the synthetic runner."
        ),
    ] = None,
) -> None:
    """Show everything on this machine, without a sensor.

    A virtual Bluetooth sensor in a process of its own, the service, a broker, and the live page.
    """
    from sensorhub.app.demo import run_demo
    from sensorhub.cli.terminal import TerminalView

    def ready(page_url: str) -> None:
        sys.stdout.write(f"Live page: {page_url}   (Ctrl-C ends the demo)\n")
        sys.stdout.flush()

    totals = asyncio.run(run_demo(TerminalView(sys.stdout), input_path=input_, seconds=seconds, on_ready=ready))
    sys.stdout.write(f"Stored {len(totals.strides)} strides in {totals.records} records. Nothing is left running.\n")
