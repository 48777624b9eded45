"""Where the page's own files lie, inside the package and so inside the wheel."""

from pathlib import Path

STATIC = Path(__file__).parent / "static"
