"""A bleak client on bumble: real HCI, L2CAP, ATT and GATT, only the air is virtual. No radio, D-Bus or root.

For the demo and the tests: without pairing and descriptors, which no profile asks for. It fills what bumble's host
leaves out: cancelling a connect that is pending, and an ATT procedure that ends when the link is lost.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from bleak.assigned_numbers import gatt_char_props_to_strs
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakDeviceNotFoundError, BleakError
from bumble import hci
from bumble.device import Connection, ConnectionParametersPreferences

from sensorhub.adapters.ble.bumble_scanner import Details, bleak_errors, uuid_text

_CENTRAL_MTU = 517
_INTERVAL_MIN_MS, _INTERVAL_MAX_MS, _LATENCY, _SUPERVISION_MS = 15, 30, 0, 4000

T = TypeVar("T")


class BumbleClient(BaseBleakClient):
    """One connection, by a `BLEDevice` that `BumbleScanner` found."""

    def __init__(self, address_or_ble_device: BLEDevice | str, **kw: Any) -> None:
        super().__init__(address_or_ble_device, **kw)
        if not isinstance(address_or_ble_device, BLEDevice):
            raise BleakDeviceNotFoundError(address_or_ble_device, "connect by the device that a scan found")
        self._details: Details = address_or_ble_device.details
        self._name = address_or_ble_device.name
        self._connection: Any = None
        self._gone = asyncio.Event()

    @property
    def name(self) -> str:
        """The advertised name."""
        return self._name or self.address.replace(":", "-")

    @property
    def mtu_size(self) -> int:
        """The ATT MTU, 23 until it was agreed."""
        return self._connection.att_mtu if self._connection else 23

    @property
    def is_connected(self) -> bool:
        """Whether there is a link."""
        return self._connection is not None

    async def connect(self, pair: bool, **kwargs: Any) -> None:  # noqa: ARG002 - bleak's signature
        """Connect, agree on an MTU and discover all services."""
        if self._connection:
            raise BleakError("already connected")
        async with asyncio.timeout(kwargs.get("timeout", self._timeout)):
            async with self._details.central.connecting:
                self._connection = await self._create_connection()
            self._gone = asyncio.Event()
            self._connection.on(Connection.EVENT_DISCONNECTION, self._on_disconnected)
            try:
                await self._att(self._connection.gatt_client.request_mtu(_CENTRAL_MTU))
                await self._discover()
            except BaseException:
                await self.disconnect()
                raise

    async def _create_connection(self) -> Any:
        device = self._details.central.device
        preferences = ConnectionParametersPreferences(_INTERVAL_MIN_MS, _INTERVAL_MAX_MS, _LATENCY, _SUPERVISION_MS)
        with bleak_errors():
            try:
                return await device.connect(
                    self._details.address,
                    connection_parameters_preferences={hci.Phy.LE_1M: preferences},
                    timeout=None,
                )
            except asyncio.CancelledError:
                await device.send_sync_command(hci.HCI_LE_Create_Connection_Cancel_Command())
                raise

    async def _discover(self) -> None:
        gatt = self._connection.gatt_client
        found = BleakGATTServiceCollection()
        for service in await self._att(gatt.discover_services()):
            shown = BleakGATTService(service, service.handle, uuid_text(service.uuid))
            found.add_service(shown)
            for characteristic in await self._att(gatt.discover_characteristics((), service)):
                properties = list(gatt_char_props_to_strs(int(characteristic.properties)))
                found.add_characteristic(
                    BleakGATTCharacteristic(
                        characteristic,
                        characteristic.handle,
                        uuid_text(characteristic.uuid),
                        properties,
                        lambda: self.mtu_size - 3,
                        shown,
                    )
                )
        self.services = found

    async def _att(self, procedure: Coroutine[Any, Any, T]) -> T:
        """Run one ATT procedure until it ends or the link does; bumble's errors become bleak's."""
        if self._connection is None:
            procedure.close()
            raise BleakError("not connected")
        operation, gone = asyncio.ensure_future(procedure), asyncio.ensure_future(self._gone.wait())
        try:
            await asyncio.wait({operation, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not operation.done() or operation.cancelled():
                raise BleakError("disconnected")
            with bleak_errors():
                return operation.result()
        finally:
            gone.cancel()
            if not operation.done():
                operation.cancel()
                await asyncio.wait({operation})

    def _gatt(self) -> Any:
        if self._connection is None:
            raise BleakError("not connected")
        return self._connection.gatt_client

    def _on_disconnected(self, _reason: int) -> None:
        self._connection = None
        self.services = None
        self._gone.set()
        if self._disconnected_callback:
            self._disconnected_callback()

    async def disconnect(self) -> None:
        """End the link, if there is one."""
        if self._connection is None:
            return
        gone = self._gone
        with bleak_errors():
            await self._connection.disconnect()
        await asyncio.wait_for(gone.wait(), 10)

    async def pair(self, *_args: Any, **_kwargs: Any) -> None:
        """Raise: see the module."""
        raise NotImplementedError

    async def unpair(self) -> None:
        """Raise: see the module."""
        raise NotImplementedError

    async def read_gatt_char(self, characteristic: BleakGATTCharacteristic, **_: Any) -> bytearray:
        """Read a value."""
        return bytearray(await self._att(self._gatt().read_value(characteristic.obj)))

    async def read_gatt_descriptor(self, descriptor: BleakGATTDescriptor, **_: Any) -> bytearray:
        """Raise: see the module."""
        raise NotImplementedError

    async def write_gatt_char(self, characteristic: BleakGATTCharacteristic, data: Any, response: bool) -> None:
        """Write a value."""
        await self._att(self._gatt().write_value(characteristic.obj, bytes(data), response))

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: Any) -> None:
        """Raise: see the module."""
        raise NotImplementedError

    async def start_notify(self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **_: Any) -> None:
        """Subscribe."""
        if not {"notify", "indicate"} & set(characteristic.properties):
            raise BleakError(f"{characteristic.uuid} has neither notify nor indicate")
        await self._att(self._gatt().subscribe(characteristic.obj, lambda value: callback(bytearray(value))))

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """Unsubscribe."""
        await self._att(self._gatt().unsubscribe(characteristic.obj))
