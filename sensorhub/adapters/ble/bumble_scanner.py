"""bumble's central and its advertisements as bleak's scanner has them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.exc import BleakError, BleakGATTProtocolError
from bleak.uuids import normalize_uuid_str
from bumble import att, core
from bumble.core import AdvertisingData
from bumble.device import Advertisement, Device

_UUID_BYTES = {2: 2, 3: 2, 4: 4, 5: 4, 6: 16, 7: 16}  # advertised lists of 16, 32 and 128 bit UUIDs


@contextmanager
def bleak_errors() -> Iterator[None]:
    """Turn what bumble raises into what bleak would."""
    try:
        yield
    except att.ATT_Error as error:
        raise BleakGATTProtocolError(error.error_code) from error
    except (core.TimeoutError, core.CommandTimeoutError) as error:
        raise TimeoutError(str(error)) from error
    except core.BaseBumbleError as error:
        raise BleakError(str(error)) from error


class Central:
    """A bumble central that scanner and clients share; its controller has one pending connection at a time."""

    def __init__(self, device: Any) -> None:
        self.device = device
        self.connecting = asyncio.Lock()
        self.scans = 0


class Details(NamedTuple):
    """What a `BLEDevice` carries for the client."""

    central: Central
    address: Any


class BumbleScanner(BaseBleakScanner):
    """Scans with the shared central; several scans at once are one."""

    def __init__(
        self,
        detection_callback: Any,
        service_uuids: list[str] | None,
        scanning_mode: str = "active",
        *,
        central: Central,
        **_: Any,
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        self._active = scanning_mode == "active"
        self._central = central

    async def start(self) -> None:
        """Begin."""
        self.seen_devices = {}
        if self._central.scans == 0:
            with bleak_errors():
                await self._central.device.start_scanning(active=self._active, filter_duplicates=False)
        self._central.scans += 1
        self._central.device.on(Device.EVENT_ADVERTISEMENT, self._on_advertisement)

    async def stop(self) -> None:
        """End."""
        self._central.device.remove_listener(Device.EVENT_ADVERTISEMENT, self._on_advertisement)
        self._central.scans -= 1
        if self._central.scans == 0:
            with bleak_errors():
                await self._central.device.stop_scanning()

    def _on_advertisement(self, adv: Advertisement) -> None:
        data = advertisement_of(adv)
        if not self.is_allowed_uuid(data.service_uuids):
            return
        address = adv.address.to_string(with_type_qualifier=False)
        details = Details(self._central, adv.address)
        device = self.create_or_update_device(address, address, data.local_name or "", details, data)
        self.call_detection_callbacks(device, data)


def uuid_text(uuid: Any) -> str:
    """Write a UUID of bumble as bleak does."""
    return normalize_uuid_str(uuid.to_hex_str("-"))


def advertisement_of(adv: Any) -> AdvertisementData:
    """Translate bumble's advertisement to bleak's: the name, and what profiles know their sensors by."""
    name: str | None = None
    manufacturer: dict[int, bytes] = {}
    uuids: list[str] = []
    kinds = AdvertisingData.Type
    for raw_kind, value in adv.data.ad_structures:
        kind = int(raw_kind)
        if kind == kinds.COMPLETE_LOCAL_NAME or (kind == kinds.SHORTENED_LOCAL_NAME and name is None):
            name = value.decode(errors="replace")
        elif kind == kinds.MANUFACTURER_SPECIFIC_DATA:
            manufacturer[int.from_bytes(value[:2], "little")] = value[2:]
        elif kind in _UUID_BYTES:
            size = _UUID_BYTES[kind]
            uuids += [uuid_text(core.UUID.from_bytes(value[at : at + size])) for at in range(0, len(value), size)]
    return AdvertisementData(name, manufacturer, {}, list(dict.fromkeys(uuids)), None, adv.rssi, (adv,))
