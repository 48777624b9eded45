"""bumble's advertisements as bleak's."""

from typing import Any

from bleak.backends.scanner import AdvertisementData
from bleak.uuids import normalize_uuid_str
from bumble import core
from bumble.core import AdvertisingData

_UUID_BYTES = {2: 2, 3: 2, 4: 4, 5: 4, 6: 16, 7: 16}  # advertised lists of 16, 32 and 128 bit UUIDs
_SERVICE_DATA_UUID_BYTES = {0x16: 2, 0x20: 4, 0x21: 16}


def uuid_text(uuid: Any) -> str:
    """Write a UUID of bumble as bleak does."""
    return normalize_uuid_str(uuid.to_hex_str("-"))


def advertisement_of(adv: Any) -> AdvertisementData:
    """Translate bumble's advertisement to bleak's."""
    name: str | None = None
    tx_power: int | None = None
    manufacturer: dict[int, bytes] = {}
    service_data: dict[str, bytes] = {}
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
        elif kind in _SERVICE_DATA_UUID_BYTES:
            size = _SERVICE_DATA_UUID_BYTES[kind]
            service_data[uuid_text(core.UUID.from_bytes(value[:size]))] = value[size:]
        elif kind == kinds.TX_POWER_LEVEL:
            tx_power = int.from_bytes(value[:1], "little", signed=True)
    return AdvertisementData(name, manufacturer, service_data, list(dict.fromkeys(uuids)), tx_power, adv.rssi, (adv,))
