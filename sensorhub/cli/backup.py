"""`sensorhub backup` and `sensorhub restore`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from sensorhub.cli.inputs import READ_BY_US

ConfigOption = Annotated[Path | None, typer.Option(help="The settings. Unset: the defaults.")]


def backup(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="Where to: a new file, by custom .tar.gz.")],
    *,
    config: ConfigOption = None,
) -> None:
    """Pack all that this hub keeps into one file.

    The service may be running.
    """
    from sensorhub.app.backup import back_up
    from sensorhub.config import load_settings

    sys.stdout.write(f"{back_up(load_settings(config), target)} files are in {target}.\n")


def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE", readable=READ_BY_US, help="A backup.")],
    *,
    config: ConfigOption = None,
) -> None:
    """Put a backup in place of a hub's empty folder.

    Every byte is checked first.
    """
    from sensorhub.app.backup import restore as restore_backup
    from sensorhub.config import load_settings

    settings = load_settings(config)
    sys.stdout.write(f"{restore_backup(settings, source)} files are in {settings.hub.data_dir}.\n")
