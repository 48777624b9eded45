"""What every command that reads a file a person names shares."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from sensorhub.config import Settings

READ_BY_US: Final = False
"""For typer's `readable`: it would call a file that may not be read wrong usage (exit 2), not unreadable input (3)."""

SETTINGS_HERE: Final = Path("sensorhub.toml")

ConfigFile = Annotated[
    Path | None, typer.Option("--config", "-c", help="The settings; without it sensorhub.toml here, if there is one.")
]


def settings_of(config: Path | None) -> "Settings":
    """Load the settings that a command was given, or those of the folder it runs in, or else the defaults."""
    from sensorhub.config import load_settings

    return load_settings(config or (SETTINGS_HERE if SETTINGS_HERE.exists() else None))
