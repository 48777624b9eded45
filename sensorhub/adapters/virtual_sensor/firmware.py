"""What a personality of the virtual sensor must offer; the rest (GATT, pace, faults) is the same for all."""

from dataclasses import dataclass
from typing import Protocol

from sensorhub.adapters.virtual_sensor.sampler import Chunk


@dataclass(frozen=True, slots=True)
class GattCharacteristic:
    """One characteristic: its UUID and what can be done with it, in bumble's property names."""

    uuid: str
    properties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A notification to send at once, in answer to a write."""

    uuid: str
    payload: bytes


class Firmware(Protocol):
    """The firmware of one kind of sensor, without radio and clock."""

    service: str
    advertise_service: bool
    data: str
    streaming: bool

    @property
    def characteristics(self) -> tuple[GattCharacteristic, ...]:
        """What its service has."""
        ...

    def packet_samples(self) -> int:
        """Count the samples of the next packet."""
        ...

    def read(self, uuid: str) -> bytes:
        """Give a value."""
        ...

    def written(self, uuid: str, payload: bytes, mtu: int, device_us: int) -> list[Answer]:
        """Take a command."""
        ...

    def subscribed(self, uuid: str) -> None:
        """Note that notifications were turned on."""
        ...

    def disconnected(self) -> None:
        """Note that the link was lost."""
        ...

    def rebooted(self) -> None:
        """Begin as after power-on."""
        ...

    def packet(self, chunk: Chunk, first_us: int, spacing_us: float) -> bytes:
        """Build the packet of a chunk latched from `first_us` of the device clock on; b"" for none."""
        ...
