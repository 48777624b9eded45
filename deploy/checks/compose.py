"""Rules for deploy/compose.yaml: pinned, healthy, by TLS, without rights, with secrets from files."""

import re
from collections.abc import Iterator
from typing import Any, Final

import yaml

from deploy.checks.broker import DEPLOY

PINNED: Final = re.compile(r"[\w./-]+:v?\d+\.\d+\.\d+[\w.-]*")
OWN_IMAGE: Final = "sensorhub:local"
TLS_PORTS: Final = {"8883": "mosquitto", "8086": "influxdb", "3000": "grafana"}
SECRET_WORDS: Final = re.compile(r"password|token|secret", re.IGNORECASE)
MADE_BY_UP: Final = "./state/"


def load() -> dict[str, Any]:
    """The compose file."""
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return loaded


def complaints(compose: dict[str, Any]) -> Iterator[str]:
    """What is wrong, one line each."""
    for name, service in compose["services"].items():
        yield from (f"{name}: {complaint}" for complaint in _service(name, service, compose["secrets"]))
    for name, secret in compose["secrets"].items():
        if not str(secret.get("file", "")).startswith("./state/secrets/"):
            yield f"secret {name}: is no file of state/secrets"
    used = {secret for service in compose["services"].values() for secret in service.get("secrets", [])}
    yield from (f"secret {name}: is used by nobody" for name in compose["secrets"] if name not in used)


def _service(name: str, service: dict[str, Any], secrets: dict[str, Any]) -> Iterator[str]:
    image = service.get("image", "")
    if image != OWN_IMAGE and not PINNED.fullmatch(image):
        yield f"image {image!r} is not pinned to a version"
    if "healthcheck" not in service:
        yield "has no healthcheck"
    if service.get("cap_drop") != ["ALL"] or "no-new-privileges:true" not in service.get("security_opt", []):
        yield "keeps rights that it does not need (cap_drop, no-new-privileges)"
    if service.get("privileged"):
        yield "is privileged"
    if "SENSORHUB_UID" not in str(service.get("user", "")):
        yield "does not run as the user who owns its secrets"
    if "mem_limit" not in service:
        yield "may take all memory"
    yield from _ports(name, service)
    yield from _environment(service)
    yield from _volumes(service)
    yield from (
        f"uses a secret {secret} that is not declared" for secret in service.get("secrets", []) if secret not in secrets
    )


def _ports(name: str, service: dict[str, Any]) -> Iterator[str]:
    for port in service.get("ports", []):
        inside = str(port).rsplit(":", maxsplit=1)[-1]
        if TLS_PORTS.get(inside) != name:
            yield f"opens port {port}, which is not one of those that speak TLS"


def _environment(service: dict[str, Any]) -> Iterator[str]:
    for key, value in service.get("environment", {}).items():
        if SECRET_WORDS.search(key) and not (key.endswith("FILE") and str(value).startswith("/run/secrets/")):
            yield f"{key} must come from a file of /run/secrets"
        if str(value).startswith("http://"):
            yield f"{key} is in clear text"


def _volumes(service: dict[str, Any]) -> Iterator[str]:
    for volume in service.get("volumes", []):
        source = str(volume).split(":")[0]
        ours = source.startswith(".") and not source.startswith(MADE_BY_UP)
        if ours and not (DEPLOY / source).exists():
            yield f"mounts {source}, which is not there"
        if (ours or source.startswith("./state/certificates")) and not str(volume).endswith(":ro"):
            yield f"mounts {source} so that it can be changed"
