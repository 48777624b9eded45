"""Push and check against a fake Grafana that answers as 11, 12 and 13 do."""

import json

import pytest
from typer.testing import CliRunner

from sensorhub.adapters.grafana import DATASOURCE_UID, FOLDER_UID
from sensorhub.cli.dashboards import dashboards
from sensorhub.model.errors import SensorhubError, UsageError
from tests.support.files import secret
from tests.support.grafana import fake_grafana

VERSIONS = ["11.6.0", "12.4.2", "13.1.0"]
UIDS = {"sensorhub-runner", "sensorhub-coach", "sensorhub-drills", "sensorhub-hub-health"}


@pytest.fixture(params=VERSIONS)
def grafana(request):
    with fake_grafana(request.param) as state:
        yield state


@pytest.fixture
def eleven():
    with fake_grafana() as state:
        yield state


@pytest.fixture
def config(tmp_path):
    return tmp_path / "sensorhub.toml"


def write_config(config, grafana, who="admin-token"):
    token = secret(config.parent / "token", who)
    read_token = secret(config.parent / "read", "canary-read-token")
    config.write_text(
        f'[grafana]\nurl = "{grafana.url}"\ntoken_file = "{token}"\ninflux_read_token_file = "{read_token}"\n'
    )


def run(config, *words):
    return CliRunner().invoke(dashboards, [*words, "--config", str(config)], catch_exceptions=False)


def actions(result):
    return {entry["uid"]: entry["action"] for entry in map(json.loads, result.stdout.splitlines())}


def test_the_first_push_makes_all_and_the_second_keeps_it(grafana, config):
    write_config(config, grafana)
    assert set(actions(run(config, "push", "--json")).values()) == {"create"}
    assert set(grafana.boards) == UIDS
    assert grafana.sources[DATASOURCE_UID]["secureJsonData"] == {"httpHeaderValue1": "Token canary-read-token"}
    again = actions(run(config, "push", "--json"))
    assert again.pop(DATASOURCE_UID) == "update"
    assert set(again.values()) == {"keep"}
    assert not [request for request in grafana.requests if request.startswith("PUT /api/datasources/1")]
    assert run(config, "check").exit_code == 0


def test_a_dry_run_and_a_check_change_nothing(grafana, config):
    write_config(config, grafana)
    assert set(actions(run(config, "push", "--dry-run", "--json")).values()) == {"create"}
    assert run(config, "check").exit_code == 1
    assert (grafana.boards, grafana.sources, grafana.folders) == ({}, {}, {})
    assert {request.split()[0] for request in grafana.requests} == {"GET"}


def test_a_dashboard_that_somebody_changed_is_told_and_put_right(grafana, config):
    write_config(config, grafana)
    run(config, "push")
    grafana.boards["sensorhub-coach"]["dashboard"]["panels"][0]["title"] = "mine"
    grafana.boards["sensorhub-drills"]["folderUid"] = "elsewhere"
    found = run(config, "check", "--json")
    assert found.exit_code == 1
    changed = {uid for uid, action in actions(found).items() if action != "keep"}
    assert changed == {"sensorhub-coach", "sensorhub-drills"}
    run(config, "push")
    assert grafana.boards["sensorhub-coach"]["dashboard"]["panels"][0]["title"] != "mine"
    assert grafana.boards["sensorhub-drills"]["folderUid"] == FOLDER_UID
    assert run(config, "check").exit_code == 0


def test_a_data_source_that_points_elsewhere_is_told_and_put_right(grafana, config):
    write_config(config, grafana)
    run(config, "push")
    grafana.sources[DATASOURCE_UID]["url"] = "http://elsewhere:8086"
    assert actions(run(config, "check", "--json"))[DATASOURCE_UID] == "update"
    run(config, "push")
    assert grafana.sources[DATASOURCE_UID]["url"] == "http://127.0.0.1:8086"


def test_the_data_source_can_be_left_alone(eleven, config):
    write_config(config, eleven)
    run(config, "push", "--no-datasource")
    assert eleven.sources == {}
    assert set(eleven.boards) == UIDS


@pytest.mark.parametrize(("who", "said"), [("stranger", "Unauthorized"), ("viewer-token", "permissions")])
def test_a_token_that_may_not_is_told_what_it_needs(eleven, config, who, said):
    write_config(config, eleven, who)
    with pytest.raises(SensorhubError, match="role Editor") as error:
        run(config, "push")
    assert who not in str(error.value)
    assert "\n" not in str(error.value)
    assert said in str(error.value)


def test_provisioned_dashboards_are_told_apart(eleven, config):
    write_config(config, eleven)
    eleven.provisioned.add("sensorhub-coach")
    with pytest.raises(SensorhubError, match="provisioning files"):
        run(config, "push")


@pytest.mark.parametrize("page", [b"<html>no message for you</html>", b"", b"[]"])
def test_a_page_that_is_no_grafana_is_one_line(eleven, config, page):
    write_config(config, eleven)
    eleven.broken_page = page
    with pytest.raises(SensorhubError, match="Grafana at") as error:
        run(config, "push")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("version", ["10.4.1", "14.0.0", ""])
def test_other_versions_are_refused_before_anything_is_changed(config, version):
    with fake_grafana(version) as grafana:
        write_config(config, grafana)
        with pytest.raises(SensorhubError, match="11 to 13 fit"):
            run(config, "push")
        assert grafana.requests == ["GET /api/health"]


def test_nobody_there_is_one_line(config, eleven):
    write_config(config, eleven)
    config.write_text(config.read_text().replace(eleven.url, "http://127.0.0.1:9"))
    with pytest.raises(SensorhubError, match=r"http://127\.0\.0\.1:9 cannot be reached: Connection refused"):
        run(config, "push")


def test_clear_text_off_loopback_and_a_missing_token_are_refused(config, tmp_path):
    config.write_text('[grafana]\nurl = "http://grafana.club:3000"\n')
    with pytest.raises(UsageError, match="clear text"):
        run(config, "push", "--no-datasource")
    config.write_text("")
    with pytest.raises(UsageError, match=r"grafana\.token_file"):
        run(config, "push", "--no-datasource")
    assert tmp_path.exists()


def test_a_folder_without_dashboards_is_an_input_that_cannot_be_read(eleven, config, tmp_path):
    write_config(config, eleven)
    (tmp_path / "broken.json").write_text("{}")
    with pytest.raises(SensorhubError, match=r"broken\.json is no dashboard") as error:
        run(config, "push", "--from", str(tmp_path))
    assert error.value.exit_code == 3
