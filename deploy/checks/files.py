"""Rules for the other files of deploy/: scripts, Dockerfile, units, Grafana's provisioning, settings."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from deploy.checks.broker import DEPLOY
from sensorhub.adapters.grafana import DATASOURCE_UID, FOLDER_UID
from sensorhub.config import load_settings
from sensorhub.model.errors import UsageError

SCRIPTS: Final = ("common.sh", "make-certificates", "add-hub", "add-team", "up", "check")
MOST_EXPOSED: Final = 20
"""systemd-analyze security gives tenths: 0 is shut, 100 wide open."""


def complaints() -> Iterator[str]:
    """What is wrong, one line each."""
    yield from _scripts()
    yield from _dockerfile((DEPLOY / "Dockerfile").read_text(encoding="utf-8"))
    yield from _units()
    yield from _provisioning()
    yield from _settings()


def _scripts() -> Iterator[str]:
    for name in SCRIPTS:
        path = DEPLOY / name
        found = subprocess.run(["bash", "-n", str(path)], capture_output=True, text=True, check=False)
        if found.returncode:
            yield f"{name}: {found.stderr.strip()}"
        if "." not in name and not path.stat().st_mode & 0o100:
            yield f"{name}: cannot be run"
        if "." not in name and name != "check" and "common.sh" not in path.read_text(encoding="utf-8"):
            yield f"{name}: does not stop at the first error (source common.sh)"


def _dockerfile(text: str) -> Iterator[str]:
    images = re.findall(r"^FROM (\S+)", text, flags=re.MULTILINE)
    yield from (f"Dockerfile: {image} is not pinned" for image in images if not re.search(r":\d+\.\d+\.\d+", image))
    users = re.findall(r"^USER (\S+)", text, flags=re.MULTILINE)
    if not users or users[-1] in {"root", "0"}:
        yield "Dockerfile: runs as root"
    if ".whl" not in text:
        yield "Dockerfile: does not build from the wheel"
    if re.search(r"(password|token)\s*=", text, flags=re.IGNORECASE):
        yield "Dockerfile: holds a secret"


def _units() -> Iterator[str]:
    analyze = shutil.which("systemd-analyze")
    for unit in sorted((DEPLOY / "systemd").glob("*.service")):
        text = unit.read_text(encoding="utf-8")
        if "LoadCredential=" not in text:
            yield f"{unit.name}: takes its secret from somewhere else than a credential"
        if analyze is None:
            continue
        verified = subprocess.run([analyze, "verify", str(unit)], capture_output=True, text=True, check=False)
        unknown = [line for line in verified.stderr.splitlines() if "is not executable" not in line]
        yield from (f"{unit.name}: {line}" for line in unknown if unit.name in line)
        level = [analyze, "security", "--offline=true", f"--threshold={MOST_EXPOSED}", str(unit)]
        judged = subprocess.run(level, capture_output=True, text=True, check=False)
        if judged.returncode:
            yield f"{unit.name}: {judged.stdout.strip().splitlines()[-1] if judged.stdout else judged.stderr.strip()}"


def _yaml(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def _provisioning() -> Iterator[str]:
    folder = DEPLOY / "grafana" / "provisioning"
    sources = _yaml(folder / "datasources" / "sensorhub.yaml")
    boards = _yaml(folder / "dashboards" / "sensorhub.yaml")
    for name, document in (("datasources", sources), ("dashboards", boards)):
        if document.get("apiVersion") != 1:
            yield f"{name}: apiVersion is not 1"
    source = sources["datasources"][0]
    if (source["uid"], source["type"]) != (DATASOURCE_UID, "influxdb"):
        yield "datasources: is not the source that `sensorhub dashboards` speaks of"
    if not source["url"].startswith("https://"):
        yield "datasources: speaks in clear text"
    secrets = source.get("secureJsonData", {}).values()
    yield from ("datasources: a secret does not come from a file" for secret in secrets if "$__file{" not in secret)
    if boards["providers"][0].get("folderUid") != FOLDER_UID:
        yield "dashboards: go to another folder than `sensorhub dashboards` uses"


def _settings() -> Iterator[str]:
    for path in sorted(DEPLOY.rglob("*.toml")):
        if "state" in path.relative_to(DEPLOY).parts:
            continue
        try:
            settings = load_settings(path, {})
        except UsageError as error:
            yield str(error)
            continue
        if settings.mqtt.ca_file is None or settings.mqtt.password_file is None:
            yield f"{path.name}: speaks to the broker without TLS or password"
        if settings.influx.token_file is not None and not settings.influx.url.startswith("https://"):
            yield f"{path.name}: speaks to InfluxDB in clear text"
