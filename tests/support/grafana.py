"""A fake Grafana: the part of its HTTP API that sensorhub uses, as versions 11 to 13 answer it.

Folders and dashboards are kept by uid. Routes with a data source's numeric id are gone in 13 (disabled by default
there, deprecated since 9); a dashboard saved without `overwrite` over another version is refused with 412; what was
provisioned from files is refused with 400; newer versions migrate a dashboard's schema when it is read.
"""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support.servers import HOST

MIGRATED_SCHEMA = {11: 39, 12: 41, 13: 42}


@dataclass
class GrafanaState:
    version: str = "11.6.0"
    roles: dict[str, str] = field(default_factory=lambda: {"admin-token": "Admin", "viewer-token": "Viewer"})
    folders: dict[str, dict] = field(default_factory=dict)
    sources: dict[str, dict] = field(default_factory=dict)
    boards: dict[str, dict] = field(default_factory=dict)
    provisioned: set[str] = field(default_factory=set)
    requests: list[str] = field(default_factory=list)
    broken_page: bytes | None = None
    port: int = 0

    @property
    def url(self):
        return f"http://{HOST}:{self.port}"

    @property
    def major(self):
        return int(self.version.split(".")[0])


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    state: GrafanaState


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def do_GET(self):
        self._route("GET")

    def do_POST(self):
        self._route("POST")

    def do_PUT(self):
        self._route("PUT")

    def _route(self, method):
        state = self.server.state
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"null")
        state.requests.append(f"{method} {self.path}")
        if state.broken_page is not None:
            self._send(502, state.broken_page)
            return
        if self.path == "/api/health":
            self._say(200, {"database": "ok", "version": state.version, "commit": "0"})
            return
        role = state.roles.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
        if role is None:
            self._say(401, {"message": "Invalid API key", "messageId": "api-key.invalid"})
        elif role == "Viewer" and method != "GET":
            self._say(403, {"message": "You'll need additional permissions to perform this action."})
        else:
            self._known(method, body)

    def _known(self, method, body):
        for pattern, handle in (
            (r"GET /api/folders/([\w-]+)", self._get_folder),
            (r"POST /api/folders()", self._post_folder),
            (r"GET /api/datasources/uid/([\w-]+)", self._get_source),
            (r"PUT /api/datasources/uid/([\w-]+)", self._put_source),
            (r"PUT /api/datasources/(\d+)", self._numeric_source),
            (r"POST /api/datasources()", self._post_source),
            (r"GET /api/dashboards/uid/([\w-]+)", self._get_board),
            (r"POST /api/dashboards/db()", self._post_board),
        ):
            found = re.fullmatch(pattern, f"{method} {self.path}")
            if found:
                handle(found[1], body)
                return
        self._say(404, {"message": "Not found"})

    def _get_folder(self, uid, _):
        folder = self.server.state.folders.get(uid)
        self._say(*((200, folder) if folder else (404, {"message": "folder not found", "status": "not-found"})))

    def _post_folder(self, _, body):
        folder = {"id": 1, "uid": body["uid"], "title": body["title"], "version": 1}
        self.server.state.folders[body["uid"]] = folder
        self._say(200, folder)

    def _get_source(self, uid, _):
        source = self.server.state.sources.get(uid)
        if source is None:
            self._say(404, {"message": "Data source not found"})
            return
        secret = source.get("secureJsonData", {})
        shown = {key: value for key, value in source.items() if key != "secureJsonData"}
        self._say(200, {**shown, "secureJsonFields": dict.fromkeys(secret, True)})

    def _numeric_source(self, number, body):
        if self.server.state.major >= 13:
            self._say(404, {"message": "Not found"})
            return
        uid = next(uid for uid, source in self.server.state.sources.items() if source["id"] == int(number))
        self._put_source(uid, body)

    def _put_source(self, uid, body):
        sources = self.server.state.sources
        if uid not in sources:
            self._say(404, {"message": "Data source not found"})
            return
        kept = sources[uid].get("secureJsonData", {}) | body.get("secureJsonData", {})
        sources[uid] = {**body, "id": sources[uid]["id"], "secureJsonData": kept}
        self._say(200, {"message": "Datasource updated", "datasource": {"uid": uid}})

    def _post_source(self, _, body):
        sources = self.server.state.sources
        if body["uid"] in sources or body["name"] in {source["name"] for source in sources.values()}:
            self._say(409, {"message": "data source with the same name already exists"})
            return
        sources[body["uid"]] = {**body, "id": len(sources) + 1}
        self._say(200, {"message": "Datasource added", "datasource": {"uid": body["uid"]}})

    def _get_board(self, uid, _):
        found = self.server.state.boards.get(uid)
        if found is None:
            self._say(404, {"message": "Dashboard not found"})
            return
        migrated = {**found["dashboard"], "schemaVersion": MIGRATED_SCHEMA[self.server.state.major], "preload": False}
        self._say(200, {"dashboard": migrated, "meta": {"folderUid": found["folderUid"], "slug": uid}})

    def _post_board(self, _, body):
        state = self.server.state
        board, uid = body["dashboard"], body["dashboard"]["uid"]
        if uid in state.provisioned:
            self._say(400, {"message": "Cannot save provisioned dashboard"})
        elif body.get("folderUid") not in state.folders:
            self._say(400, {"message": "folder not found"})
        elif uid in state.boards and not body.get("overwrite"):
            message = "The dashboard has been changed by someone else"
            self._say(412, {"message": message, "status": "version-mismatch"})
        else:
            version = state.boards.get(uid, {"dashboard": {"version": 0}})["dashboard"]["version"] + 1
            number = len(state.boards) + 1
            kept = {**board, "id": number, "version": version}
            state.boards[uid] = {"dashboard": kept, "folderUid": body["folderUid"]}
            self._say(200, {"id": number, "uid": uid, "status": "success", "version": version})

    def _say(self, status, body):
        self._send(status, json.dumps(body).encode())

    def _send(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def fake_grafana(version: str = "11.6.0") -> Iterator[GrafanaState]:
    """Run a fake Grafana of this version on a free port."""
    server = _Server((HOST, 0), _Handler)
    server.state = GrafanaState(version, port=server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="grafana")
    thread.start()
    try:
        yield server.state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
