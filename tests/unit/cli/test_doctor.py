"""What the doctor looks at, as the settings say."""

from sensorhub.adapters.checkup import Verdict
from sensorhub.cli.doctor import checks
from sensorhub.config import InfluxSettings, SensorSettings, Settings

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
