"""`sensorhub analyze`: a recording through the same chain that runs live."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sensorhub.cli.inputs import READ_BY_US
from sensorhub.model.errors import SensorhubError, UsageError

if TYPE_CHECKING:
    from sensorhub.model.events import Event


class Wanted(StrEnum):
    """What to look for: `auto` finds out."""

    AUTO = "auto"
    RUN = "run"
    BAND_WALK = "band_walk"
    SIDE_PLANK = "side_plank"
    STANDING_CLAMSHELL = "standing_clamshell"


def analyze(
    file: Annotated[
        Path,
        typer.Argument(readable=READ_BY_US, help="A plain recording (.csv, .csv.gz) or a raw one made by --record."),
    ],
    *,
    json: Annotated[bool, typer.Option("--json", help="Records, one JSON object a line, and nothing else.")] = False,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="OUT", help="Also write the strides as CSV.")] = None,
    activity: Annotated[Wanted, typer.Option(help="What the recording holds.")] = Wanted.AUTO,
    block_ms: Annotated[
        int | None, typer.Option("--block-ms", min=1, metavar="N", help="Cut the stream into blocks of N ms first.")
    ] = None,
    lenient: Annotated[bool, typer.Option("--lenient", help="Skip and count rows that cannot be read.")] = False,
) -> None:
    """Measure a recording: strides, drop, drills, a summary."""
    from sensorhub.app.offline import analyze_recording
    from sensorhub.cli.output import warn, write_events

    if csv is not None and csv.resolve() == file.resolve():
        raise UsageError(f"--csv {csv}: this is the recording itself. Choose another place.")
    events = analyze_recording(file, activity=activity.value, block_ms=block_ms, lenient=lenient, warn=warn)
    if csv is not None:
        _write_csv(csv, events)
    write_events(events, as_json=json)


def _write_csv(path: Path, events: "list[Event]") -> None:
    from sensorhub.formats.tables import strides_csv
    from sensorhub.model.gait import Stride

    try:
        path.write_text(strides_csv(event for event in events if isinstance(event, Stride)), encoding="utf-8")
    except OSError as error:
        raise SensorhubError(f"{path}: cannot be written ({error.strerror}). Choose another place.") from None
