"""A damaged file is moved out of the way, never deleted: somebody may still want to look at it."""

from pathlib import Path


def set_aside(path: Path) -> Path:
    """Rename the file, with its write-ahead log, to the first free `name.damaged-N`; the new path."""
    number = 1
    while (target := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    path.rename(target)
    log = path.with_name(path.name + "-wal")
    if log.exists():
        log.rename(target.with_name(target.name + "-wal"))
    # The shared-memory file is an index of the log that SQLite makes anew.
    path.with_name(path.name + "-shm").unlink(missing_ok=True)
    return target
