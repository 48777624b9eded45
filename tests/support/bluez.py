"""org.bluez on a private D-Bus, its radio a bumble central: bleak's own BlueZ back end runs against it, unmodified.

Not a BlueZ in full: one adapter, devices, GATT client, StartNotify and AcquireNotify. Run as a module it attaches to
the virtual air: `python -m tests.support.bluez BUS_ADDRESS HCI_ADDRESS`.
"""

import asyncio
import os
import socket
import sys
from typing import Any

from bleak.assigned_numbers import gatt_char_props_to_strs
from bumble import att, core, hci
from bumble.device import Connection, ConnectionParametersPreferences, Device
from dbus_fast import Message, MessageFlag, MessageType, Variant
from dbus_fast.aio import MessageBus

from sensorhub.adapters.ble.backend import BumbleRadio
from sensorhub.adapters.ble.bumble_scanner import advertisement_of, uuid_text

OBJECTS, PROPERTIES = "org.freedesktop.DBus.ObjectManager", "org.freedesktop.DBus.Properties"
ADAPTER, DEVICE, SERVICE, CHARACTERISTIC, DESCRIPTOR = (
    f"org.bluez.{name}1" for name in ("Adapter", "Device", "GattService", "GattCharacteristic", "GattDescriptor")
)
HCI0 = "/org/bluez/hci0"
NO = Variant("b", False)
CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path=%s</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/><allow user="*"/></policy></busconfig>"""


class Refusal(Exception):  # noqa: N818 - a D-Bus error reply
    """An error reply: name and text."""


class BlueZ:
    """The bus name org.bluez with one adapter."""

    def __init__(self, central: Any) -> None:
        self.central = central
        self.objects: dict[str, dict[str, dict[str, Variant]]] = {HCI0: {ADAPTER: adapter_properties()}}
        self.addresses: dict[str, Any] = {}
        self.connections: dict[str, Any] = {}
        self.proxies: dict[str, Any] = {}
        self.acquired: dict[str, socket.socket] = {}
        self.subscribed: dict[str, Any] = {}
        self.scans = 0
        self.connecting = asyncio.Lock()
        self.tasks: set[asyncio.Task[None]] = set()

    async def start(self, bus_address: str) -> None:
        self.bus = await MessageBus(bus_address=bus_address, negotiate_unix_fd=True).connect()
        self.bus.add_message_handler(self.on_message)
        self.central.on(Device.EVENT_ADVERTISEMENT, self.on_advertisement)
        await self.bus.request_name("org.bluez")

    def later(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    # D-Bus plumbing

    def signal(self, path: str, interface: str, member: str, signature: str, body: list[Any]) -> None:
        self.bus.send(Message.new_signal(path, interface, member, signature, body))

    def add(self, path: str, interfaces: dict[str, dict[str, Variant]]) -> None:
        self.objects[path] = interfaces
        self.signal("/", OBJECTS, "InterfacesAdded", "oa{sa{sv}}", [path, interfaces])

    def remove(self, path: str) -> None:
        if path in self.objects:
            self.signal("/", OBJECTS, "InterfacesRemoved", "oas", [path, list(self.objects.pop(path))])

    def set(self, path: str, interface: str, **properties: Variant) -> None:
        if path in self.objects:
            self.objects[path][interface].update(properties)
            self.signal(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", [interface, properties, []])

    def on_message(self, message: Message) -> bool | None:
        standard = ("org.freedesktop.DBus.Peer", "org.freedesktop.DBus.Introspectable")
        if message.message_type is not MessageType.METHOD_CALL or message.interface in standard:
            return None
        self.later(self.answer(message))
        return True

    async def answer(self, message: Message) -> None:
        try:
            reply = await self.reply_to(message)
        except Refusal as refusal:
            reply = Message.new_error(message, *refusal.args)
        except att.ATT_Error as error:
            text = f"Operation failed with ATT error: 0x{error.error_code:02x}"
            reply = Message.new_error(message, "org.bluez.Error.Failed", text)
        except (core.BaseBumbleError, asyncio.CancelledError, OSError) as error:
            reply = Message.new_error(message, "org.bluez.Error.Failed", str(error) or "aborted")
        if not message.flags & MessageFlag.NO_REPLY_EXPECTED:
            self.bus.send(reply)

    async def reply_to(self, message: Message) -> Message:
        if message.interface == OBJECTS:
            return Message.new_method_return(message, "a{oa{sa{sv}}}", [self.objects])
        if message.path not in self.objects:
            raise Refusal("org.freedesktop.DBus.Error.UnknownObject", f"no object {message.path}")
        interface = str(message.interface).rsplit(".", 1)[1].removesuffix("1")
        method = getattr(self, f"{interface}_{message.member}", None)
        if method is None:
            raise Refusal("org.freedesktop.DBus.Error.UnknownMethod", f"{message.interface}.{message.member}")
        signature, body, descriptors = await method(message.path, *message.body) or ("", [], [])
        return Message.new_method_return(message, signature, body, descriptors)

    async def Properties_Set(self, path: str, interface: str, name: str, value: Variant) -> None:  # noqa: N802
        self.set(path, interface, **{name: value})

    async def Properties_GetAll(self, path: str, interface: str) -> Any:  # noqa: N802
        return "a{sv}", [self.objects[path].get(interface, {})], []

    # adapter

    async def Adapter_SetDiscoveryFilter(self, _path: str, _filter: Any) -> None:  # noqa: N802
        return None

    async def Adapter_StartDiscovery(self, path: str) -> None:  # noqa: N802
        self.scans += 1
        if self.scans == 1:
            await self.central.start_scanning(filter_duplicates=False)
            self.set(path, ADAPTER, Discovering=Variant("b", True))

    async def Adapter_StopDiscovery(self, path: str) -> None:  # noqa: N802
        self.scans -= 1
        if self.scans == 0:
            await self.central.stop_scanning()
            self.set(path, ADAPTER, Discovering=NO)

    async def Adapter_RemoveDevice(self, _path: str, device: str) -> None:  # noqa: N802
        await self.Device_Disconnect(device)
        self.remove(device)

    def on_advertisement(self, adv: Any) -> None:
        data, address = advertisement_of(adv), adv.address.to_string(with_type_qualifier=False)
        path = f"{HCI0}/dev_{address.replace(':', '_')}"
        properties = {"RSSI": Variant("n", data.rssi), "UUIDs": Variant("as", data.service_uuids)}
        if data.local_name:
            properties |= {"Name": Variant("s", data.local_name), "Alias": Variant("s", data.local_name)}
        self.addresses[path] = adv.address
        if path in self.objects:
            self.set(path, DEVICE, **properties)
        else:
            self.add(path, {DEVICE: device_properties(address) | properties})

    # device

    async def Device_Connect(self, path: str) -> None:  # noqa: N802
        if path in self.connections:
            return
        preferences = {hci.Phy.LE_1M: ConnectionParametersPreferences(15, 30, 0, 4000)}
        async with self.connecting:
            connect = self.central.connect(
                self.addresses[path], connection_parameters_preferences=preferences, timeout=None
            )
            try:
                connection = await asyncio.wait_for(connect, 60)
            except TimeoutError:
                await self.central.send_sync_command(hci.HCI_LE_Create_Connection_Cancel_Command())
                raise Refusal("org.bluez.Error.Failed", "le-connection-abort-by-local") from None
        self.connections[path] = connection
        connection.on(Connection.EVENT_DISCONNECTION, lambda _reason: self.gone(path))
        self.set(path, DEVICE, Connected=Variant("b", True))
        self.later(self.discover(path, connection))

    async def discover(self, path: str, connection: Any) -> None:
        gatt = connection.gatt_client
        await gatt.request_mtu(517)
        for service in await gatt.discover_services():
            place = f"{path}/service{service.handle:04x}"
            self.add(place, {SERVICE: service_properties(path, service)})
            for characteristic in await gatt.discover_characteristics((), service):
                self.add_characteristic(place, characteristic)
                for descriptor in await gatt.discover_descriptors(characteristic):
                    self.add_descriptor(place, characteristic, descriptor)
        self.set(path, DEVICE, ServicesResolved=Variant("b", True))

    def add_characteristic(self, service: str, characteristic: Any) -> None:
        path = f"{service}/char{characteristic.handle - 1:04x}"
        flags = list(gatt_char_props_to_strs(int(characteristic.properties)))
        properties = {
            "UUID": Variant("s", uuid_text(characteristic.uuid)),
            "Service": Variant("o", service),
            "Value": Variant("ay", b""),
            "Flags": Variant("as", flags),
            "MTU": Variant("q", 23),
        }
        if {"notify", "indicate"} & set(flags):
            properties |= {"Notifying": NO, "NotifyAcquired": NO}
        self.proxies[path] = characteristic
        self.add(path, {CHARACTERISTIC: properties})

    def add_descriptor(self, service: str, characteristic: Any, descriptor: Any) -> None:
        parent = f"{service}/char{characteristic.handle - 1:04x}"
        path = f"{parent}/desc{descriptor.handle:04x}"
        self.proxies[path] = descriptor
        uuid = Variant("s", uuid_text(descriptor.type))
        properties = {"UUID": uuid, "Characteristic": Variant("o", parent), "Value": Variant("ay", b"")}
        self.add(path, {DESCRIPTOR: properties})

    def gone(self, path: str) -> None:
        self.connections.pop(path, None)
        self.set(path, DEVICE, ServicesResolved=NO)
        for below in [one for one in self.objects if one.startswith(path + "/")]:
            self.subscribed.pop(below, None)
            if ours := self.acquired.pop(below, None):
                ours.close()
            self.remove(below)
        self.set(path, DEVICE, Connected=NO)

    async def Device_Disconnect(self, path: str) -> None:  # noqa: N802
        if connection := self.connections.get(path):
            await connection.disconnect()

    # GATT

    def gatt(self, path: str) -> Any:
        connection = self.connections.get(path.split("/service", maxsplit=1)[0])
        if connection is None:
            raise Refusal("org.bluez.Error.Failed", "Not connected")
        return connection.gatt_client

    async def GattCharacteristic_ReadValue(self, path: str, _options: Any) -> Any:  # noqa: N802
        return "ay", [await self.gatt(path).read_value(self.proxies[path])], []

    async def GattCharacteristic_WriteValue(self, path: str, value: bytes, options: Any) -> None:  # noqa: N802
        kind = options.get("type")
        answered = kind is None or kind.value == "request"
        await self.gatt(path).write_value(self.proxies[path], bytes(value), with_response=answered)

    async def GattCharacteristic_StartNotify(self, path: str) -> None:  # noqa: N802
        def changed(value: bytes) -> None:
            self.set(path, CHARACTERISTIC, Value=Variant("ay", bytes(value)))

        self.subscribed[path] = changed
        await self.gatt(path).subscribe(self.proxies[path], changed)
        self.set(path, CHARACTERISTIC, Notifying=Variant("b", True))

    async def GattCharacteristic_StopNotify(self, path: str) -> None:  # noqa: N802
        if self.subscribed.pop(path, None):
            await self.gatt(path).unsubscribe(self.proxies[path])
            self.set(path, CHARACTERISTIC, Notifying=NO)

    async def GattCharacteristic_AcquireNotify(self, path: str, _options: Any) -> Any:  # noqa: N802
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        self.acquired[path] = ours

        def push(value: bytes) -> None:
            try:
                ours.send(bytes(value))
            except OSError:
                return  # nobody reads any more

        self.subscribed[path] = push
        await self.gatt(path).subscribe(self.proxies[path], push)
        self.set(path, CHARACTERISTIC, NotifyAcquired=Variant("b", True))
        descriptor = theirs.detach()
        asyncio.get_running_loop().call_later(1, os.close, descriptor)  # after the reply went out
        return "hq", [0, self.gatt(path).mtu], [descriptor]


def adapter_properties() -> dict[str, Variant]:
    return {
        "Address": Variant("s", "F0:F0:F0:F0:F0:F0"),
        "AddressType": Variant("s", "public"),
        "Name": Variant("s", "bumble"),
        "Alias": Variant("s", "bumble"),
        "Powered": Variant("b", True),
        "Discovering": NO,
        "Roles": Variant("as", ["central"]),
        "UUIDs": Variant("as", []),
    }


def device_properties(address: str) -> dict[str, Variant]:
    flags = ("Paired", "Bonded", "Trusted", "Blocked", "LegacyPairing", "Connected", "ServicesResolved")
    return dict.fromkeys(flags, NO) | {
        "Address": Variant("s", address),
        "AddressType": Variant("s", "random"),
        "Alias": Variant("s", address),
        "Adapter": Variant("o", HCI0),
    }


def service_properties(device: str, service: Any) -> dict[str, Variant]:
    return {
        "UUID": Variant("s", uuid_text(service.uuid)),
        "Primary": Variant("b", True),
        "Device": Variant("o", device),
        "Includes": Variant("ao", []),
    }


async def main(bus_address: str, hci_address: str) -> None:
    radio = await BumbleRadio.open(hci_address)
    bluez = BlueZ(radio._central.device)
    await bluez.start(bus_address)
    print("ready", flush=True)  # noqa: T201 - the test waits for it
    await asyncio.get_running_loop().connect_read_pipe(asyncio.Protocol, sys.stdin)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
