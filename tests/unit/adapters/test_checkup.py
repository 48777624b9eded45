"""What the doctor finds, and that each failing line says how it is mended."""

import json
import socket
import sqlite3
from pathlib import Path

import pytest

from sensorhub.adapters.checkup import Finding, Verdict, check_bluetooth, check_page_port, check_python, check_store
from sensorhub.cli.doctor import finding_lines, findings_json
from sensorhub.config import PageSettings


def machine(root: Path, *, adapter: bool = True, blocked: bool = False, dbus: bool = True) -> Path:
    """The files of a Linux machine that say how its Bluetooth is."""
    if adapter:
        (root / "sys/class/bluetooth/hci0").mkdir(parents=True)
    switch = root / "sys/class/rfkill/rfkill0"
    switch.mkdir(parents=True)
    (switch / "type").write_text("bluetooth\n")
    (switch / "soft").write_text(f"{int(blocked)}\n")
    (switch / "hard").write_text("0\n")
    if dbus:
        (root / "run/dbus").mkdir(parents=True)
        (root / "run/dbus/system_bus_socket").touch()
    return root


def test_python_must_be_new_enough() -> None:
    assert check_python().verdict is Verdict.OK
    assert check_python((3, 10, 9)).verdict is Verdict.FAILED


def test_bluetooth_is_found_and_each_hindrance_has_its_remedy(tmp_path: Path) -> None:
    def look(name: str, radio: str | None = None, **state: bool) -> Finding:
        return check_bluetooth(radio, machine(tmp_path / name, **state), "linux")

    assert look("well") == Finding("bluetooth", Verdict.OK, "hci0")
    assert look("chosen", "hci0").verdict is Verdict.OK
    assert "hub.radio" in str(look("another", "hci7").remedy)
    assert look("virtual", "bumble:127.0.0.1:9", adapter=False).verdict is Verdict.OK
    assert "Plug in" in str(look("none", adapter=False).remedy)
    assert "rfkill unblock" in str(look("off", blocked=True).remedy)
    assert "BlueZ" in str(look("bare", dbus=False).remedy)
    assert check_bluetooth(None, tmp_path, "darwin").verdict is Verdict.OK


def test_the_store_must_be_writable_and_whole(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert check_store(folder).verdict is Verdict.OK
    assert not folder.exists(), "looking changes nothing"
    folder.mkdir()
    with sqlite3.connect(folder / "good.sqlite") as database:
        database.execute("CREATE TABLE t (x)")
    database.close()
    assert check_store(folder).verdict is Verdict.OK
    (folder / "keeper.sqlite.damaged-1").touch()
    (folder / "keeper.sqlite.damaged-1-wal").touch()
    assert check_store(folder).found.count("keeper.sqlite.damaged-1 was damaged: check the card") == 1
    (folder / "bad.sqlite").write_bytes(b"not a database at all" * 100)
    assert "bad.sqlite is damaged" in check_store(folder).found
    (tmp_path / "file").touch()
    assert check_store(tmp_path / "file" / "data").verdict is Verdict.FAILED


def test_a_port_in_use_is_found() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken = check_page_port(PageSettings(port=listener.getsockname()[1]))
    assert taken.verdict is Verdict.FAILED
    assert "page.port" in str(taken.remedy)
    assert check_page_port(PageSettings(port=0)).verdict is Verdict.OK


@pytest.mark.parametrize("colour", [True, False])
def test_a_finding_is_said_with_a_mark_a_word_and_its_remedy(monkeypatch: pytest.MonkeyPatch, *, colour: bool) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    said = finding_lines(Finding("broker", Verdict.FAILED, "127.0.0.1:1883: no answer", "Start one."), colour=colour)
    assert "failed" in said
    assert said.endswith("127.0.0.1:1883: no answer\n             Start one.")
    assert ("\x1b[" in said) is colour


def test_findings_as_json() -> None:
    told = json.loads(findings_json([check_python()], healthy=True))
    assert told["ok"] is True
    assert told["checks"][0]["verdict"] == "ok"
