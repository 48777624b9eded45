"""A consistent copy of a SQLite file that others may be writing to."""

import contextlib
import os
import sqlite3
from pathlib import Path


def snapshot(source: Path, target: Path) -> None:
    """Copy the database as of now, its write-ahead log taken in. The copy is readable by its owner only."""
    os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o600))
    with contextlib.closing(sqlite3.connect(source)) as live, contextlib.closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
