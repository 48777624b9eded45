"""`sensorhub calibrate`: how the clip sits, found on purpose and kept."""

from pathlib import Path
from typing import Annotated

import typer

from sensorhub.cli.inputs import READ_BY_US, ConfigFile, settings_of
from sensorhub.model.errors import UsageError


def calibrate(
    sensor: Annotated[str, typer.Argument(help="The sensor's name, as in the settings.")],
    *,
    config: ConfigFile = None,
    input_: Annotated[
        Path | None,
        typer.Option(
            "--input", metavar="FILE", readable=READ_BY_US, help="A recording of standing and jogging, not the sensor."
        ),
    ] = None,
) -> None:
    """Find how a clip sits, and keep it.

    Stand five seconds, jog twenty: the alignment is kept for every later run.
    """
    import asyncio

    from sensorhub.app.calibrate import calibrate_from, calibrate_live, keep
    from sensorhub.app.offline import recorded_blocks
    from sensorhub.cli.output import warn

    settings = settings_of(config)
    worn = next((each for each in settings.sensor if each.name == sensor), None)
    if worn is None:
        raise UsageError(
            f"The settings have no [[sensor]] with the name {sensor!r}: add one to sensorhub.toml, or see --config."
        )
    if input_ is not None:
        calibration = calibrate_from(recorded_blocks(input_, warn=warn))
    else:
        calibration = asyncio.run(calibrate_live(settings, worn, lambda line: typer.echo(line, err=True)))
    typer.echo(f"{sensor}: calibrated, kept in {keep(settings, sensor, calibration)}")
