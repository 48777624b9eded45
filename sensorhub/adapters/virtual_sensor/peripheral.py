"""A virtual sensor on the air: GATT from its firmware, packets in real time, faults as ordered."""

import asyncio
import random
import struct
import time
from dataclasses import dataclass
from typing import Any

from bumble import att, hci
from bumble.core import UUID, AdvertisingData
from bumble.device import Device, DeviceConfiguration
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.host import Host

from sensorhub.adapters.virtual_sensor.air import Air, AirController
from sensorhub.adapters.virtual_sensor.firmware import Firmware
from sensorhub.adapters.virtual_sensor.sampler import Chunk, Sampler

_MTU = 247
_ADVERTISING_MS = 100


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong: the share of packets lost and of packets corrupted, and the crystal's error, ppm."""

    loss: float = 0.0
    corrupt: float = 0.0
    drift_ppm: float = 0.0


@dataclass(frozen=True, slots=True)
class Unit:
    """One sensor as built: what it is called, its firmware and its motion chip."""

    name: str
    address: str
    firmware: Firmware
    sampler: Sampler


class VirtualPeripheral:
    """One sensor. Its motion begins with the first START and runs on whether anybody listens or not."""

    def __init__(self, air: Air, unit: Unit, faults: Faults, chance: random.Random) -> None:
        self.name = unit.name
        self.ended = asyncio.Event()
        self._air = air
        self._address = unit.address
        self._firmware = unit.firmware
        self._sampler = unit.sampler
        self._faults = faults
        self._chance = chance
        self._boot_s = time.monotonic() - chance.uniform(1.0, 4000.0)
        self._motion_s: float | None = None
        self.began = asyncio.Event()
        self.began_unix_ns: int | None = None
        self._characteristics: dict[str, Any] = {}

    async def start(self) -> None:
        """Power on and advertise."""
        self._controller = AirController(self.name, link=self._air)
        config = DeviceConfiguration(
            name=self.name,
            address=hci.Address(self._address),
            advertising_interval_min=_ADVERTISING_MS,
            advertising_interval_max=_ADVERTISING_MS,
        )
        host = Host(controller_source=self._controller, controller_sink=self._controller)
        self._device = Device(config=config, host=host)
        self._device.gatt_server.max_mtu = _MTU
        self._device.add_services([self._service()])
        self._device.advertising_data = self._advertisement()
        self._device.on("characteristic_subscription", self._on_subscription)
        self._device.on("connection", self._on_connection)
        await self._device.power_on()
        await self._device.start_advertising(auto_restart=True)

    async def run(self) -> None:
        """Send packets when they are due, until the motion ends."""
        await self.began.wait()
        assert self._motion_s is not None  # noqa: S101 - _began says so
        while (chunk := self._sampler.take(self._firmware.packet_samples())) is not None:
            last_due_s = float(chunk.due_s[-1])
            await asyncio.sleep(max(0.0, self._motion_s + last_due_s - time.monotonic()))
            if self._firmware.streaming:
                await self._send(chunk)
        self.ended.set()

    def vanish(self) -> None:
        """Go out of reach."""
        self._air.vanish(self._controller)

    def reappear(self) -> None:
        """Come within reach again."""
        self._air.reappear(self._controller)

    async def reboot(self) -> None:
        """Lose the link, the clock and the counters."""
        self._boot_s = time.monotonic() - 0.5
        self._firmware.rebooted()
        for connection in list(self._device.connections.values()):
            await connection.disconnect()

    async def _send(self, chunk: Chunk) -> None:
        assert self._motion_s is not None  # noqa: S101 - a chunk is taken after the motion began
        first_us = self._device_us(self._motion_s + float(chunk.due_s[0]))
        spacing_us = 1e6 / self._sampler.rate_hz * (1.0 + self._faults.drift_ppm * 1e-6)
        packet = self._firmware.packet(chunk, first_us, spacing_us)
        if not packet or self._chance.random() < self._faults.loss:
            return
        if self._chance.random() < self._faults.corrupt:
            packet = self._corrupted(packet)
        await self._device.notify_subscribers(self._characteristics[self._firmware.data], packet)

    def _corrupted(self, packet: bytes) -> bytes:
        """Flip a bit, or cut the end off."""
        if self._chance.random() < 0.5:
            return packet[: self._chance.randrange(1, len(packet))]
        place = self._chance.randrange(len(packet))
        return packet[:place] + bytes([packet[place] ^ (1 << self._chance.randrange(8))]) + packet[place + 1 :]

    def _device_us(self, monotonic_s: float) -> int:
        return round((monotonic_s - self._boot_s) * 1e6 * (1.0 + self._faults.drift_ppm * 1e-6))

    def _service(self) -> Any:
        for described in self._firmware.characteristics:
            properties = Characteristic.Properties(0)
            permissions = Characteristic.Permissions(0)
            for name in described.properties:
                properties |= getattr(Characteristic.Properties, name)
            if "READ" in described.properties:
                permissions |= Characteristic.READABLE
            if any(name.startswith("WRITE") for name in described.properties):
                permissions |= Characteristic.WRITEABLE
            value = CharacteristicValue(read=self._reader(described.uuid), write=self._writer(described.uuid))
            self._characteristics[described.uuid] = Characteristic(described.uuid, properties, permissions, value)
        return Service(self._firmware.service, list(self._characteristics.values()))

    def _reader(self, uuid: str) -> Any:
        def read(_connection: Any) -> bytes:
            try:
                return self._firmware.read(uuid)
            except KeyError as error:  # bumble's server does not hold clients to READABLE itself
                raise att.ATT_Error(att.ATT_READ_NOT_PERMITTED_ERROR) from error

        return read

    def _writer(self, uuid: str) -> Any:
        async def write(connection: Any, payload: bytes) -> None:
            now_us = self._device_us(time.monotonic())
            answers = self._firmware.written(uuid, bytes(payload), connection.att_mtu, now_us)
            if self._firmware.streaming:
                self._begin_motion()
            for answer in answers:
                await self._device.notify_subscribers(self._characteristics[answer.uuid], answer.payload)

        return write

    def _begin_motion(self) -> None:
        if self._motion_s is None:
            self._motion_s, self.began_unix_ns = time.monotonic(), time.time_ns()
            self.began.set()

    def _on_connection(self, connection: Any) -> None:
        connection.on("disconnection", lambda _reason: self._firmware.disconnected())

    def _on_subscription(self, _connection: Any, characteristic: Any, notify: bool, _indicate: bool) -> None:
        if notify:
            self._firmware.subscribed(str(characteristic.uuid.to_hex_str("-")).lower())
            if self._firmware.streaming:
                self._begin_motion()

    def _advertisement(self) -> bytes:
        """Give flags, service and name: 31 bytes at most, so a name of 8 beside a 128-bit service."""
        kinds = AdvertisingData.Type
        parts: list[tuple[Any, bytes]] = [(kinds.FLAGS, struct.pack("B", 6))]
        if self._firmware.advertise_service:
            parts.append((kinds.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, bytes(UUID(self._firmware.service))))
        parts.append((kinds.COMPLETE_LOCAL_NAME, self.name.encode()))
        return bytes(AdvertisingData(parts))
