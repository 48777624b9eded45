"""Backup and restore of a hub's folder."""

import contextlib
import shutil
import tempfile
from pathlib import Path

from sensorhub.adapters.archive import read_archive, write_archive
from sensorhub.adapters.recording import SUFFIX
from sensorhub.adapters.sqlite.hub_store import renumber_from_clock
from sensorhub.adapters.sqlite.snapshot import snapshot
from sensorhub.config import Settings
from sensorhub.model.errors import InputError, SensorhubError, UsageError

# In this order: what the hub's store knows as kept must be in the copy of the keeper.
DATABASES = ("hub.sqlite", "keeper.sqlite", "refused.sqlite")


def back_up(settings: Settings, target: Path) -> int:
    """Pack the hub's folder into one file, while the service may be running; how many files."""
    home = settings.hub.folder
    if not home.is_dir():
        raise InputError(f"{home} is not there: nothing was ever kept.")
    if target.exists():
        raise UsageError(f"{target} exists: name a new file.")
    try:
        return _packed(home, target)
    except OSError as error:
        raise SensorhubError(f"{target}: cannot be written ({error.strerror}). Choose another place.") from None


def _packed(home: Path, target: Path) -> int:
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".sensorhub-backup-") as folder:
        copy = Path(folder)
        for name in DATABASES:
            if (home / name).exists():
                snapshot(home / name, copy / name)
        for path in sorted(home.rglob("*")):
            if path.is_file() and (
                path.suffix == SUFFIX or "alignments" in path.parts or path.name == "hub.sqlite.seq"
            ):
                place = copy / path.relative_to(home)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, place)
        return write_archive(target, copy, (path for path in sorted(copy.rglob("*")) if path.is_file()))


def restore(settings: Settings, source: Path) -> int:
    """Unpack a backup into the hub's folder, which must be empty; how many files.

    The hub's numbers go on from the clock: records that were made after the backup have used some.
    """
    home = settings.hub.folder
    if not source.exists():
        raise InputError.unreadable(source, FileNotFoundError())
    if home.exists() and any(home.iterdir()):
        raise UsageError(f"{home} is not empty: move it away, or name another hub.data_dir.")
    home.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=home.parent, prefix=".sensorhub-restore-"))
    try:
        count = read_archive(source, draft)
        if (draft / "hub.sqlite").exists():
            renumber_from_clock(draft / "hub.sqlite")
        with contextlib.suppress(FileNotFoundError):
            home.rmdir()
        draft.rename(home)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return count
