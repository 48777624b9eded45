"""`sensorhub forget`: a runner's right to be forgotten."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from sensorhub.cli.inputs import ConfigFile, settings_of


def forget(
    runner: Annotated[str | None, typer.Argument(help="The runner, as the records name them.")] = None,
    *,
    resume: Annotated[bool, typer.Option("--resume", help="Finish what was begun and not finished.")] = False,
    folder: Annotated[
        list[Path] | None, typer.Option(help="Look through this folder of recordings and reports too.")
    ] = None,
    no_broker: Annotated[bool, typer.Option("--no-broker", help="Leave the broker's retained messages alone.")] = False,
    config: ConfigFile = None,
) -> None:
    """Erase a runner everywhere.

    Stop the service first. The receipt names nobody.
    """
    import msgspec

    from sensorhub.app.forget import forget_runner
    from sensorhub.model.errors import UsageError

    if (runner is None) is not resume:
        raise UsageError("Say whom to forget, or --resume.")
    settings = settings_of(config)
    receipt = forget_runner(settings, runner, folder or [], broker=not no_broker)
    if settings.influx.token_file is None:
        sys.stderr.write("No database was asked: these settings name no influx.token_file.\n")
    sys.stdout.write(msgspec.json.encode(receipt).decode() + "\n")
