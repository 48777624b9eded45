"""Looking at this machine for `sensorhub doctor`: each check finds one thing and says how it is mended."""

import os
import shutil
import socket
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from sensorhub.config import PageSettings

OLDEST_PYTHON: Final = (3, 11)
LEAST_FREE_BYTES: Final = 500_000_000
PATIENCE_S: Final = 3.0


class Verdict(StrEnum):
    """How a check went."""

    OK = "ok"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; `remedy` says what to do where it is not ok."""

    name: str
    verdict: Verdict
    found: str
    remedy: str | None = None


Check = Callable[[], Finding]
"""Looks at one thing."""


def not_needed_for_writing(name: str) -> Finding:
    """Leave out what only a machine with sensors needs."""
    return Finding(name, Verdict.OK, "not needed for writing: no [[sensor]] is named")


def check_python(version: tuple[int, ...] = tuple(sys.version_info[:3])) -> Finding:
    """See that Python is new enough."""
    found = ".".join(map(str, version))
    if version[:2] >= OLDEST_PYTHON:
        return Finding("python", Verdict.OK, found)
    return Finding("python", Verdict.FAILED, found, "Install Python 3.11 or later and make the environment again.")


def check_bluetooth(radio: str | None, root: Path = Path("/"), platform: str = sys.platform) -> Finding:
    """See that there is an adapter (the one that `hub.radio` names), that it is not switched off, that BlueZ runs."""
    if (virtual := radio is not None and radio.startswith("bumble:")) or not platform.startswith("linux"):
        return Finding("bluetooth", Verdict.OK, f"virtual, {radio}" if virtual else "the system's own")
    adapters = sorted(path.name for path in (root / "sys/class/bluetooth").glob("hci*") if ":" not in path.name)
    if not adapters:
        remedy = "Plug in a Bluetooth 4.0 (or later) adapter. `sensorhub demo` works without one."
        return Finding("bluetooth", Verdict.FAILED, "no adapter", remedy)
    if radio is not None and radio not in adapters:
        remedy = f"Set hub.radio to one of {', '.join(adapters)}, or leave it out."
        return Finding("bluetooth", Verdict.FAILED, f"no adapter {radio}", remedy)
    if _bluetooth_blocked(root):
        return Finding("bluetooth", Verdict.FAILED, f"{adapters[0]} is switched off", "Run: rfkill unblock bluetooth")
    if not (root / "run/dbus/system_bus_socket").exists():
        remedy = "Install and start BlueZ: apt-get install bluez && systemctl start bluetooth"
        return Finding("bluetooth", Verdict.FAILED, f"{adapters[0]}, but no D-Bus", remedy)
    return Finding("bluetooth", Verdict.OK, ", ".join(adapters))


def _bluetooth_blocked(root: Path) -> bool:
    for switch in (root / "sys/class/rfkill").glob("*"):
        if _text(switch / "type") == "bluetooth" and "1" in (_text(switch / "soft"), _text(switch / "hard")):
            return True
    return False


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def check_store(folder: Path) -> Finding:
    """See that the data folder can be written, has room, and that what lies in it is whole."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return _store_failed(f"{there}: cannot be written", f"Give it to {_user()}, or set hub.data_dir.")
    free = shutil.disk_usage(there).free
    if free < LEAST_FREE_BYTES:
        return _store_failed(f"{folder}: {free // 1_000_000} MB free", "Make room: 500 MB at least.")
    broken = [path.name for path in sorted(folder.glob("*.sqlite")) if not _whole(path)]
    if broken:
        remedy = "Start the service: it sets the damaged file aside and keeps what is whole."
        return _store_failed(f"{folder}: {', '.join(broken)} is damaged", remedy)
    set_aside = "".join(f"; {path} was damaged: check the card, then delete it" for path in _set_aside(folder))
    return Finding("store", Verdict.OK, f"{folder}, {free // 1_000_000_000} GB free{set_aside}")


def _set_aside(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("*.damaged-*")) if not path.name.endswith("-wal")]


def _store_failed(found: str, remedy: str) -> Finding:
    return Finding("store", Verdict.FAILED, found, remedy)


def _user() -> str:
    return os.environ.get("USER", str(os.getuid()))


def _whole(path: Path) -> bool:
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=PATIENCE_S)
    except sqlite3.Error:
        return False
    try:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.Error:
        return False
    finally:
        connection.close()


def check_page_port(page: PageSettings) -> Finding:
    """See that the page's port can be had."""
    where = f"{page.host}:{page.port}"
    family = socket.AF_INET6 if ":" in page.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((page.host, page.port))
        except OSError as error:
            remedy = "Stop what uses the port (perhaps sensorhub itself runs), or set page.port."
            return Finding("page port", Verdict.FAILED, f"{where}: {error.strerror}", remedy)
    return Finding("page port", Verdict.OK, where)
