"""deploy/: its lint, its broker under attack, and its broker doing what it is there for."""

import contextlib
import copy
import subprocess
from dataclasses import replace

import pytest

from deploy.checks import compose, files
from deploy.checks.broker import DEPLOY, run_script, shipped_broker
from deploy.checks.cross_tenant import tries
from sensorhub.adapters.influx import InfluxSink
from sensorhub.adapters.mqtt.sender import Sender
from sensorhub.adapters.mqtt.writer import Writer, WriterParams
from sensorhub.adapters.sqlite.hub_store import HubStore
from sensorhub.adapters.sqlite.keeper import Keeper
from sensorhub.adapters.sqlite.refused_book import SqliteRefusedBook
from sensorhub.config import MqttSettings
from sensorhub.formats.influx_line import line_of_json
from tests.support.delivery import QUICK, KeeperSink, ignore, wait_until
from tests.support.files import secret
from tests.support.servers import find_program
from tests.support.strides import SESSION, stride

pytestmark = pytest.mark.integration


@pytest.fixture
def broker():
    for program in ("mosquitto", "mosquitto_passwd", "openssl"):
        find_program(program)
    with shipped_broker() as running:
        yield running


def test_nothing_in_deploy_breaks_its_rules():
    assert list(compose.complaints(compose.load())) == []
    assert list(files.complaints()) == []


@pytest.mark.parametrize(
    ("service", "key", "value", "said"),
    [
        ("grafana", "image", "grafana/grafana:latest", "not pinned"),
        ("grafana", "healthcheck", None, "no healthcheck"),
        ("influxdb", "cap_drop", [], "keeps rights"),
        ("hub", "privileged", True, "privileged"),
        ("writer", "user", "root", "who owns its secrets"),
        ("mosquitto", "ports", ["1883:1883"], "one of those that speak TLS"),
        ("influxdb", "environment", {"DOCKER_INFLUXDB_INIT_PASSWORD": "secret"}, "must come from a file"),
        ("mosquitto", "volumes", ["./mosquitto:/mosquitto/conf"], "so that it can be changed"),
        ("mosquitto", "volumes", ["./nowhere:/mosquitto/conf:ro"], "not there"),
        ("writer", "mem_limit", None, "all memory"),
        ("writer", "secrets", ["unheard"], "not declared"),
    ],
)
def test_a_fault_in_compose_is_found(service, key, value, said):
    broken = copy.deepcopy(compose.load())
    broken["services"][service][key] = value
    if value is None:
        del broken["services"][service][key]
    assert any(said in complaint for complaint in compose.complaints(broken))


@pytest.mark.server
def test_fifty_tries_to_reach_across_tenants_are_refused(broker):
    made = list(tries(broker))
    assert len(made) >= 50
    assert [each for each in made if not each.refused] == []
    publishing = [each.said for each in made if each.what.startswith("publish")]
    assert set(publishing) == {"Not authorized"}


def settings_of(broker, user):
    return MqttSettings(
        port=broker.port,
        username=user,
        password_file=str(broker.state / "secrets" / "mqtt" / user),
        ca_file=broker.ca,
    )


@pytest.mark.server
def test_each_team_gets_all_its_strides_and_none_of_the_others(broker, tmp_path, influx2):
    with contextlib.ExitStack() as stack:
        stores = {}
        for hub in ("pi", "gym"):
            store = stack.enter_context(HubStore.open(tmp_path / f"{hub}.sqlite", QUICK, stored_by=["influx"]))
            stack.enter_context(Sender(store.outbox, hub, settings_of(broker, hub), ignore, QUICK))
            stores[hub] = store
        book = stack.enter_context(contextlib.closing(SqliteRefusedBook(tmp_path / "refused.sqlite")))
        params = WriterParams(group="influx")
        sink = stack.enter_context(InfluxSink(influx2.settings(tmp_path)))
        stack.enter_context(Writer(settings_of(broker, "writer-club"), sink, line_of_json, book, ignore, params))
        rival = stack.enter_context(Keeper.open(tmp_path / "rival.sqlite"))
        stack.enter_context(
            Writer(settings_of(broker, "writer-rivals"), KeeperSink(rival), bytes.decode, book, ignore, params)
        )
        for hub, store in stores.items():
            store.put_many([(stride(number), replace(SESSION, hub=hub, runner=hub)) for number in range(100)])
        wait_until(lambda: all(store.status().unconfirmed == 0 for store in stores.values()))
        assert rival.count() == 100
        rows = influx2.query('SELECT count("quality") FROM "stride" GROUP BY "runner"')
        assert [(row["runner"], row["count"]) for row in rows] == [("pi", 100)]


def test_every_file_that_compose_mounts_is_made_or_shipped():
    scripts = "".join((DEPLOY / name).read_text() for name in ("up", "add-hub", "add-team", "make-certificates"))
    made = ("certificates", "mosquitto", "writers", "hub.toml", "secrets")
    for service in compose.load()["services"].values():
        for volume in service.get("volumes", []):
            source = str(volume).split(":")[0]
            if source.startswith("./state/data/"):
                assert source.rsplit("/", maxsplit=1)[-1] in scripts
            elif source.startswith("./state/"):
                assert source.split("/")[2] in made


@pytest.mark.server
def test_no_password_or_token_is_told_by_anybody(broker, tmp_path, influx2, caplog):
    caplog.set_level("DEBUG")
    said = []
    wrong = secret(tmp_path / "wrong", "canary-password")
    database = influx2.settings(tmp_path, "canary-token")
    right = settings_of(broker, "writer-club")
    stranger = MqttSettings(port=broker.port, username="pi", password_file=wrong, ca_file=broker.ca)
    with (
        contextlib.closing(SqliteRefusedBook(tmp_path / "refused.sqlite")) as book,
        HubStore.open(tmp_path / "hub.sqlite", QUICK, stored_by=["influx"]) as store,
        InfluxSink(database) as sink,
        Sender(store.outbox, "pi", stranger, said.append, QUICK),
        Sender(store.outbox, "pi", settings_of(broker, "pi"), said.append, QUICK),
        Writer(right, sink, line_of_json, book, said.append, WriterParams(group="influx")),
    ):
        store.put(stride(1), replace(SESSION, hub="pi"))
        wait_until(lambda: any("refuses the token" in status.detail for status in said))
        wait_until(lambda: any("Not authorized" in status.detail for status in said))
    told = f"{said} {caplog.text} {broker.log.read_text()} {right!r} {database!r}"
    secrets = ["canary-token", "canary-password", broker.password("pi"), broker.password("writer-club")]
    assert [secret for secret in secrets if secret in told] == []


@pytest.mark.server
@pytest.mark.parametrize("name", ["../x", "a b", "+", "#", "a/b", "writer-club", "command", "", "-x", "a\nb", "x" * 64])
def test_a_name_that_would_reach_further_is_refused(tmp_path, name):
    find_program("mosquitto_passwd")
    with pytest.raises(subprocess.CalledProcessError) as refused:
        run_script("add-hub", tmp_path, name)
    assert refused.value.returncode == 2
    assert refused.value.stderr.startswith("add-hub: ")
    assert not (tmp_path / "mosquitto" / "acl").exists()


@pytest.mark.server
def test_adding_a_hub_again_changes_nothing_and_no_hub_is_in_two_teams(tmp_path):
    find_program("mosquitto_passwd")
    run_script("add-hub", tmp_path, "pi", "club")
    run_script("add-hub", tmp_path, "pi2", "club")
    secret = (tmp_path / "secrets" / "mqtt" / "pi").read_text()
    acl = (tmp_path / "mosquitto" / "acl").read_text()
    run_script("add-hub", tmp_path, "pi", "club")
    assert (tmp_path / "secrets" / "mqtt" / "pi").read_text() == secret
    assert (tmp_path / "mosquitto" / "acl").read_text() == acl
    users = [line.split(":")[0] for line in (tmp_path / "mosquitto" / "passwords").read_text().splitlines()]
    assert sorted(users) == ["pi", "pi2", "writer-club"]
    with pytest.raises(subprocess.CalledProcessError, match="add-hub"):
        run_script("add-hub", tmp_path, "pi", "rivals")
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path for path in made if path.stat().st_mode & 0o077] == []
