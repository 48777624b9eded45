"""`sensorhub record`: a sensor's raw frames to a file, for `sensorhub replay`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sensorhub.cli.inputs import ConfigFile, settings_of
from sensorhub.model.errors import SensorhubError

if TYPE_CHECKING:
    from sensorhub.model.frames import LinkReport


def record(
    file: Annotated[Path, typer.Argument(help="Where to: a new file, by custom with the suffix .shraw.")],
    *,
    sensor: Annotated[str | None, typer.Option(help="Its name or address; without it the first that fits.")] = None,
    profile: Annotated[str, typer.Option(help="A profile's name, or a TOML file.")] = "sensorhub_native",
    runner: Annotated[str, typer.Option(help="Who wears it.")] = "runner",
    rate_hz: Annotated[float | None, typer.Option(help="Its rate; without it the profile's own.")] = None,
    seconds: Annotated[float | None, typer.Option(min=1.0, help="How long; without it until Ctrl-C.")] = None,
    radio: Annotated[
        str | None,
        typer.Option(help="Not hub.radio of the settings: another adapter (hci1), or bumble:127.0.0.1:PORT."),
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Keep a sensor's raw frames, to be measured later."""
    import asyncio

    from sensorhub.adapters.profiles import load_profile
    from sensorhub.app.recorder import RecordingOrder
    from sensorhub.app.recorder import record as record_sensor

    settings = {} if rate_hz is None else {"rate_hz": rate_hz}
    order = RecordingOrder(file, load_profile(profile), sensor, runner, settings)

    def tell(report: "LinkReport") -> None:
        said = report.detail or report.state.value
        typer.echo(said if sensor is None else f"{sensor}: {said}", err=True)

    counts = asyncio.run(record_sensor(radio or settings_of(config).hub.radio, order, seconds, tell))
    if not counts.frames:
        file.unlink()
        raise SensorhubError(f"{file}: not kept, no sensor came. `sensorhub scan` shows what is near.")
    said = f"{counts.frames} frames, {counts.samples} samples, {counts.samples_lost} lost, {counts.broken} broken"
    typer.echo(f"{file}: {said}.", err=True)
    if not counts.samples:
        raise SensorhubError(f"{file}: holds no samples. Is {profile} the profile of this sensor?")
