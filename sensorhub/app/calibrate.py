"""`sensorhub calibrate`: stand, then jog, and the clip's alignment is kept."""

import time
from collections.abc import Callable, Iterable
from contextlib import aclosing
from pathlib import Path

from sensorhub.adapters.ble.backend import open_radio
from sensorhub.adapters.ble.scan import SensorFinder
from sensorhub.adapters.ble.source import BleSource
from sensorhub.adapters.profiles import load_profile
from sensorhub.app.stopping import run_until_stopped
from sensorhub.app.worn_sensor import WornSensor, alignment_shelf
from sensorhub.config import SensorSettings, Settings
from sensorhub.model.errors import SensorhubError
from sensorhub.model.frames import LinkReport
from sensorhub.model.samples import SampleBlock
from sensorhub.pipeline.calibration import Calibration
from sensorhub.pipeline.decoder import SensorDecoder

LONGEST_S = 120.0

Say = Callable[[str], None]


def calibrate_from(blocks: Iterable[SampleBlock]) -> Calibration:
    """Calibrate from a recording of standing and jogging."""
    calibration = Calibration()
    for block in blocks:
        calibration.feed(block)
    calibration.finish()
    return calibration


async def calibrate_live(settings: Settings, sensor: SensorSettings, say: Say) -> Calibration:
    """Guide through it with the sensor itself; ends when the alignment is sure, or after LONGEST_S."""
    calibration = Calibration()
    radio = await open_radio(settings.hub.radio)
    worn = WornSensor(sensor, load_profile(sensor.profile), alignment=None)
    try:
        await run_until_stopped(_take(worn, worn.source(SensorFinder(radio)), calibration, say), LONGEST_S)
    finally:
        await radio.aclose()
    return calibration


async def _take(worn: WornSensor, source: BleSource, calibration: Calibration, say: Say) -> None:
    decoder = SensorDecoder(worn.profile, worn.settings.settings, time.monotonic_ns())
    say("Stand quietly for five seconds.")
    async with aclosing(source.frames()) as frames:
        async for item in frames:
            if isinstance(item, LinkReport):
                say(f"{worn.settings.name}: {item.detail or item.state.value}")
                continue
            stood_before = calibration.stood
            for block in decoder.feed(item).blocks:
                calibration.feed(block)
            if calibration.stood and not stood_before:
                say("Good. Now jog for twenty seconds, straight ahead or on a treadmill.")
            if calibration.alignment is not None:
                return


def keep(settings: Settings, sensor: str, calibration: Calibration) -> Path:
    """Keep what a calibration found. Raises SensorhubError where it found too little, and says what was missing."""
    if calibration.alignment is None:
        missing = "jogging straight ahead for twenty seconds" if calibration.stood else "five seconds of quiet standing"
        raise SensorhubError(f"{sensor}: not calibrated, {missing} was not seen. Nothing was changed; try again.")
    return alignment_shelf(settings).save(sensor, calibration.alignment)
