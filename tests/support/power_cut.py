"""Every write and sync that SQLite makes, recorded, so that the disk can be shown as a power cut would leave it.

A VFS between SQLite and the system's own is put into the same libsqlite3 that Python's sqlite3 uses.
Source: sqlite.org/c3ref/vfs.html and io_methods.html.
"""

import ctypes
import ctypes.util
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

SECTOR = 512


@dataclass(frozen=True)
class Op:
    """One step on a file: `write` bytes at an offset, `truncate` to a size, `sync`, `delete`."""

    kind: str
    file: str
    offset: int = 0
    content: bytes = b""


@dataclass
class Disk:
    """What happened, in order; `marks` are the places at which somebody was told that a record is safe."""

    ops: list[Op] = field(default_factory=list)
    marks: list[tuple[int, object]] = field(default_factory=list)

    def acknowledge(self, what):
        """From here on, this must survive."""
        self.marks.append((len(self.ops), what))

    def safe_at(self, cut: int) -> list[object]:
        """What had been acknowledged before this step."""
        return [what for place, what in self.marks if place <= cut]

    def image(self, cut: int, chance: random.Random) -> dict[str, bytes]:
        """The files after a power cut before step `cut`: all that was synced, and by chance pieces of the rest."""
        files: dict[str, bytearray] = {}
        loose: dict[str, list[Op]] = {}
        for op in self.ops[:cut]:
            if op.kind == "sync":
                for written in loose.pop(op.file, []):
                    _apply(files, written)
            elif op.kind == "delete":
                loose.pop(op.file, None)
                files.pop(op.file, None)
            else:
                loose.setdefault(op.file, []).append(op)
        for pending in loose.values():
            for op in pending:
                for piece in _torn(op, chance):
                    _apply(files, piece)
        return {name: bytes(content) for name, content in files.items()}


def _apply(files, op):
    content = files.setdefault(op.file, bytearray())
    if op.kind == "truncate":
        del content[op.offset :]
        return
    end = op.offset + len(op.content)
    content.extend(bytes(max(0, end - len(content))))
    content[op.offset : end] = op.content


def _torn(op, chance) -> Iterator[Op]:
    fate = chance.random()
    if op.kind == "truncate":
        if fate < 0.5:
            yield op
    elif fate < 0.35:
        yield op
    elif fate < 0.7:  # some of its sectors
        for start in range(0, len(op.content), SECTOR):
            if chance.random() < 0.5:
                yield Op("write", op.file, op.offset + start, op.content[start : start + SECTOR])


P = ctypes.c_void_p
I = ctypes.c_int  # noqa: E741
L = ctypes.c_int64
METHODS = {
    "close": (I, P),
    "read": (I, P, P, I, L),
    "write": (I, P, P, I, L),
    "truncate": (I, P, L),
    "sync": (I, P, I),
}
# A name is handed on as the pointer that it is: SQLite keeps it for as long as the file is open.
OPEN = ctypes.CFUNCTYPE(I, P, P, P, I, P)
DELETE = ctypes.CFUNCTYPE(I, P, P, I)
IO_METHODS_WORDS = 19  # iVersion (padded), then 18 functions of version 3
VFS_WORDS = 22


class Recorder:
    """The VFS. It is registered as the default one while the context lasts."""

    kept: ClassVar[list[object]] = []  # SQLite holds pointers into these for as long as the process lives

    def __init__(self, disk: Disk):
        self.disk = disk
        name = ctypes.util.find_library("sqlite3")
        self.lib = ctypes.CDLL(name)
        self.lib.sqlite3_vfs_find.restype = P
        self.lib.sqlite3_vfs_find.argtypes = [ctypes.c_char_p]
        self.lib.sqlite3_vfs_register.argtypes = [P, I]
        self.lib.sqlite3_vfs_unregister.argtypes = [P]
        self.real = self.lib.sqlite3_vfs_find(None)
        self.real_words = (ctypes.c_int64 * VFS_WORDS).from_address(self.real)
        self.vfs = (ctypes.c_int64 * VFS_WORDS)(*self.real_words)
        self.name = ctypes.create_string_buffer(b"recorder")
        self.real_open = OPEN(self.real_words[5])
        self.real_delete = DELETE(self.real_words[6])
        self.open = OPEN(self._open)
        self.delete = DELETE(self._delete)
        self.vfs[2] = 0
        self.vfs[3] = ctypes.addressof(self.name)
        self.vfs[5] = ctypes.cast(self.open, P).value
        self.vfs[6] = ctypes.cast(self.delete, P).value
        self.tables: dict[int, object] = {}
        self.files: dict[int, str] = {}
        self.kept.append(self)

    def _open(self, _vfs, name, file, flags, out_flags):
        code = self.real_open(self.real, name, file, flags, out_flags)
        if code == 0 and name is not None:
            slot = ctypes.c_int64.from_address(file)
            self.files[file] = Path(ctypes.string_at(name).decode()).name
            slot.value = self._table(slot.value)
        return code

    def _delete(self, _vfs, name, sync):
        self.disk.ops.append(Op("delete", Path(ctypes.string_at(name).decode()).name))
        return self.real_delete(self.real, name, sync)

    def _table(self, real_table: int) -> int:
        if real_table not in self.tables:
            words = (ctypes.c_int64 * IO_METHODS_WORDS).from_address(real_table)
            table = (ctypes.c_int64 * IO_METHODS_WORDS)(*words)
            real_write = ctypes.CFUNCTYPE(*METHODS["write"])(words[3])
            real_truncate = ctypes.CFUNCTYPE(*METHODS["truncate"])(words[4])
            real_sync = ctypes.CFUNCTYPE(*METHODS["sync"])(words[5])

            def write(file, content, size, offset):
                self.disk.ops.append(Op("write", self.files[file], offset, ctypes.string_at(content, size)))
                return real_write(file, content, size, offset)

            def truncate(file, size):
                self.disk.ops.append(Op("truncate", self.files[file], size))
                return real_truncate(file, size)

            def sync(file, flags):
                self.disk.ops.append(Op("sync", self.files[file]))
                return real_sync(file, flags)

            hooks = [
                ctypes.CFUNCTYPE(*METHODS[kind])(hook)
                for kind, hook in (("write", write), ("truncate", truncate), ("sync", sync))
            ]
            for place, hook in zip((3, 4, 5), hooks, strict=True):
                table[place] = ctypes.cast(hook, P).value
            self.tables[real_table] = (table, hooks, real_write, real_truncate, real_sync)
        return ctypes.addressof(self.tables[real_table][0])


@contextmanager
def recorded_disk() -> Iterator[Disk]:
    """Record all that SQLite does in this process."""
    recorder = Recorder(Disk())
    recorder.lib.sqlite3_vfs_register(ctypes.addressof(recorder.vfs), 1)
    try:
        yield recorder.disk
    finally:
        recorder.lib.sqlite3_vfs_unregister(ctypes.addressof(recorder.vfs))
        recorder.lib.sqlite3_vfs_register(recorder.real, 1)
