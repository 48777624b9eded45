"""What every command that reads a file a person names shares."""

from typing import Final

READ_BY_US: Final = False
"""For typer's `readable`: it would call a file that may not be read wrong usage (exit 2), not unreadable input (3)."""
