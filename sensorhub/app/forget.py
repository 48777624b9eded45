"""Forgetting a runner: everywhere, to the end even if it is killed on the way, with a receipt that names nobody."""

import contextlib
import json
import os
import time
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import msgspec

from sensorhub.adapters.influx import InfluxSink
from sensorhub.adapters.mqtt.retained import clear_retained
from sensorhub.adapters.recording import SUFFIX, Recording
from sensorhub.adapters.sqlite.database import make_folder
from sensorhub.adapters.sqlite.erase import erase_from_keeper, erase_from_refused, erase_from_store, names_runner
from sensorhub.config import Settings
from sensorhub.formats.records import rfc3339
from sensorhub.model.errors import InputError, SensorhubError
from sensorhub.pipeline.topics import ROOT

TODO = "forget.todo"
RECEIPTS = "receipts"


class Receipt(msgspec.Struct):
    """What was erased, how many of each; not whose."""

    receipt: str
    time: str
    erased: dict[str, int]


class _Todo(msgspec.Struct):
    runner: str
    receipt: str
    erased: dict[str, int] = {}


def forget_runner(settings: Settings, runner: str | None, folders: list[Path], *, broker: bool = True) -> Receipt:
    """Erase a runner from this hub's data, from `folders`, from the broker and from the database.

    `runner` None: finish what was begun. Whoever calls again after a kill or an error goes on where it ended. Raises
    SensorhubError where a step fails; what is done stays done.
    """
    home = settings.hub.folder
    make_folder(home)
    todo = _todo(home, runner)
    for name, step in _steps(settings, home, folders, todo.runner, broker=broker):
        # Every step may be done twice: what came since it was done first goes too.
        todo.erased[name] = todo.erased.get(name, 0) + step()
        _write(home / TODO, msgspec.json.encode(todo))
    left = [path for path in _files(home, folders) if path.name != TODO and _holds(path, todo.runner)]
    if left:
        raise SensorhubError(
            f"These files still name the runner, look at them and call again: {', '.join(map(str, left))}."
        )
    receipt = Receipt(todo.receipt, rfc3339(time.time_ns()), todo.erased)
    (home / RECEIPTS).mkdir(exist_ok=True)
    _write(home / RECEIPTS / f"{receipt.receipt}.json", msgspec.json.encode(receipt))
    (home / TODO).unlink()
    return receipt


def _todo(home: Path, runner: str | None) -> _Todo:
    path = home / TODO
    if path.exists():
        begun = msgspec.json.decode(path.read_bytes(), type=_Todo)
        if runner not in {None, begun.runner}:
            raise SensorhubError(
                "Another runner is not wholly forgotten yet: finish that with `sensorhub forget --resume`."
            )
        return begun
    if runner is None:
        raise InputError("Nothing was begun that could be finished.")
    todo = _Todo(runner, uuid.uuid4().hex)
    _write(path, msgspec.json.encode(todo))
    return todo


def _steps(
    settings: Settings, home: Path, folders: list[Path], runner: str, *, broker: bool
) -> Iterator[tuple[str, Callable[[], int]]]:
    for name, file, erase in (
        ("store", "hub.sqlite", erase_from_store),
        ("keeper", "keeper.sqlite", erase_from_keeper),
        ("refused", "refused.sqlite", erase_from_refused),
    ):
        if (home / file).exists():
            yield name, partial(erase, home / file, runner)
    yield "recordings", lambda: _unlink(path for path in _files(home, folders) if _is_recording_of(path, runner))
    yield "files", lambda: _unlink(path for path in _files(home, folders) if _is_file_of(path, runner))
    if broker and settings.mqtt.enabled:
        filters = [f"{ROOT}/{settings.hub.name}/#", f"{settings.homeassistant.prefix}/#"]
        yield "retained messages", lambda: clear_retained(settings.mqtt, filters, lambda body: _names(body, runner))
    if settings.influx.token_file is not None:
        yield "database requests", lambda: _from_database(settings, runner)


def _from_database(settings: Settings, runner: str) -> int:
    with InfluxSink(settings.influx) as sink:
        sink.delete_runner(runner)
    return 1


def _files(home: Path, folders: list[Path]) -> Iterator[Path]:
    for folder in (home, *folders):
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file() and RECEIPTS not in path.parts)


def _unlink(paths: Iterator[Path]) -> int:
    gone = list(paths)
    for path in gone:
        path.unlink()
    return len(gone)


def _is_recording_of(path: Path, runner: str) -> bool:
    try:
        return path.suffix == SUFFIX and Recording(path).header.runner == runner
    except InputError:
        return False


def _is_file_of(path: Path, runner: str) -> bool:
    """A damaged store that was set aside, or a JSON, JSON lines, or self-contained report that names the runner."""
    if ".sqlite.damaged-" in path.name:
        return _holds(path, runner)
    if path.suffix in {".json", ".jsonl"} and path.name != TODO:
        return any(names_runner(line, runner) for line in path.read_bytes().splitlines())
    return path.suffix == ".html" and _holds(path, runner)


def _names(message: bytes, runner: str) -> bool:
    """Whether a message says the name, however its JSON was written."""
    with contextlib.suppress(ValueError):  # no JSON, or no UTF-8 in it: as it is
        message = msgspec.json.encode(msgspec.json.decode(message))
    return _mentions(message, runner)


def _holds(path: Path, runner: str) -> bool:
    return _mentions(path.read_bytes(), runner)


def _mentions(content: bytes, runner: str) -> bool:
    """Whether the name stands there as a word of its own: as text, inside JSON, or inside JSON of ASCII only."""
    for name in {runner.encode(), msgspec.json.encode(runner)[1:-1], json.dumps(runner)[1:-1].encode()}:
        start = content.find(name)
        while start >= 0:
            around = content[max(0, start - 1) : start] + content[start + len(name) : start + len(name) + 1]
            if not any(chr(byte).isalnum() for byte in around):
                return True
            start = content.find(name, start + 1)
    return False


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(path.name + ".new")
    with open(draft, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
