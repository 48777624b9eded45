"""A sensor of the settings with all that belongs to it: its profile, its calibration, its place on the air."""

from dataclasses import dataclass
from typing import Self

from sensorhub.adapters.alignments import AlignmentShelf
from sensorhub.adapters.ble.scan import SensorFinder, Wanted
from sensorhub.adapters.ble.source import BleParams, BleSource
from sensorhub.adapters.profiles import load_profile
from sensorhub.config import SensorSettings, Settings
from sensorhub.model.alignment import Alignment
from sensorhub.pipeline.topics import check_level
from sensorhub.protocol.profile import Profile


@dataclass(frozen=True, slots=True)
class WornSensor:
    """What the settings say of a sensor, and its profile. alignment: None where it was never calibrated."""

    settings: SensorSettings
    profile: Profile
    alignment: Alignment | None

    @classmethod
    def load(cls, settings: Settings, sensor: SensorSettings) -> Self:
        """Read what belongs to a sensor. Raises InputError or UsageError."""
        name = check_level(sensor.name, "sensor")
        return cls(sensor, load_profile(sensor.profile), alignment_shelf(settings).load(name))

    def source(self, finder: SensorFinder) -> BleSource:
        """Its frames, set up as the settings say."""
        radio = BleParams(start_notify=self.settings.start_notify)
        return BleSource(finder, Wanted(self.profile, self.settings.name), self.settings.settings, radio)


def alignment_shelf(settings: Settings) -> AlignmentShelf:
    """Where this hub keeps its clips' alignments."""
    return AlignmentShelf(settings.hub.folder / "alignments")
