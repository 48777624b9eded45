"""One connection to a broker, from its start to its end; everything that happens becomes an event in a queue.

Each try makes a new paho client: paho would send again from its own memory what the outbox sends again anyway.
"""

import contextlib
import hashlib
import queue
import socket
import ssl
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from sensorhub.adapters.mqtt.bulk_client import BulkClient
from sensorhub.config import MqttSettings, authority_file, read_secret
from sensorhub.model.errors import UsageError
from sensorhub.pipeline.plaintext import is_loopback
from sensorhub.pipeline.writer import Message

KEEPALIVE_S = 15
CONNECT_WITHIN_S = 5.0


@dataclass(frozen=True, slots=True)
class Connected:
    """The broker said yes. `receive_maximum`: messages it takes at once (None: 65535)."""

    receive_maximum: int | None


@dataclass(frozen=True, slots=True)
class Ended:
    """The connection was refused or has ended. `by_broker`: it said so or hung up; else time ran out."""

    reason: str
    by_broker: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """PUBACKs: numbers and reason codes."""

    answers: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A SUBACK: the filters' reason codes."""

    codes: tuple[int, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Woken:
    """Somebody put a record, or wants the thread to end."""


LinkEvent = Connected | Ended | Answered | Subscribed | Message | Woken
EventQueue = queue.SimpleQueue[LinkEvent]


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """How a client introduces itself.

    `session_expiry_s` > 0: the broker keeps its queue while it is away. `manual_ack`: no message is answered before
    `acknowledge`.
    """

    client_id: str
    session_expiry_s: int = 0
    receive_maximum: int = 1000
    manual_ack: bool = False
    will_topic: str | None = None


def reason_of(code: int) -> str:
    """What a PUBACK's reason code says, in words; mosquitto answers with some that are meant for a DISCONNECT."""
    for packet in (PacketTypes.PUBACK, PacketTypes.DISCONNECT):
        with contextlib.suppress(KeyError, ValueError):
            return str(ReasonCode(packet, identifier=code))
    return f"reason code 0x{code:02x}"


def private_name(settings: MqttSettings, name: str) -> str:
    """Add to a name what only those who know the password can add; without a password it is the name.

    A broker throws a client out when another comes with its id, and lets anybody join a shared subscription whose name
    he knows. Neither may be guessed by a neighbour on the same broker.
    """
    password = read_secret(settings.password_file)
    if settings.username is None or not password:
        return name
    return f"{name}-{hashlib.sha256(f'{settings.username}:{password}'.encode()).hexdigest()[:16]}"


class MqttLink:
    """See the module. Events go to `events`; the methods may be called from any thread."""

    def __init__(self, settings: MqttSettings, options: LinkOptions, events: EventQueue) -> None:
        self._settings = settings
        self._options = options
        self._events = events
        self._client = _new_client(settings, options, self._on_arrival, self._on_answers)
        self._client.on_socket_open = _without_delay
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_subscribe = self._on_subscribe

    def open(self) -> None:
        """Connect; the broker's answer comes as an event. Raises OSError."""
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho leaves it untyped
        properties.ReceiveMaximum = self._options.receive_maximum
        properties.SessionExpiryInterval = self._options.session_expiry_s
        self._client.connect(
            self._settings.host,
            self._settings.port,
            keepalive=KEEPALIVE_S,
            clean_start=self._options.session_expiry_s == 0,
            properties=properties,
        )
        self._client.loop_start()

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> int:
        """Send with QoS 1; the number by which the answer will name it."""
        return self._client.send([(topic, payload)], retain=retain)[0]

    def publish_many(self, messages: Sequence[tuple[str, bytes]]) -> list[int]:
        """Send topics and payloads in one write; their numbers."""
        return self._client.send(messages)

    def subscribe(self, *filters: str) -> None:
        """Ask for messages with QoS 1."""
        self._client.subscribe([(name, SubscribeOptions(qos=1)) for name in filters])

    def acknowledge(self, messages: Iterable[Message]) -> None:
        """Tell the broker that these are safe here."""
        self._client.answer(message.mid for message in messages)

    def close(self) -> None:
        """Say goodbye, if there is a connection, and end the thread. Nothing can be asked of the link afterwards."""
        self._client.disconnect()
        self._client.loop_stop()
        del self._client  # it closes its last sockets when it is let go of, and its callbacks hold this link

    def _on_connect(self, _client: Any, _data: Any, _flags: Any, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            self._events.put(Ended(f"the broker refuses the connection: {reason}", by_broker=False))
            return
        self._events.put(Connected(getattr(properties, "ReceiveMaximum", None)))

    def _on_disconnect(self, _client: Any, _data: Any, flags: Any, reason: Any, _properties: Any) -> None:
        silent = reason.getName() == "Keep alive timeout" and not flags.is_disconnect_packet_from_server
        self._events.put(Ended(f"the connection ended: {reason}", by_broker=not silent))

    def _on_subscribe(self, _client: Any, _data: Any, _mid: int, reasons: Any, _properties: Any) -> None:
        worst = max(reasons, key=lambda reason: int(reason.value))
        self._events.put(Subscribed(tuple(int(reason.value) for reason in reasons), str(worst)))

    def _on_answers(self, answers: list[tuple[int, int]]) -> None:
        self._events.put(Answered(answers))

    def _on_arrival(self, topic: str, payload: bytes, mid: int) -> None:
        self._events.put(Message(topic, payload, mid))
        if not self._options.manual_ack:
            self._client.answer((mid,))


def _new_client(
    settings: MqttSettings,
    options: LinkOptions,
    on_arrival: Callable[[str, bytes, int], None],
    on_answers: Callable[[list[tuple[int, int]]], None],
) -> BulkClient:
    client = BulkClient(private_name(settings, options.client_id), on_arrival, on_answers)
    client.connect_timeout = CONNECT_WITHIN_S
    if options.will_topic is not None:
        client.will_set(options.will_topic, b"offline", qos=1, retain=True)
    if settings.username is not None:
        client.username_pw_set(settings.username, read_secret(settings.password_file))
    if settings.ca_file is not None:
        context = ssl.create_default_context(cafile=authority_file(settings.ca_file, "mqtt.ca_file"))
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        client.tls_set_context(context)
    elif not settings.allow_plaintext and not is_loopback(settings.host):
        raise UsageError(
            f"mqtt: {settings.host} is not this machine and no ca_file is set, so records and password would go in the "
            "clear: set ca_file, or allow_plaintext = true if you mean it"
        )
    return client


def _without_delay(_client: Any, _data: Any, sock: Any) -> None:
    # Nagle's algorithm would hold a record back until the last one is acknowledged (p50 20 ms instead of 0.3)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
