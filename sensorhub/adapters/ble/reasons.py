"""What the radio's errors mean to a person: one line that says what, and what to do."""

from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason, BleakDBusError, BleakError

from sensorhub.protocol.handshake import HandshakeError

RADIO_ERRORS = (BleakError, HandshakeError, TimeoutError, OSError, EOFError)
"""What a radio, an adapter or a sensor may raise at any time; everything else is our own bug."""

_WHY = {
    BleakBluetoothNotAvailableReason.NO_BLUETOOTH: "no Bluetooth adapter was found. Plug one in, or use --radio.",
    BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE: "this Bluetooth adapter cannot do Low Energy. Use another.",
    BleakBluetoothNotAvailableReason.POWERED_OFF: "Bluetooth is switched off. Switch it on (rfkill unblock bluetooth).",
    BleakBluetoothNotAvailableReason.DENIED_BY_USER: "Bluetooth is not allowed. Allow it in the privacy settings.",
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM: "the system does not allow Bluetooth. Ask who runs it.",
}


def radio_problem(error: BaseException) -> str:
    """Say in one line what went wrong, and what can be done."""
    if isinstance(error, BleakBluetoothNotAvailableError):
        return _WHY.get(error.reason, f"Bluetooth is not available ({error.args[0]}).")
    if isinstance(error, TimeoutError):
        return "it did not answer in time. Is it near, charged and free of other phones?"
    if isinstance(error, FileNotFoundError | ConnectionRefusedError):
        return "no Bluetooth service runs here (no D-Bus or no bluetoothd). Start it: systemctl start bluetooth."
    text = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, BleakDBusError) and error.dbus_error.endswith((".ServiceUnknown", ".NameHasNoOwner")):
        return "bluetoothd does not run. Start it: systemctl start bluetooth."
    if "InProgress" in text or "le-connection-abort" in text:
        return f"the adapter is busy or out of connection slots ({text}). Close other connections, or add an adapter."
    return text
