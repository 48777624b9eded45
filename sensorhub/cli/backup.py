"""`sensorhub backup` and `sensorhub restore`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from sensorhub.cli.inputs import READ_BY_US, ConfigFile, settings_of


def backup(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="Where to: a new file, by custom .tar.gz.")],
    *,
    config: ConfigFile = None,
) -> None:
    """Pack all that this hub keeps into one file.

    The service may be running.
    """
    from sensorhub.app.backup import back_up

    sys.stdout.write(f"{target} holds {_files(back_up(settings_of(config), target))}.\n")


def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE", readable=READ_BY_US, help="A backup.")],
    *,
    config: ConfigFile = None,
) -> None:
    """Put a backup in place of a hub's empty folder.

    Every byte is checked first.
    """
    from sensorhub.app.backup import restore as restore_backup

    settings = settings_of(config)
    sys.stdout.write(f"{settings.hub.data_dir} holds {_files(restore_backup(settings, source))}.\n")


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"
