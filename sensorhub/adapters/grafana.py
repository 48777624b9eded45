"""Dashboards, their folder and their data source in Grafana 11 to 13, by grafana-api.

Everything is named by uid: routes with numeric ids are off since Grafana 13, so grafana-api's own data-source update,
which uses one, is passed by and the by-uid route is asked through its raw client.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit

import requests
from grafana_api.grafana_api import GrafanaClientError, GrafanaException
from grafana_api.grafana_face import GrafanaFace

from sensorhub.config import GrafanaSettings, InfluxSettings, authority_file, read_secret
from sensorhub.model.errors import SensorhubError, UsageError, network_reason
from sensorhub.pipeline.plaintext import checked_url

FOLDER_UID: Final = "sensorhub"
FOLDER_TITLE: Final = "sensorhub"
DATASOURCE_UID: Final = "sensorhub-influxdb"
OLDEST, NEWEST = 11, 13

Json = dict[str, Any]


class Action(StrEnum):
    """What a push does, or would do, to one thing."""

    CREATE = "create"
    UPDATE = "update"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing in Grafana and what becomes of it."""

    kind: str
    uid: str
    title: str
    action: Action


class Grafana:
    """One organisation of a Grafana, which its token belongs to."""

    def __init__(self, settings: GrafanaSettings) -> None:
        """Raise UsageError where address or token are not as they must be."""
        self._url = checked_url(settings.url, "grafana.url", allow_plaintext=settings.allow_plaintext)
        token = read_secret(settings.token_file)
        if not token:
            raise UsageError("grafana.token_file: name a file with a service account's token (role Editor or Admin).")
        self._token = token
        parts = urlsplit(self._url)
        self._face = GrafanaFace(
            auth=token,
            protocol=parts.scheme,
            host=parts.hostname if ":" not in (parts.hostname or "") else f"[{parts.hostname}]",
            port=parts.port,
            url_path_prefix=f"{parts.path.strip('/')}/" if parts.path.strip("/") else "",
            verify=authority_file(settings.ca_file, "grafana.ca_file") or True,
            timeout=settings.timeout_s,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._face.api.s.close()

    def version(self) -> str:
        """Ask for Grafana's version. Raises SensorhubError where it is not 11 to 13."""
        health: Json = self._ask(lambda: self._face.api.GET("/health"))
        version = str(health.get("version") or "")
        major = version.split(".", maxsplit=1)[0]
        if not major.isdigit() or not OLDEST <= int(major) <= NEWEST:
            raise SensorhubError(
                f"Grafana at {self._url} is {version or 'hiding its version'}; {OLDEST} to {NEWEST} fit."
            )
        return version

    def push(self, boards: Sequence[Json], datasource: Json | None, *, dry_run: bool) -> list[Change]:
        """Make folder, data source and dashboards what they should be; with `dry_run` only say what that would take."""
        self.version()
        changes = [self._push_folder(dry_run=dry_run)]
        if datasource is not None:
            changes.append(self._push_datasource(datasource, dry_run=dry_run))
        return changes + [self._push_board(board, dry_run=dry_run) for board in boards]

    def _push_folder(self, *, dry_run: bool) -> Change:
        found = self._found(lambda: self._face.folder.get_folder(FOLDER_UID))
        if found is None and not dry_run:
            self._ask(lambda: self._face.folder.create_folder(FOLDER_TITLE, FOLDER_UID))
        return Change("folder", FOLDER_UID, FOLDER_TITLE, Action.CREATE if found is None else Action.KEEP)

    def _push_datasource(self, wanted: Json, *, dry_run: bool) -> Change:
        route = f"/datasources/uid/{wanted['uid']}"
        found = self._found(lambda: self._face.api.GET(route))
        action = Action.CREATE if found is None else Action.UPDATE
        if found is not None and "secureJsonData" not in wanted and _same_source(found, wanted):
            action = Action.KEEP
        if not dry_run and action is Action.CREATE:
            self._ask(lambda: self._face.datasource.create_datasource(wanted))
        elif not dry_run and action is Action.UPDATE:
            self._ask(lambda: self._face.api.PUT(route, json=wanted))
        return Change("data source", wanted["uid"], wanted["name"], action)

    def _push_board(self, board: Json, *, dry_run: bool) -> Change:
        found = self._found(lambda: self._face.dashboard.get_dashboard(board["uid"]))
        if found is None:
            action = Action.CREATE
        else:
            in_place = found.get("meta", {}).get("folderUid") == FOLDER_UID
            same = in_place and _essence(found["dashboard"]) == _essence(board)
            action = Action.KEEP if same else Action.UPDATE
        if not dry_run and action is not Action.KEEP:
            body = {
                "dashboard": {**board, "id": None},
                "folderUid": FOLDER_UID,
                "overwrite": True,
                "message": "sensorhub dashboards push",
            }
            self._ask(lambda: self._face.dashboard.update_dashboard(body))
        return Change("dashboard", board["uid"], board["title"], action)

    def _found(self, request: Callable[[], Json]) -> Json | None:
        """Ask; None where there is no such thing."""
        try:
            return self._guarded(request)
        except GrafanaClientError as error:
            if error.status_code == 404:
                return None
            raise self._explained(error) from None

    def _ask(self, request: Callable[[], Json]) -> Json:
        try:
            return self._guarded(request)
        except GrafanaException as error:
            raise self._explained(error) from None

    def _guarded(self, request: Callable[[], Json]) -> Json:
        try:
            return request()
        except (requests.ConnectionError, requests.Timeout) as error:
            reason = self._redacted(network_reason(error))
            raise SensorhubError(f"Grafana at {self._url} cannot be reached: {reason}. Does it run there?") from None
        except (requests.RequestException, TypeError) as error:  # grafana-api indexes a page of text that has "message"
            said = self._redacted(f"{type(error).__name__}: {error}")
            raise SensorhubError(f"Grafana at {self._url} gave no answer that can be read ({said}).") from None

    def _explained(self, error: GrafanaException) -> SensorhubError:
        said = self._redacted(str(error.message))
        if error.status_code in {401, 403}:
            return SensorhubError(
                f"Grafana at {self._url} refuses the token ({said}). Put a service account's token "
                "with the role Editor (Admin for the data source) into grafana.token_file."
            )
        if "provisioned" in said.lower():
            return SensorhubError(f"Grafana at {self._url} reads this from provisioning files; change those ({said}).")
        return SensorhubError(f"Grafana at {self._url} refused ({error.status_code}: {said}).")

    def _redacted(self, text: str) -> str:
        return " ".join(text.replace(self._token, "***").split())[:300]


def influx_datasource(settings: GrafanaSettings, influx: InfluxSettings) -> Json:
    """Describe the InfluxQL data source over the bucket, as Grafana's API takes it.

    The read token, where one is named, goes into the encrypted part. Raises UsageError where it cannot be read.
    """
    url = settings.influx_url or influx.url
    source: Json = {
        "uid": DATASOURCE_UID,
        "name": "sensorhub",
        "type": "influxdb",
        "access": "proxy",
        "url": checked_url(url, "grafana.influx_url", allow_plaintext=influx.allow_plaintext),
        "isDefault": False,
        "jsonData": {"version": "InfluxQL", "dbName": influx.bucket, "httpMode": "POST"},
    }
    secret: Json = {}
    token = read_secret(settings.influx_read_token_file)
    if token:
        source["jsonData"]["httpHeaderName1"] = "Authorization"
        secret["httpHeaderValue1"] = f"Token {token}"
    authority = authority_file(influx.ca_file, "influx.ca_file")
    if authority and url.startswith("https:"):
        source["jsonData"]["tlsAuthWithCACert"] = True
        secret["tlsCACert"] = Path(authority).read_text(encoding="utf-8")
    return source | ({"secureJsonData": secret} if secret else {})


def _same_source(found: Json, wanted: Json) -> bool:
    return all(found.get(key) == value for key, value in wanted.items() if key != "isDefault")


def _essence(board: Json) -> Json:
    """What we say of a dashboard, without what Grafana adds or moves when it migrates one on reading."""
    panels = [
        {
            "type": panel.get("type"),
            "title": panel.get("title"),
            "description": panel.get("description"),
            "place": panel.get("gridPos"),
            "unit": panel.get("fieldConfig", {}).get("defaults", {}).get("unit"),
            "levels": panel.get("fieldConfig", {}).get("defaults", {}).get("thresholds"),
            "queries": [(target.get("query"), target.get("alias")) for target in panel.get("targets", [])],
        }
        for panel in board.get("panels", [])
    ]
    variables = [(entry.get("name"), entry.get("query")) for entry in board.get("templating", {}).get("list", [])]
    return {"title": board.get("title"), "tags": board.get("tags"), "panels": panels, "variables": variables}
