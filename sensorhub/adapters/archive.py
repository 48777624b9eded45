"""A folder in one file, with the sum of every member, written whole or not at all."""

import hashlib
import io
import os
import tarfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import msgspec

from sensorhub.model.errors import InputError

MANIFEST = "manifest.json"


def write_archive(target: Path, folder: Path, files: Iterable[Path]) -> int:
    """Pack files of a folder; how many. The archive is readable by its owner only."""
    sums: dict[str, str] = {}
    draft = target.with_name(target.name + ".new")
    descriptor = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as raw:
        with tarfile.open(fileobj=raw, mode="w:gz") as tar:
            for path in files:
                name = path.relative_to(folder).as_posix()
                content = path.read_bytes()
                sums[name] = hashlib.sha256(content).hexdigest()
                _add(tar, name, content)
            _add(tar, MANIFEST, msgspec.json.encode(sums))
        raw.flush()
        os.fsync(raw.fileno())
    draft.replace(target)
    return len(sums)


def read_archive(source: Path, folder: Path) -> int:
    """Unpack into a folder that is empty; how many files. Raises InputError where a byte is not as it was written."""
    try:
        with tarfile.open(source, mode="r:gz") as tar:
            contents = {member.name: _content(tar, member) for member in tar if member.isfile()}
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise InputError.unreadable(source, error) from None
    except (OSError, tarfile.TarError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise InputError(f"{source} cannot be read as a backup: {error}.") from None
    manifest = contents.pop(MANIFEST, None)
    if manifest is None:
        raise InputError(f"{source} is no backup of sensorhub: it has no {MANIFEST}.")
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    if manifest != msgspec.json.encode(sums):
        raise InputError(f"{source} is damaged: a file in it is not as it was written. Take another backup.")
    for name, content in contents.items():
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise InputError(f"{source}: {name!r} would leave the folder.")
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    return len(contents)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    info.mode = 0o600
    tar.addfile(info, io.BytesIO(content))


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    return file.read() if file else b""
