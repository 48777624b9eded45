"""The project's own firmware, written from its protocol (docs/devices.md) and not from the hub's decoder."""

import binascii
import random
import struct
from collections.abc import Callable

from sensorhub.adapters.virtual_sensor.firmware import Answer, GattCharacteristic
from sensorhub.adapters.virtual_sensor.sampler import Chunk, Scales

SERVICE = "86ea0001-1db5-4cef-9b2f-33a26d9f70a6"
INFO = "86ea0002-1db5-4cef-9b2f-33a26d9f70a6"
CONTROL = "86ea0003-1db5-4cef-9b2f-33a26d9f70a6"
DATA = "86ea0004-1db5-4cef-9b2f-33a26d9f70a6"

OK, UNKNOWN_OP, BAD_LENGTH, BAD_VALUE, BAD_STATE, BAD_MTU = 0, 1, 2, 3, 4, 5

_RATE_BITS = {25: 0, 50: 1, 52: 2, 100: 3, 104: 4, 200: 5, 208: 6, 400: 7, 416: 8}
_HEADER_AND_CRC, _SAMPLE_BYTES, _ATT_BYTES, _MAX_SAMPLES = 18, 12, 3, 18
_VERSION_MOTION, _FLAG_ACC_CLIPPED, _FLAG_GYR_CLIPPED, _FLAG_OVERRUN = 0x11, 2, 4, 8
_BATTERY_PERCENT, _BATTERY_MV, _TEMPERATURE_X100 = 87, 3950, 3050
_CAPS_ACC_GYRO_SYNC = 0x13


class NativeFirmware:
    """One native sensor. device_id: its serial. rate_hz: the rate at which its motion chip really runs."""

    service = SERVICE
    advertise_service = True
    data = DATA
    characteristics = (
        GattCharacteristic(INFO, ("READ",)),
        GattCharacteristic(CONTROL, ("WRITE", "NOTIFY")),
        GattCharacteristic(DATA, ("NOTIFY",)),
    )

    def __init__(self, device_id: int, rate_hz: float, scales: Scales, chance: random.Random) -> None:
        self._device_id = device_id
        self._odr_mhz = round(rate_hz * 1000)
        self._scales = scales
        self._chance = chance
        self._commands: dict[int, tuple[int, Callable[[bytes, int, int], tuple[int, bytes]]]] = {
            0x01: (0, self._hello),
            0x02: (7, self._config),
            0x03: (5, self._start),
            0x04: (0, self._stop),
            0x05: (8, self._time_sync),
            0x06: (0, self._status),
            0x07: (1, lambda _args, _mtu, _us: (OK, b"")),
            0x08: (8, lambda _args, _mtu, _us: (OK, b"")),
            0x09: (3, lambda _args, _mtu, _us: (OK, b"")),
        }
        self.rebooted()

    def rebooted(self) -> None:
        """Begin as after power-on, with another epoch."""
        self._epoch_id = self._chance.randrange(1 << 16)
        self.streaming = False
        self._packet_samples = max(1, round(self._odr_mhz / 1000 * 0.05))
        self._limit = _MAX_SAMPLES
        self._seq = 0
        self._first_index: int | None = None
        self._next_index = 0
        self._dropped = 0

    def disconnected(self) -> None:
        """Stop: nobody listens."""
        self.streaming = False

    def subscribed(self, uuid: str) -> None:
        """Wait for START all the same."""

    def packet_samples(self) -> int:
        """Count the samples of a packet: as configured, as far as the MTU allows."""
        return min(self._packet_samples, self._limit)

    def read(self, uuid: str) -> bytes:
        """Give INFO."""
        if uuid != INFO:
            raise KeyError(uuid)
        rates = sum(1 << bit for rate, bit in _RATE_BITS.items() if abs(rate - self._odr_mhz / 1000) < 1)
        info = struct.pack(
            "<BBHffHHIHH3bBHH8s16s",
            1, _CAPS_ACC_GYRO_SYNC, 416, self._scales.acc_mps2, self._scales.gyr_radps, 16, 2000, self._odr_mhz,
            100, 65, 1, 2, 3, self._limit, rates, 0, self._device_id.to_bytes(8, "little"), b"shn-virtual",
        )  # fmt: skip
        return info + struct.pack("<H", binascii.crc_hqx(info, 0xFFFF))

    def written(self, uuid: str, payload: bytes, mtu: int, device_us: int) -> list[Answer]:
        """Answer a command."""
        if uuid != CONTROL or len(payload) < 2:
            return []
        op, tag, args = payload[0], payload[1], payload[2:]
        expected, run = self._commands.get(op, (None, None))
        if run is None:
            status, reply = UNKNOWN_OP, b""
        elif len(args) != expected:
            status, reply = BAD_LENGTH, b""
        else:
            status, reply = run(args, mtu, device_us)
        return [Answer(CONTROL, bytes([op | 0x80, tag, status]) + reply)]

    def _hello(self, _args: bytes, _mtu: int, device_us: int) -> tuple[int, bytes]:
        return OK, struct.pack("<HIB", self._epoch_id, device_us & 0xFFFFFFFF, 1)

    def _config(self, args: bytes, _mtu: int, _us: int) -> tuple[int, bytes]:
        rate_hz, acc_range_g, gyr_range_dps, samples, _flags = struct.unpack("<HBHBB", args)
        if self.streaming:
            return BAD_STATE, b""
        if rate_hz not in _RATE_BITS or acc_range_g != 16 or gyr_range_dps != 2000 or not 1 <= samples <= _MAX_SAMPLES:
            return BAD_VALUE, b""
        self._packet_samples = samples
        return OK, struct.pack("<Iff", self._odr_mhz, self._scales.acc_mps2, self._scales.gyr_radps)

    def _start(self, _args: bytes, mtu: int, device_us: int) -> tuple[int, bytes]:
        self._limit = min(_MAX_SAMPLES, (mtu - _ATT_BYTES - _HEADER_AND_CRC) // _SAMPLE_BYTES)
        if self._limit < 1:
            return BAD_MTU, b""
        self.streaming = True
        self._first_index = None
        self._next_index = 0
        return OK, struct.pack("<HII", self._epoch_id, device_us & 0xFFFFFFFF, 0)

    def _stop(self, _args: bytes, _mtu: int, _us: int) -> tuple[int, bytes]:
        self.streaming = False
        return OK, struct.pack("<HII", (self._seq - 1) & 0xFFFF, self._next_index & 0xFFFFFFFF, self._dropped)

    def _time_sync(self, args: bytes, _mtu: int, device_us: int) -> tuple[int, bytes]:
        now = struct.pack("<I", device_us & 0xFFFFFFFF)
        return OK, args + now + now

    def _status(self, _args: bytes, _mtu: int, device_us: int) -> tuple[int, bytes]:
        uptime_s = device_us // 1_000_000
        return OK, struct.pack("<HBhII", _BATTERY_MV, _BATTERY_PERCENT, _TEMPERATURE_X100, self._dropped, uptime_s)

    def packet(self, chunk: Chunk, first_us: int, spacing_us: float) -> bytes:
        """Build a DATA packet. An index that leaps says that the chip lost samples."""
        if self._first_index is None:
            self._first_index = chunk.index
        index = chunk.index - self._first_index
        overrun = index != self._next_index
        count = len(chunk.due_s)
        self._next_index = index + count
        flags = _FLAG_ACC_CLIPPED * chunk.acc_clipped + _FLAG_GYR_CLIPPED * chunk.gyr_clipped + _FLAG_OVERRUN * overrun
        head = struct.pack(
            "<BBHIIHBB",
            _VERSION_MOTION, flags, self._seq, index & 0xFFFFFFFF, first_us & 0xFFFFFFFF,
            round(spacing_us) if count > 1 else 0, count, _BATTERY_PERCENT,
        )  # fmt: skip
        self._seq = (self._seq + 1) & 0xFFFF
        body = head + chunk.codes.astype("<i2").tobytes()
        return body + struct.pack("<H", binascii.crc_hqx(body, 0xFFFF))
