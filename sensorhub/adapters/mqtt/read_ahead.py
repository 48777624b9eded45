"""paho's client with a reader that takes what the socket has at once.

paho reads a message in four calls, waits for the socket again after each one, and gives the interpreter away in every
call: a busy writer thread then makes it wait for its turn a hundred times for what one read brings.
"""

from typing import Any, Final

import paho.mqtt.client as mqtt
from paho.mqtt.enums import MQTTErrorCode

READ_AT_ONCE: Final = 65536


class ReadAheadSocket:
    """A socket, plain or TLS, that reads ahead. All but `recv` and `pending` is the socket's own."""

    def __init__(self, sock: Any) -> None:
        self._socket = sock
        self._ahead = b""
        self._place = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)

    def recv(self, size: int) -> bytes:
        """Give up to `size` bytes; as the socket does, b"" at its end, and BlockingIOError while there are none."""
        if not self.has_ahead():
            self._ahead, self._place = self._socket.recv(READ_AT_ONCE), 0
        piece: bytes = self._ahead[self._place : self._place + size]
        self._place += len(piece)
        return piece

    def has_ahead(self) -> bool:
        """Whether something was read that was not asked for yet."""
        return self._place < len(self._ahead)

    def pending(self) -> int:
        """How many bytes can be had without waiting for the network, as a TLS socket tells."""
        inside = getattr(self._socket, "pending", None)
        return len(self._ahead) - self._place + (inside() if inside else 0)


class ReadAheadClient(mqtt.Client):
    """A client over a ReadAheadSocket, which takes all messages of one read before it looks at the network again."""

    def _create_socket(self) -> Any:
        return ReadAheadSocket(super()._create_socket())  # type: ignore[no-untyped-call, unused-ignore]

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Read packets until what was read ahead is used up."""
        answer = super().loop_read(max_packets)
        while answer == MQTTErrorCode.MQTT_ERR_SUCCESS and self._has_ahead():
            answer = super().loop_read(max_packets)
        return answer

    def _has_ahead(self) -> bool:
        connection = self.socket()
        return isinstance(connection, ReadAheadSocket) and connection.has_ahead()
