"""What the store holds in reserve beside its file: numbers that were promised, and room for a full disk."""

import contextlib
import os
from pathlib import Path

from sensorhub.adapters.sqlite.database import DiskFullError

SEQ_BLOCK = 1_000
BALLAST_BYTES = 8 * 1024 * 1024


class SeqReserve:
    """A small file that says: every number up to here may have been used. So even a lost database reuses none.

    Each start of the hub begins beyond it.
    """

    def __init__(self, store_path: Path) -> None:
        self._path = store_path.with_name(store_path.name + ".seq")
        self._ceiling = self._read()

    @property
    def ceiling(self) -> int:
        """The highest number that may have been used; 0 if this place never had a store."""
        return self._ceiling

    def cover(self, seq: int) -> None:
        """Make sure that `seq` is promised on the disk before it is used. Raises DiskFullError."""
        if seq <= self._ceiling:
            return
        ceiling = seq + SEQ_BLOCK
        fresh = self._path.with_name(self._path.name + ".new")
        try:
            with fresh.open("w", encoding="ascii") as file:
                file.write(f"{ceiling}\n")
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
            folder = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise DiskFullError(f"{self._path} cannot be written: {error.strerror}") from error
        self._ceiling = ceiling

    def _read(self) -> int:
        try:
            return int(self._path.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return 0


class Ballast:
    """Room that is kept while the disk has some, and given up when it is full: strides go on for hours in it."""

    def __init__(self, store_path: Path) -> None:
        self._path = store_path.with_name(store_path.name + ".ballast")

    def keep(self) -> bool:
        """Take the room, if there is plenty; whether it is taken."""
        if self._path.exists():
            return True
        with contextlib.suppress(OSError):
            place = os.statvfs(self._path.parent)
            if place.f_bavail * place.f_frsize > 4 * BALLAST_BYTES:
                with self._path.open("wb") as file:
                    os.posix_fallocate(file.fileno(), 0, BALLAST_BYTES)
                return True
        return False

    def drop(self) -> bool:
        """Give the room up; whether there was some."""
        try:
            self._path.unlink()
        except OSError:
            return False
        return True
