"""What the doctor looks at, as the settings say."""

import socket

from sensorhub.adapters.checkup import Verdict
from sensorhub.app.doctor import broker_is_needed, check_broker, checks, finding_of
from sensorhub.config import HubSettings, InfluxSettings, MqttSettings, SensorSettings, Settings

DATABASE = InfluxSettings(token_file="secrets/influx")  # noqa: S106 - a path


def test_a_machine_that_only_writes_needs_neither_bluetooth_nor_a_page() -> None:
    asked = checks(Settings(influx=DATABASE))
    for name in ("bluetooth", "page"):
        finding = asked[name]()
        assert finding.verdict is Verdict.OK
        assert "not needed for writing" in finding.found


def test_a_hub_that_writes_too_needs_both() -> None:
    hub = Settings(sensor=(SensorSettings(name="SH-0001", runner="ada"),), influx=DATABASE)
    assert set(checks(hub)) == {"python", "bluetooth", "broker", "store", "page", "database"}
    assert "not needed" not in checks(hub)["bluetooth"]().found


def test_a_broker_is_needed_where_somebody_counts_on_it() -> None:
    for alone in (
        Settings(),
        Settings(mqtt=MqttSettings(enabled=False)),
        Settings(hub=HubSettings(stored_by=("keeper",))),
    ):
        assert not broker_is_needed(alone)
    for counting in (
        Settings(hub=HubSettings(stored_by=("influx",))),
        Settings(mqtt=MqttSettings(host="broker.club.example", ca_file="ca.pem")),
        Settings(influx=DATABASE),
    ):
        assert broker_is_needed(counting)


def test_a_secret_that_cannot_be_used_is_a_finding_not_the_end() -> None:
    settings = Settings(influx=InfluxSettings(token_file="nowhere/token"))  # noqa: S106 - a path
    finding = finding_of("database", checks(settings)["database"])
    assert (finding.verdict, "nowhere/token" in str(finding.remedy)) == (Verdict.FAILED, True)


def test_no_broker_and_something_else_on_its_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    gone = check_broker(MqttSettings(port=port))
    assert (gone.verdict, "mosquitto" in str(gone.remedy)) == (Verdict.FAILED, True)
    assert check_broker(MqttSettings(port=port), needed=False).verdict is Verdict.OK
    assert "not used" in checks(Settings(mqtt=MqttSettings(port=port, enabled=False)))["broker"]().found
