"""What is read of a sensor before it is looked for."""

import pytest

from sensorhub.app.worn_sensor import WornSensor
from sensorhub.config import HubSettings, SensorSettings, Settings
from sensorhub.model.errors import UsageError


def test_a_name_that_no_topic_can_hold_is_refused_before_anything_is_measured(tmp_path):
    settings = Settings(hub=HubSettings(data_dir=str(tmp_path)))
    with pytest.raises(UsageError, match=r"sensor 'clip/7' holds '/'"):
        WornSensor.load(settings, SensorSettings(name="clip/7", runner="ada"))
