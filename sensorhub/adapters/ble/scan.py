"""Looking for sensors: one scan at a time, shared by all who search."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from sensorhub.adapters.ble.backend import Radio
from sensorhub.adapters.ble.reasons import RADIO_ERRORS, radio_problem
from sensorhub.model.errors import SensorhubError
from sensorhub.protocol.match import matches, profile_of
from sensorhub.protocol.profile import Profile


@dataclass(frozen=True, slots=True)
class FoundSensor:
    """A device that advertises. profile: the name of the profile it fits, or None."""

    name: str | None
    address: str
    rssi_dbm: int
    profile: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sensor: one that fits the profile and, where `identity` is given, has this name or address."""

    profile: Profile
    identity: str | None = None

    def fits(self, device: BLEDevice, adv: AdvertisementData) -> bool:
        """Tell whether this is the one."""
        name = adv.local_name or device.name
        if self.identity is not None:
            return self.identity.lower() in ((name or "").lower(), device.address.lower())
        return matches(self.profile.match, name, adv.service_uuids, adv.manufacturer_data)


@dataclass(eq=False, slots=True)
class _Search:
    """Someone who waits for a sensor."""

    wanted: Wanted
    found: "asyncio.Future[tuple[BLEDevice, int]]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class SensorFinder:
    """Scans while anyone searches. Devices are connected to as found, never by address."""

    def __init__(self, radio: Radio, rescan_s: float = 30.0) -> None:
        self._rescan_s = rescan_s
        self.radio = radio
        self._searches: list[_Search] = []
        self._scanner: BleakScanner | None = None
        self._switching = asyncio.Lock()

    async def find(self, wanted: Wanted) -> tuple[BLEDevice, int]:
        """Wait until the sensor advertises; give it with its signal strength, dBm."""
        search = _Search(wanted)
        self._searches.append(search)
        try:
            await self._switch()
            while True:
                done, _ = await asyncio.wait({search.found}, timeout=self._rescan_s)
                if done:
                    return search.found.result()
                await self._restart()
        finally:
            self._searches.remove(search)
            await self._switch()

    async def _restart(self) -> None:
        """Scan anew: a scan that BlueZ has lost (an adapter unplugged, a daemon restarted) says nothing of it."""
        async with self._switching:
            scanner, self._scanner = self._scanner, None
            if scanner is not None:
                await scanner.stop()
        await self._switch()

    async def _switch(self) -> None:
        """Start or stop the scan, as someone searches or nobody does."""
        async with self._switching:
            if self._searches and self._scanner is None:
                scanner = self.radio.scanner(self._detected)
                await scanner.start()
                self._scanner = scanner
            elif not self._searches and self._scanner is not None:
                scanner, self._scanner = self._scanner, None
                await scanner.stop()

    def _detected(self, device: BLEDevice, adv: AdvertisementData) -> None:
        for search in self._searches:
            if not search.found.done() and search.wanted.fits(device, adv):
                search.found.set_result((device, adv.rssi))


async def scan(radio: Radio, profiles: Sequence[Profile], seconds: float) -> list[FoundSensor]:
    """List what advertises within `seconds`: known sensors first, strongest first. Raises SensorhubError."""
    found: dict[str, FoundSensor] = {}

    def detected(device: BLEDevice, adv: AdvertisementData) -> None:
        name = adv.local_name or device.name
        profile = profile_of(profiles, name, adv.service_uuids, adv.manufacturer_data)
        found[device.address] = FoundSensor(name, device.address, adv.rssi, profile.name if profile else None)

    try:
        async with _scanning(radio.scanner(detected)):
            await asyncio.sleep(seconds)
    except RADIO_ERRORS as error:
        raise SensorhubError(f"cannot scan: {radio_problem(error)}") from error
    return sorted(found.values(), key=lambda sensor: (sensor.profile is None, -sensor.rssi_dbm, sensor.address))


@asynccontextmanager
async def _scanning(scanner: BleakScanner) -> AsyncIterator[None]:
    await scanner.start()
    try:
        yield
    finally:
        await scanner.stop()
