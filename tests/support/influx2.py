"""A stand-in for InfluxDB 2: its HTTP interface, tokens, buckets and errors, in front of a real influxd 1.x.

Lines, overwriting, type conflicts and InfluxQL are influxd's own; only what 1.6.7 lacks is played here.
"""

import contextlib
import http.client
import json
import re
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from sensorhub.config import InfluxSettings
from tests.support.files import secret
from tests.support.servers import HOST, Server

ORG = "club"
_RFC3339 = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"


@dataclass
class Influx2:
    """What the stand-in knows: who may do what where, and which answers are to go wrong next.

    `faults` are used one a request: a status code, "drop" (closed without a word), "half" (stored, then closed in the
    middle of the answer) or a number of seconds to be slow.
    """

    backend_port: int
    database: str
    tokens: dict[str, set[str]] = field(default_factory=lambda: {"write-token": {"write"}, "read-token": {"read"}})
    faults: deque[int | float | str] = field(default_factory=deque)
    retry_after: str | None = None
    requests: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def settings(self, folder: Path, token: str = "write-token", timeout_s: float = 5.0) -> InfluxSettings:  # noqa: S107 - its own
        """What the product is told of it, with the token's file in this folder."""
        token_file = secret(folder / "influx_token", token)
        return InfluxSettings(url=self.url, org=ORG, bucket=self.database, token_file=token_file, timeout_s=timeout_s)

    def backend(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        """Ask the influxd behind."""
        connection = http.client.HTTPConnection(HOST, self.backend_port, timeout=20)
        try:
            form = {"Content-Type": "application/x-www-form-urlencoded"} if path.startswith("/query") else {}
            connection.request(method, path, body, form)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def query(self, influxql: str) -> list[dict[str, object]]:
        """Rows of an InfluxQL query as dictionaries, tags of a series among them."""
        parameters = urlencode({"db": self.database, "epoch": "ns", "q": influxql})
        _, body = self.backend("POST", "/query", parameters.encode())
        result = json.loads(body)["results"][0]
        assert "error" not in result, result
        return [
            {**series.get("tags", {}), **dict(zip(series["columns"], row, strict=True))}
            for series in result.get("series", [])
            for row in series["values"]
        ]


class _StandIn(ThreadingHTTPServer):
    daemon_threads = True
    state: Influx2


class _Handler(BaseHTTPRequestHandler):
    server: _StandIn
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._handle(b"")

    def do_POST(self) -> None:
        self._handle(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _handle(self, body: bytes) -> None:
        split = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(split.query).items()}
        self.server.state.requests.append(f"{self.command} {split.path}")
        fault = self.server.state.faults.popleft() if self.server.state.faults else None
        if fault == "drop":
            self.close_connection = True
            return
        if isinstance(fault, int):
            self._fail(fault, "unavailable", "made to fail")
            return
        if isinstance(fault, float):
            time.sleep(fault)
        routes = {"/api/v2/write": self._write, "/api/v2/delete": self._delete, "/query": self._query}
        if split.path in {"/ping", "/health"}:
            self._answer(204)
        elif split.path not in routes:
            self._fail(404, "not found", "path not found")
        elif self._may(split.path, query):
            routes[split.path](query, body, fault == "half")

    def _may(self, path: str, query: dict[str, str]) -> bool:
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        rights = self.server.state.tokens.get(token) if scheme in {"Token", "Bearer"} else None
        if rights is None:
            self._fail(401, "unauthorized", "unauthorized access")
        elif ("read" if path == "/query" else "write") not in rights:
            self._fail(403, "forbidden", "insufficient permissions for this action")
        elif path != "/query" and query.get("org") != ORG:
            self._fail(404, "not found", f'organization name \\"{query.get("org")}\\" not found')
        elif query.get("db" if path == "/query" else "bucket") != self.server.state.database:
            self._fail(404, "not found", f'bucket \\"{query.get("bucket")}\\" not found')
        else:
            return True
        return False

    def _write(self, query: dict[str, str], body: bytes, half: bool) -> None:
        if not body.strip():
            self._fail(400, "invalid", "writing requires points")
            return
        parameters = urlencode({"db": self.server.state.database, "precision": query.get("precision", "ns")})
        status, answer = self.server.state.backend("POST", f"/write?{parameters}", body)
        if half:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n{")
            self.close_connection = True
        elif status == 204:
            self._answer(204)
        else:
            message = json.loads(answer)["error"].replace("\\", "\\\\").replace('"', '\\"')
            partial = message.startswith("partial write")
            code = 422 if partial else 400
            self._fail(code, "unprocessable entity" if partial else "invalid", message)

    def _delete(self, _: dict[str, str], body: bytes, _half: bool) -> None:
        order = json.loads(body)
        found = re.fullmatch(r'runner="((?:[^"\\]|\\.)*)"', order["predicate"])
        if found is None or not all(re.fullmatch(_RFC3339, order.get(edge, "")) for edge in ("start", "stop")):
            self._fail(400, "invalid", f"invalid request; error parsing request json: {len(body)} bytes")
            return
        runner = found[1].replace('\\"', '"').replace("\\\\", "\\").replace("'", "\\'")
        status, answer = self.server.state.backend(
            "POST",
            "/query",
            urlencode({"db": self.server.state.database, "q": f"DROP SERIES WHERE runner = '{runner}'"}).encode(),
        )
        assert status == 200, answer
        self._answer(204)

    def _query(self, query: dict[str, str], body: bytes, _half: bool) -> None:
        parameters = query | {key: values[0] for key, values in parse_qs(body.decode()).items()}
        status, answer = self.server.state.backend("POST", "/query", urlencode(parameters).encode())
        self._answer(status, answer)

    def _fail(self, status: int, code: str, message: str) -> None:
        self._answer(status, f'{{"code":"{code}","message":"{message}"}}'.encode())

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        if body:
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if self.server.state.retry_after is not None and status >= 400:
            self.send_header("Retry-After", self.server.state.retry_after)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # who was killed waits for no answer
            self.end_headers()
            self.wfile.write(body)


def serve(backend: Server, database: str) -> Iterator[Influx2]:
    """Run the stand-in over a new database of this influxd until the generator is closed."""
    state = Influx2(backend.port, database)
    status, answer = state.backend("POST", "/query", urlencode({"q": f'CREATE DATABASE "{database}"'}).encode())
    assert status == 200, answer
    server = _StandIn((HOST, 0), _Handler)
    server.state = state
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="influx2")
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def influx2(shared_influxd: Server, request: pytest.FixtureRequest) -> Iterator[Influx2]:
    """A stand-in for InfluxDB 2 with an empty bucket of this test's own, over the shared influxd."""
    yield from serve(shared_influxd, f"t{abs(hash(request.node.nodeid)):x}")
