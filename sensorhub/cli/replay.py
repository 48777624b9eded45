"""`sensorhub replay`: raw frames again, through the same code that ran live."""

from pathlib import Path
from typing import Annotated

import typer

from sensorhub.cli.inputs import READ_BY_US


def replay(
    file: Annotated[
        Path, typer.Argument(readable=READ_BY_US, help="A raw recording made by `sensorhub run --record`.")
    ],
    *,
    json: Annotated[bool, typer.Option("--json", help="Records, one JSON object a line, and nothing else.")] = False,
) -> None:
    """Measure raw frames again: the same records, bit for bit."""
    from sensorhub.app.offline import replay_recording
    from sensorhub.cli.output import warn, write_events

    write_events(replay_recording(file, warn=warn), as_json=json)
