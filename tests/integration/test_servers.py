"""The servers that other tests stand on start, are killed, come back on the same port and stop."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import servers

pytestmark = [pytest.mark.integration, pytest.mark.server]


@pytest.mark.parametrize("kind", [servers.mosquitto, servers.influxd, servers.victoria_metrics])
def test_a_killed_server_comes_back_on_its_port(kind: Callable[[Path], servers.Server], tmp_path: Path) -> None:
    server = kind(tmp_path / "server")
    server.start()
    first_pid = server.pid
    server.kill()
    assert not servers.answers_tcp(server.port)
    server.start()
    assert server.pid != first_pid
    assert servers.answers_tcp(server.port)
    pid = server.pid
    server.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    server = servers.mosquitto(tmp_path / "server", conf="no_such_setting true\n")
    with pytest.raises(AssertionError, match="no_such_setting"):
        server.start()


def test_an_absent_server_fails_where_servers_are_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENSORHUB_REQUIRE_SERVERS", "1")
    with pytest.raises(pytest.fail.Exception, match="no-such-server"):
        servers.find_program("no-such-server")
    monkeypatch.delenv("SENSORHUB_REQUIRE_SERVERS")
    with pytest.raises(pytest.skip.Exception, match="no-such-server"):
        servers.find_program("no-such-server")
