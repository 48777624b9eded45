"""The one place that decides which Bluetooth stack is used; every other line is the same for all of them."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from typing import Any, Protocol

from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak_retry_connector import clear_cache

from sensorhub.model.errors import UsageError

Detected = Callable[[BLEDevice, AdvertisementData], None]

CONNECT_TIMEOUT_S = 20.0


class Radio(Protocol):
    """A Bluetooth adapter as the rest sees it. `connecting`: one connection is made at a time (BlueZ refuses more)."""

    connecting: asyncio.Lock

    def scanner(self, detected: Detected) -> BleakScanner:
        """Make a scanner that calls `detected` for every advertisement."""
        ...

    def client(self, device: BLEDevice, gone: Callable[[BleakClient], None]) -> BleakClient:
        """Make a client for a device that a scan found; `gone` is called when the link ends."""
        ...

    async def forget(self, device: BLEDevice) -> None:
        """Forget what is cached of a device: its services may have changed with its firmware."""
        ...

    async def aclose(self) -> None:
        """Let go of the adapter."""
        ...


class PlatformRadio:
    """The machine's own Bluetooth, through bleak's own back end. adapter: by name (hci1), where there are several."""

    def __init__(self, adapter: str | None) -> None:
        self.connecting = asyncio.Lock()
        self._bluez: dict[str, Any] = {"bluez": {"adapter": adapter}} if adapter else {}

    def scanner(self, detected: Detected) -> BleakScanner:
        """Make a scanner."""
        return BleakScanner(detected, **self._bluez)

    def client(self, device: BLEDevice, gone: Callable[[BleakClient], None]) -> BleakClient:
        """Make a client."""
        return BleakClient(device, gone, timeout=CONNECT_TIMEOUT_S, **self._bluez)

    async def forget(self, device: BLEDevice) -> None:
        """Remove the device from BlueZ, which keeps its services; elsewhere there is nothing to remove."""
        await clear_cache(device.address)

    async def aclose(self) -> None:
        """Nothing is held between connections."""


class BumbleRadio:
    """A virtual radio: a bumble central whose controller is reached over HCI on TCP."""

    def __init__(self, transport: Any, central: Any) -> None:
        self.connecting = asyncio.Lock()
        self._transport = transport
        self._central = central

    @classmethod
    async def open(cls, address: str) -> "BumbleRadio":
        """Attach to the virtual air at host:port."""
        from bumble import hci
        from bumble.device import Device, DeviceConfiguration
        from bumble.host import Host
        from bumble.transport import open_transport

        from sensorhub.adapters.ble.bumble_scanner import Central

        # What goes wrong on the virtual air is a lost link, and is told as one.
        logging.getLogger("bumble").setLevel(logging.CRITICAL)
        transport = await open_transport(f"tcp-client:{address}")
        own = hci.Address(":".join(f"{byte:02X}" for byte in (0xF0 | secrets.randbelow(16), *secrets.token_bytes(5))))
        device = Device(config=DeviceConfiguration(address=own), host=Host(transport.source, transport.sink))
        await device.power_on()
        return cls(transport, Central(device))

    def scanner(self, detected: Detected) -> BleakScanner:
        """Make a scanner."""
        from sensorhub.adapters.ble.bumble_scanner import BumbleScanner

        return BleakScanner(detected, backend=BumbleScanner, central=self._central)

    def client(self, device: BLEDevice, gone: Callable[[BleakClient], None]) -> BleakClient:
        """Make a client."""
        from sensorhub.adapters.ble.bumble_client import BumbleClient

        return BleakClient(device, gone, timeout=CONNECT_TIMEOUT_S, backend=BumbleClient)

    async def forget(self, device: BLEDevice) -> None:
        """Nothing is cached."""

    async def aclose(self) -> None:
        """Close the HCI connection."""
        await self._transport.close()


async def open_radio(choice: str | None) -> Radio:
    """Open the radio: None for the machine's own, `hci1` for that adapter, `bumble:HOST:PORT` for the virtual air."""
    if choice is None or not choice.startswith("bumble:"):
        return PlatformRadio(choice)
    address = choice.removeprefix("bumble:")
    try:
        return await BumbleRadio.open(address)
    except (OSError, ValueError, OverflowError) as error:  # nobody there, or no HOST:PORT
        raise UsageError(
            f"no virtual radio at {address}; start one: python -m sensorhub.adapters.virtual_sensor"
        ) from error
