"""A WitMotion WT9011DCL: streams from the moment it is subscribed to, without time, counter or checksum."""

import struct

from sensorhub.adapters.virtual_sensor.firmware import Answer, GattCharacteristic
from sensorhub.adapters.virtual_sensor.sampler import Chunk, Scales
from sensorhub.model.units import GRAVITY_MPS2, RAD_PER_DEG

SERVICE = "0000ffe5-0000-1000-8000-00805f9a34fb"
NOTIFY = "0000ffe4-0000-1000-8000-00805f9a34fb"
WRITE = "0000ffe9-0000-1000-8000-00805f9a34fb"

SCALES = Scales(16.0 / 32768 * GRAVITY_MPS2, 2000.0 / 32768 * RAD_PER_DEG)

_RATE_HZ = {3: 1, 5: 5, 6: 10, 7: 20, 8: 50, 9: 100, 11: 200}
_FACTORY_RATE_HZ = 10
_UNLOCK = bytes.fromhex("FFAA6988B5")
_BATTERY_CENTIVOLTS = 397


class WitMotionFirmware:
    """One WitMotion sensor. rate_hz: of the motion chip; slower output rates leave samples out."""

    service = SERVICE
    advertise_service = False
    data = NOTIFY
    characteristics = (
        GattCharacteristic(NOTIFY, ("NOTIFY",)),
        GattCharacteristic(WRITE, ("WRITE", "WRITE_WITHOUT_RESPONSE")),
    )

    def __init__(self, rate_hz: float) -> None:
        self._chip_hz = rate_hz
        self.rebooted()

    def rebooted(self) -> None:
        """Begin as after power-on: nothing was saved."""
        self.streaming = False
        self._unlocked = False
        self._output_hz = _FACTORY_RATE_HZ

    def disconnected(self) -> None:
        """Go on with the rate it has, to nobody."""
        self.streaming = False

    def subscribed(self, uuid: str) -> None:
        """Stream."""
        self.streaming = self.streaming or uuid == NOTIFY

    def packet_samples(self) -> int:
        """Above 50 Hz four frames share a notification."""
        return 4 if self._output_hz > 50 else 1

    def read(self, uuid: str) -> bytes:
        """Refuse: nothing can be read."""
        raise KeyError(uuid)

    def written(self, uuid: str, payload: bytes, mtu: int, device_us: int) -> list[Answer]:
        """Take a five-byte command; registers change only after the unlock."""
        del mtu, device_us
        if uuid != WRITE or len(payload) != 5 or payload[:2] != b"\xff\xaa":
            return []
        if payload == _UNLOCK:
            self._unlocked = True
        elif payload[2] == 0x27:
            return [Answer(NOTIFY, self._register(payload[3]))]
        elif payload[2] == 0x03 and self._unlocked:
            self._output_hz = _RATE_HZ.get(payload[3], self._output_hz)
        return []

    def packet(self, chunk: Chunk, first_us: int, spacing_us: float) -> bytes:
        """Build the frames of a chunk; none where the output rate leaves all its samples out."""
        del first_us, spacing_us
        every = max(1, round(self._chip_hz / self._output_hz))
        return b"".join(
            struct.pack("<BB6h3h", 0x55, 0x61, *(int(code) for code in codes), 0, 0, 0)
            for place, codes in enumerate(chunk.codes)
            if (chunk.index + place) % every == 0
        )

    def _register(self, number: int) -> bytes:
        value = _BATTERY_CENTIVOLTS if number == 0x64 else 0
        return struct.pack("<BBBBH14x", 0x55, 0x71, number, 0, value)
