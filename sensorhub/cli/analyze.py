"""`sensorhub analyze`: a recording through the same chain that runs live."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Wanted(StrEnum):
    """What to look for: `auto` finds out."""

    AUTO = "auto"
    RUN = "run"
    BAND_WALK = "band_walk"
    SIDE_PLANK = "side_plank"
    STANDING_CLAMSHELL = "standing_clamshell"


def analyze(  # noqa: PLR0913 - each is an option of the command
    file: Annotated[Path, typer.Argument(help="A plain recording (.csv, .csv.gz) or a raw one made by --record.")],
    *,
    json: Annotated[bool, typer.Option("--json", help="Records, one JSON object a line, and nothing else.")] = False,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="OUT", help="Also write the strides as CSV.")] = None,
    activity: Annotated[Wanted, typer.Option(help="What the recording holds.")] = Wanted.AUTO,
    block_ms: Annotated[
        int | None, typer.Option("--block-ms", min=1, metavar="N", help="Cut the stream into blocks of N ms first.")
    ] = None,
    lenient: Annotated[bool, typer.Option("--lenient", help="Skip and count rows that cannot be read.")] = False,
) -> None:
    """Measure a recording: strides, pelvic drop, drills, gaps and a summary."""
    from sensorhub.app.offline import analyze_file

    analyze_file(file, activity=activity.value, as_json=json, csv_path=csv, block_ms=block_ms, lenient=lenient)
