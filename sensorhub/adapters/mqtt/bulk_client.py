"""paho's client, which takes all messages and answers of one read, and sends many of either in one write.

paho reads a message in four calls, unpacks properties that nobody asked for, keeps a copy of what it sends, and wakes
its thread for every packet: 60 µs a message. PUBLISH and PUBACK are made and taken apart here instead; every other
packet is left to paho. Its insides that are used (`_sock_recv`, `_packet_handle`, `_packet_queue`, `_mid_generate`) are
those of the versions that pyproject.toml allows.
"""

import struct
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.exception import MalformedPacket

READ_AT_ONCE: Final = 65536
PUBLISH: Final = 0x30
PUBACK: Final = 0x40
QOS_BITS: Final = 0x06
QOS_1: Final = 0x02
RETAIN: Final = 0x01


class BulkClient(mqtt.Client):
    """A client for one connection of MQTT 5.

    It hands what arrives to `on_arrival(topic, payload, mid)`, on paho's thread; a message of QoS 0 has the `mid` 0.
    The answers that one read brings go to `on_answers`, as pairs of `mid` and reason code.
    """

    def __init__(
        self,
        client_id: str,
        on_arrival: Callable[[str, bytes, int], None],
        on_answers: Callable[[list[tuple[int, int]]], None],
    ) -> None:
        super().__init__(
            CallbackAPIVersion.VERSION2, client_id, protocol=mqtt.MQTTv5, reconnect_on_failure=False, manual_ack=True
        )
        self._on_arrival = on_arrival
        self._on_answers = on_answers
        self._answers: list[tuple[int, int]] = []
        self._rest = b""

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:  # noqa: ARG002 - all that one read brings
        """Take what the socket has; called by paho's thread when there is something."""
        try:
            read = self._sock_recv(READ_AT_ONCE)
        except BlockingIOError:
            return MQTTErrorCode.MQTT_ERR_SUCCESS
        except OSError:
            read = b""
        if not read:
            return self._loop_rc_handle(MQTTErrorCode.MQTT_ERR_CONN_LOST)
        with self._msgtime_mutex:
            self._last_bytes_received = time.monotonic()
        try:
            packets, self._rest = split_packets(self._rest + read)
            outcomes = (self._take(first, body) for first, body in packets)
            outcome = next((each for each in outcomes if each), MQTTErrorCode.MQTT_ERR_SUCCESS)
        except (MalformedPacket, IndexError, UnicodeDecodeError):
            outcome = MQTTErrorCode.MQTT_ERR_PROTOCOL
        self._tell_answers()
        return self._loop_rc_handle(outcome) if outcome else outcome

    def send(self, messages: Sequence[tuple[str, bytes]], *, retain: bool = False) -> list[int]:
        """Publish topics and payloads with QoS 1; the numbers by which the answers will name them."""
        mids = [self._mid_generate() for _ in messages]
        packets = (publish_packet(*message, mid, retain=retain) for message, mid in zip(messages, mids, strict=True))
        self._packet_queue(PUBLISH, b"".join(packets), 0, 1)
        return mids

    def answer(self, mids: Iterable[int]) -> None:
        """Tell the broker that these messages are safe here; those of QoS 0 want no answer."""
        answers = b"".join(struct.pack("!BBH", PUBACK, 2, mid) for mid in mids if mid)
        if answers:
            self._packet_queue(PUBACK, answers, 0, 1)

    def _take(self, first: int, body: bytes) -> MQTTErrorCode:
        if first & 0xF0 == PUBLISH:
            self._on_arrival(*parse_publish(first, body))
            return MQTTErrorCode.MQTT_ERR_SUCCESS
        if first == PUBACK:
            self._answers.append(parse_puback(body))
            return MQTTErrorCode.MQTT_ERR_SUCCESS
        self._tell_answers()  # what follows may end the connection
        self._in_packet |= {"command": first, "remaining_length": len(body), "packet": bytearray(body), "pos": 0}
        return self._packet_handle()

    def _tell_answers(self) -> None:
        answers, self._answers = self._answers, []
        if answers:
            self._on_answers(answers)


def split_packets(raw: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    r"""Whole packets, first byte and body of each, and the beginning of one that is not all there yet.

    >>> split_packets(b"\xd0\x00\x40\x02\x00\x07\x30\x7f...")
    ([(208, b''), (64, b'\x00\x07')], b'0\x7f...')
    """
    packets = []
    start = 0
    while start < len(raw):
        try:
            size, body = _length(raw, start + 1)
        except IndexError:
            break
        if body + size > len(raw):
            break
        packets.append((raw[start], raw[body : body + size]))
        start = body + size
    return packets, raw[start:]


def publish_packet(topic: str, payload: bytes, mid: int, *, retain: bool) -> bytes:
    """A PUBLISH with QoS 1 and no properties: MQTT 5.0, section 3.3."""
    name = topic.encode()
    body = struct.pack(f"!H{len(name)}sHB", len(name), name, mid, 0) + payload
    return bytes([PUBLISH | QOS_1 | (RETAIN if retain else 0)]) + _as_length(len(body)) + body


def parse_publish(first: int, body: bytes) -> tuple[str, bytes, int]:
    """Topic, payload and number (0 where no answer is wanted) of a PUBLISH: MQTT 5.0, section 3.3."""
    end = 2 + int.from_bytes(body[:2], "big")
    topic = body[2:end].decode()
    mid = 0
    if first & QOS_BITS:
        mid = int.from_bytes(body[end : end + 2], "big")
        end += 2
    properties_bytes, properties = _length(body, end)
    return topic, body[properties + properties_bytes :], mid


def parse_puback(body: bytes) -> tuple[int, int]:
    """Number and reason code of a PUBACK, 0 where it is left out: MQTT 5.0, section 3.4."""
    return body[0] << 8 | body[1], body[2] if len(body) > 2 else 0


def _as_length(value: int) -> bytes:
    """A variable byte integer (section 1.5.5)."""
    length = bytearray()
    while value > 0x7F:
        length.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*length, value])


def _length(raw: bytes, at: int) -> tuple[int, int]:
    """A variable byte integer (section 1.5.5) and where it ends. Raises IndexError where it is not all there."""
    value = 0
    for place in range(4):
        byte = raw[at + place]
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return value, at + place + 1
    raise MalformedPacket("a length of more than four bytes")
