"""`sensorhub.toml` and the environment become Settings, once; an unknown key is an error that names key and file."""

import os
import ssl
import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec

from sensorhub.model.errors import UsageError

ENVIRONMENT_PREFIX: Final = "SENSORHUB_"

Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]
Seconds = Annotated[float, msgspec.Meta(gt=0)]


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the file: unknown keys are refused."""


class HubSettings(_Section, frozen=True):
    """The hub: its name in topics and records, where it keeps what it measures, and through which radio it listens.

    `radio`: None for the machine's own Bluetooth, `hci1` for that adapter, `bumble:HOST:PORT` for a virtual one.
    `stored_by`: the groups of writers elsewhere that must confirm a record before the hub may forget it: `influx` is
    `sensorhub write`.
    """

    name: str = "hub"
    data_dir: str = "~/.local/share/sensorhub"
    radio: str | None = None
    stored_by: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """The folder `data_dir`, with `~` resolved."""
        return Path(self.data_dir).expanduser()

    @property
    def stored_elsewhere_by(self) -> tuple[str, ...]:
        """`stored_by` without `keeper`, the hub's own, which confirms by no mark; older settings name it."""
        return tuple(group for group in self.stored_by if group != "keeper")


class SensorSettings(_Section, frozen=True):
    """One sensor: the name or address it advertises, the profile that decodes it, who wears it, and how it is set up.

    `settings` are those of the profile (rate_hz). `start_notify`: BlueZ's older way to notify, where nothing comes.
    """

    name: str
    runner: str
    profile: str = "sensorhub_native"
    settings: dict[str, float] = {}
    start_notify: bool = False


class MqttSettings(_Section, frozen=True):
    """The broker, if records go to one. Off loopback it needs `ca_file`, or `allow_plaintext`, said on purpose."""

    enabled: bool = True
    host: str = "127.0.0.1"
    port: Port = 1883
    username: str | None = None
    password_file: str | None = None
    ca_file: str | None = None
    allow_plaintext: bool = False


class PageSettings(_Section, frozen=True):
    """The live page. Off loopback it needs `token_file`, and a certificate or `allow_plaintext`, said on purpose.

    `allowed_hosts` are further names by which browsers may ask for it.
    """

    host: str = "127.0.0.1"
    port: Port = 8137
    token_file: str | None = None
    allowed_hosts: tuple[str, ...] = ()
    certificate_file: str | None = None
    key_file: str | None = None
    allow_plaintext: bool = False


class InfluxSettings(_Section, frozen=True):
    """The database of `sensorhub write`: InfluxDB 2 or 3 (there `org` is free and `bucket` is the database).

    Off loopback it needs https, or `allow_plaintext`, said on purpose; `ca_file` where the certificate is a club's own.
    """

    url: str = "http://127.0.0.1:8086"
    org: str = "sensorhub"
    bucket: str = "sensorhub"
    token_file: str | None = None
    ca_file: str | None = None
    timeout_s: Seconds = 4.0
    allow_plaintext: bool = False


class GrafanaSettings(_Section, frozen=True):
    """The Grafana of `sensorhub dashboards`. Off loopback it needs https, or `allow_plaintext`, said on purpose.

    `influx_url` is where Grafana itself finds the database, if that is not where `sensorhub write` does.
    """

    url: str = "http://127.0.0.1:3000"
    token_file: str | None = None
    ca_file: str | None = None
    timeout_s: Seconds = 10.0
    allow_plaintext: bool = False
    influx_url: str | None = None
    influx_read_token_file: str | None = None


class HomeAssistantSettings(_Section, frozen=True):
    """Home Assistant on the same broker: status and summary of each sensor, never strides."""

    enabled: bool = False
    prefix: str = "homeassistant"


class DrillsSettings(_Section, frozen=True):
    """The guided drills: the programme's file; None for the one that comes along."""

    programme: str | None = None


class Settings(_Section, frozen=True):
    """All that can be set."""

    hub: HubSettings = HubSettings()
    sensor: tuple[SensorSettings, ...] = ()
    mqtt: MqttSettings = MqttSettings()
    page: PageSettings = PageSettings()
    drills: DrillsSettings = DrillsSettings()
    influx: InfluxSettings = InfluxSettings()
    grafana: GrafanaSettings = GrafanaSettings()
    homeassistant: HomeAssistantSettings = HomeAssistantSettings()


def load_settings(path: Path | None, environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings of a file (none: the defaults), with `SENSORHUB_<SECTION>_<KEY>` of the environment over it.

    Raises UsageError that names file and key.
    """
    where = str(path) if path else "the environment"
    tables = _read(path) if path else {}
    for name, text in environment.items():
        if name.startswith(ENVIRONMENT_PREFIX):
            _override(tables, name, text)
    try:
        settings = msgspec.convert(tables, Settings, strict=False)
    except msgspec.ValidationError as error:
        said = str(error).replace("`$.", "`")
        raise UsageError(f"{where}: {said}. docs/configuration.md lists every key.") from None
    for name, times in Counter(sensor.name for sensor in settings.sensor).items():
        if times > 1:
            raise UsageError(f"{where}: {times} tables [[sensor]] have the name {name!r}. Leave one of them.")
    return settings


def read_secret(path: str | None) -> str | None:
    """The secret in a file, without the line end; None where there is no file named.

    Raises UsageError where the file cannot be read, holds nothing, or may be read by others too.
    """
    if path is None:
        return None
    file = Path(path).expanduser()
    try:
        if file.stat().st_mode & 0o077:
            raise UsageError(f"{file}: others may read this secret. Run: chmod 600 {file}")
        secret = file.read_text(encoding="utf-8").rstrip("\n")
    except OSError as error:
        raise UsageError(f"{file}: the secret cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise UsageError(f"{file}: the secret is no text. Is it another file?") from None
    if not secret:
        raise UsageError(f"{file}: the secret is empty. Put it into the first line.")
    return secret


def authority_file(path: str | None, key: str) -> str | None:
    """The file of an authority's certificate, with `~` resolved; None where there is none named.

    Raises UsageError that names the key where it holds no certificate.
    """
    if path is None:
        return None
    file = str(Path(path).expanduser())
    try:
        ssl.create_default_context(cafile=file)
    except OSError as error:  # ssl.SSLError is one
        raise UsageError(f"{key}: no certificate can be read from {file} ({error.strerror or error}).") from None
    return file


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"{path}: no such file. docs/configuration.md shows one to begin with.") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}).") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: is not TOML: {error}.") from None


def _override(tables: dict[str, Any], name: str, text: str) -> None:
    """Put one variable of the environment into its section; names that are no setting's are left alone."""
    section_name, _, key = name.removeprefix(ENVIRONMENT_PREFIX).lower().partition("_")
    section = {field.name: field for field in msgspec.structs.fields(Settings)}.get(section_name)
    if section is None or section_name == "sensor" or key not in section.type.__struct_fields__:
        return
    tables.setdefault(section_name, {})[key] = text
