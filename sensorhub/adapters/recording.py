"""Raw recordings: a sensor's frames as they came, with their arrival times, in a file that survives a crash.

The file is a magic line, then entries of `u32 length, u32 CRC-32, body`, little-endian; the first body is the header
as JSON, the others are `u64 arrival_ns, u8 name length, name, payload`. Entries are only ever added. A file cut short
or damaged is read up to the first entry that is not whole, so the longest valid beginning is never lost.
"""

import errno
import os
import shutil
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from sensorhub.model.alignment import Alignment
from sensorhub.model.errors import InputError, SensorhubError
from sensorhub.model.frames import RawFrame
from sensorhub.protocol.profile import Number, Profile

MAGIC = b"sensorhub raw recording 1\n"
SUFFIX = ".shraw"

_ENTRY = struct.Struct("<II")
_FRAME = struct.Struct("<QB")
_LONGEST_BODY = 1 << 20
_LOOK_EVERY_NS = 5_000_000_000
_LEFT_FOR_STRIDES_BYTES = 16 * 1024 * 1024


class RecordingHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a replay needs beside the frames. The profile is kept whole: one that changes later changes no recording.

    origin_ns: the monotonic clock at session time 0; start_unix_ns: the wall clock there, or None. alignment: what a
    calibration had found before, or None.
    """

    profile: Profile
    settings: dict[str, Number]
    sensor: str
    runner: str
    session: str
    origin_ns: int
    start_unix_ns: int | None = None
    alignment: Alignment | None = None


class RecordingWriter:
    """Writes one session of one sensor. Each frame is with the operating system when `write` returns.

    A disk that is full or gone never stops the service: frames are shed and counted, `problem` says so in one line,
    and writing goes on as soon as it can. The last room on a disk is left for strides.
    """

    def __init__(self, path: Path, header: RecordingHeader) -> None:
        self._path = path
        try:
            # Readable by its owner only, as the store is: it names the runner.
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except OSError as error:
            raise SensorhubError(f"{path}: cannot record there ({error.strerror}). Choose another place.") from error
        self._file: BinaryIO = os.fdopen(descriptor, "wb", buffering=0)
        self._good_bytes = 0
        self._looked_ns = 0
        self._low = False
        self.frames = 0
        self.shed = 0
        self.problem: str | None = None
        if not self._append(MAGIC + _entry(msgspec.json.encode(header))):
            self._file.close()
            raise SensorhubError(self.problem or f"{path}: cannot record there.")

    def write(self, frame: RawFrame) -> None:
        """Keep one frame."""
        if frame.arrival_ns - self._looked_ns >= _LOOK_EVERY_NS:
            self._looked_ns = frame.arrival_ns
            self._sync()
            self._look()
        name = frame.characteristic.encode()
        body = _FRAME.pack(frame.arrival_ns, len(name)) + name + frame.payload
        if self._low or not self._append(_entry(body)):
            self.shed += 1
            return
        self.frames += 1

    def close(self) -> None:
        """Put the last frames on the disk."""
        if not self._file.closed:
            self._sync()
            self._file.close()

    def _append(self, entry: bytes) -> bool:
        try:
            if self._file.write(entry) != len(entry):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # noqa: TRY301 - a torn write is a full disk
        except OSError as error:
            self._failed(error)
            return False
        self._good_bytes += len(entry)
        self.problem = None
        return True

    def _failed(self, error: OSError) -> None:
        """Take a torn entry back, so that what is written later can be read."""
        self.problem = f"{self._path}: the raw recording stands still ({error.strerror}). Make room on the disk."
        try:
            self._file.truncate(self._good_bytes)
            self._file.seek(self._good_bytes)
        except OSError:
            return  # the disk is gone altogether; the next write tries again

    def _look(self) -> None:
        try:
            self._low = shutil.disk_usage(self._path.parent).free < _LEFT_FOR_STRIDES_BYTES
        except OSError as error:
            self._failed(error)
            return
        if self._low:
            self.problem = f"{self._path}: the raw recording stands still, the last room is for strides. Free some."

    def _sync(self) -> None:
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            self._failed(error)


class Recording:
    """A raw recording that is read: its header, and its frames in order. Raises InputError.

    damage: after reading, where the file is damaged, else None.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.damage: str | None = None
        self.header = self._read_header()

    def __iter__(self) -> Iterator[RawFrame]:
        """Give the frames in the order they came, as far as the file is whole."""
        with self._path.open("rb") as file:
            file.seek(len(MAGIC))
            entries = _entries(file)
            next(entries, None)
            place = file.tell()
            for body in entries:
                frame = None if body is None else _frame(body)
                if frame is None:
                    self.damage = f"{self._path}: damaged at byte {place}; what came before it is used."
                    return
                place = file.tell()
                yield frame

    def _read_header(self) -> RecordingHeader:
        try:
            with self._path.open("rb") as file:
                if file.read(len(MAGIC)) != MAGIC:
                    raise InputError(f"{self._path}: is not a raw recording of sensorhub.")
                body = next(_entries(file), None)
        except OSError as error:
            raise InputError.unreadable(self._path, error) from error
        if body is None:
            raise InputError(f"{self._path}: its beginning is damaged, nothing can be read.")
        try:
            return msgspec.json.decode(body, type=RecordingHeader)
        except msgspec.DecodeError as error:
            raise InputError(f"{self._path}: made by another version of sensorhub ({error}).") from error


def is_recording(path: Path) -> bool:
    """Tell whether a file is a raw recording. Raises InputError where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError as error:
        raise InputError.unreadable(path, error) from error


def _entry(body: bytes) -> bytes:
    return _ENTRY.pack(len(body), zlib.crc32(body)) + body


def _entries(file: BinaryIO) -> Iterator[bytes | None]:
    """Give the bodies of whole entries, then None where the file goes on but not with a whole one."""
    while head := file.read(_ENTRY.size):
        if len(head) < _ENTRY.size:
            yield None
            return
        length, crc = _ENTRY.unpack(head)
        body = file.read(length) if length <= _LONGEST_BODY else b""
        if len(body) != length or zlib.crc32(body) != crc:
            yield None
            return
        yield body


def _frame(body: bytes) -> RawFrame | None:
    if len(body) < _FRAME.size:
        return None
    arrival_ns, name_bytes = _FRAME.unpack_from(body)
    name = body[_FRAME.size : _FRAME.size + name_bytes]
    try:
        return RawFrame(name.decode(), arrival_ns, body[_FRAME.size + name_bytes :])
    except UnicodeDecodeError:
        return None
