"""`sensorhub calibrate` with a sensor on the air, in the time that it takes to stand and to jog."""

import asyncio
from pathlib import Path

import pytest

from sensorhub.app.calibrate import calibrate_live, keep
from sensorhub.app.worn_sensor import WornSensor
from sensorhub.config import HubSettings, SensorSettings, Settings
from sensorhub.synthetic.runner import synthesise_run
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams
from tests.support.files import recording
from tests.support.virtual_sensor import virtual_sensor


@pytest.mark.timeout(120)
def test_standing_then_jogging_is_all_it_takes(tmp_path: Path) -> None:
    made = synthesise_run(RunnerParams(seed=5, bouts=(Bout(Pace.STAND, 10.0), Bout(Pace.RUN, 40.0))))
    path = recording(tmp_path / "run.csv", made.block)
    worn = SensorSettings(name="SH-0001", runner="ada")
    said: list[str] = []

    async def calibrate() -> Settings:
        async with virtual_sensor("--input", str(path)) as sensor:
            settings = Settings(hub=HubSettings(data_dir=str(tmp_path / "data"), radio=sensor.radio))
            keep(settings, worn.name, await calibrate_live(settings, worn, said.append))
            return settings

    assert WornSensor.load(asyncio.run(calibrate()), worn).alignment is not None
    assert any("Now jog" in line for line in said)
