"""Tries to reach across tenants at the shipped broker: each must be refused, and how it is refused is reported.

mosquitto 2.0 answers a publish that the access list forbids with "Not authorized" (0x87). It grants any subscription
and withholds the messages; so such a try is judged by what arrives while the other team publishes, not by the SUBACK.
"""

import socket
import ssl
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from paho.mqtt.reasoncodes import ReasonCode

from deploy.checks.broker import HOST, ShippedBroker
from deploy.checks.tenant import Answer, Tenant

RECORDS: Final = ("stride", "drill_rep", "drill_set", "gap", "activity", "summary", "sensor")
FOREIGN_TOPICS: Final = (
    *(f"sensorhub/v1/gym/clip/{record}" for record in RECORDS),
    "sensorhub/v1/gym/status",
    "sensorhub/v1/gym/stored/influx",
    "sensorhub/v1/gym/command/start",
    "sensorhub/v1/writer-rivals/clip/stride",
    "sensorhub/v1//clip/stride",
    "sensorhub/v1/PI/clip/stride",
    "sensorhub/v1/pi2/clip/stride",
    "sensorhub/v1/pi /clip/stride",
    "sensorhub/v2/pi/clip/stride",
    "sensorhub/v1",
    "homeassistant/device/gym/config",
    "$SYS/broker/uptime",
    "$share/group/sensorhub/v1/gym/clip/stride",
)
RETAINED_TOPICS: Final = ("sensorhub/v1/gym/status", "sensorhub/v1/gym/stored/influx", "sensorhub/v1/gym/clip/sensor")
WRITER_TOPICS: Final = (
    "sensorhub/v1/pi/clip/stride",
    "sensorhub/v1/pi/status",
    "sensorhub/v1/pi/command/start",
    "sensorhub/v1/gym/stored/influx",
    "sensorhub/v1/gym/clip/stride",
)
FILTERS: Final = (
    "#",
    "+/#",
    "sensorhub/#",
    "sensorhub/v1/+/+/+",
    "sensorhub/v1/gym/#",
    "sensorhub/v1/gym/+/stride",
    "sensorhub/v1/gym/stored/influx",
    "sensorhub/v1/gym/command/#",
    "$SYS/#",
    "$share/guess/sensorhub/v1/+/+/+",
)
WRITER_FILTERS: Final = ("#", "sensorhub/v1/+/+/+", "sensorhub/v1/gym/#", "$share/guess/sensorhub/v1/gym/+/+")
MQTT5_CONNECT: Final = bytes.fromhex("101000044d5154540502003c000003") + b"pi2"


@dataclass(frozen=True, slots=True)
class Try:
    """One try: who wanted what, what the broker said, and whether it was refused."""

    who: str
    what: str
    said: str
    refused: bool


def tries(broker: ShippedBroker) -> Iterator[Try]:
    """Make every try."""
    yield from _publishing(broker, "pi", FOREIGN_TOPICS, retain=False)
    yield from _publishing(broker, "pi", RETAINED_TOPICS, retain=True)
    yield from _publishing(broker, "writer-club", WRITER_TOPICS, retain=False)
    yield from _listening(broker, "pi", FILTERS)
    yield from _listening(broker, "writer-club", WRITER_FILTERS)
    yield from _connecting(broker)
    yield _will(broker)
    yield _takeover(broker)
    yield from _without_tls(broker)


def _publishing(broker: ShippedBroker, user: str, topics: tuple[str, ...], *, retain: bool) -> Iterator[Try]:
    for topic in topics:
        with Tenant(broker, user) as tenant:
            answer = tenant.publish(topic, retain=retain)
            yield Try(user, f"publish{' retained' if retain else ''} {topic}", str(answer), _is_refusal(answer))


def _listening(broker: ShippedBroker, user: str, filters: tuple[str, ...]) -> Iterator[Try]:
    """Subscribe to too much, let the other team publish, then let one allowed message through and see what came before.

    The broker delivers to one client in order, so once the allowed message is here nothing foreign can follow.
    """
    friend, allowed = "writer-club", "sensorhub/v1/pi/stored/influx"
    if user != "pi":
        friend, allowed = "pi", "sensorhub/v1/pi/clip/stride"
    with Tenant(broker, "gym") as gym, Tenant(broker, "writer-rivals") as rival, Tenant(broker, friend) as own:
        for topic_filter in filters:
            with Tenant(broker, user) as listener:
                answer = listener.subscribe(topic_filter)
                listener.subscribe(allowed)
                gym.publish("sensorhub/v1/gym/clip/stride", b"canary")
                rival.publish("sensorhub/v1/gym/stored/influx", b"canary")
                own.publish(allowed, b"own")
                came = _topics_until(listener, allowed)
            foreign = [topic for topic in came if not topic.startswith("sensorhub/v1/pi/")]
            said = f"{answer}, {f'{foreign} came' if foreign else 'nothing came'}"
            yield Try(user, f"subscribe {topic_filter}", said, came[-1:] == [allowed] and not foreign)


def _topics_until(listener: Tenant, last: str) -> list[str]:
    came: list[str] = []
    while not came or came[-1] != last:
        message = listener.next_message()
        if message is None:
            break
        came.append(message.topic)
    return came


def _connecting(broker: ShippedBroker) -> Iterator[Try]:
    strangers = (
        (None, None, "connect without a name"),
        ("pi", "", "connect with an empty password"),
        ("pi", "guess", "connect with a wrong password"),
        ("pi", broker.password("gym"), "connect with another hub's password"),
        ("nobody", "guess", "connect as nobody known"),
        ("+", "guess", "connect as +"),
        ("#", "guess", "connect as #"),
        ("gym/../pi", "guess", "connect as gym/../pi"),
    )
    for user, password, what in strangers:
        with Tenant(broker, user, password=password) as stranger:
            yield Try(str(user or "anonymous"), what, str(stranger.answer), _is_refusal(stranger.answer))


def _will(broker: ShippedBroker) -> Try:
    """Die with a last will on the other hub's status, which its writer would believe."""
    with Tenant(broker, "writer-rivals") as witness, Tenant(broker, "gym") as gym:
        witness.subscribe("sensorhub/v1/gym/+/+")
        witness.subscribe("sensorhub/v1/gym/status")
        with Tenant(broker, "pi", will="sensorhub/v1/gym/status") as dying:
            said = dying.answer
            dying.die()
            with Tenant(broker, "pi"):  # connecting anew under the same name, the broker has buried the old connection
                gym.publish("sensorhub/v1/gym/clip/stride", b"own")
        came = _topics_until(witness, "sensorhub/v1/gym/clip/stride")
    refused = came == ["sensorhub/v1/gym/clip/stride"]
    return Try(
        "pi",
        "leave a last will on sensorhub/v1/gym/status",
        f"{said}, {'sent' if not refused else 'not sent'}",
        refused,
    )


def _takeover(broker: ShippedBroker) -> Try:
    """Connect under the client id of the other team's writer while it is away, and wait for its queue."""
    with Tenant(broker, "writer-rivals", client_id="known", session_expiry_s=60) as writer:
        writer.subscribe("sensorhub/v1/gym/+/+")
    with Tenant(broker, "gym") as gym:
        gym.publish("sensorhub/v1/gym/clip/stride", b"canary")
    allowed = "sensorhub/v1/pi/stored/influx"
    with Tenant(broker, "pi", client_id="known", session_expiry_s=60) as thief, Tenant(broker, "writer-club") as friend:
        thief.subscribe(allowed)
        friend.publish(allowed, b"own")
        came = _topics_until(thief, allowed)
    said = f"{thief.answer}, {came[:-1] if came != [allowed] else 'nothing'} came"
    return Try("pi", "take over another's session and queue", said, came == [allowed])


def _without_tls(broker: ShippedBroker) -> Iterator[Try]:
    with socket.create_connection((HOST, broker.port), timeout=5.0) as plain:
        plain.sendall(MQTT5_CONNECT)
        answer = _received(plain)
    yield Try(
        "anybody", "connect in clear text", "closed" if not answer else repr(answer), not answer.startswith(b"\x20")
    )
    strange = ssl.create_default_context()
    strange.load_default_certs()
    yield _handshake(broker, strange, "trust this broker without its CA")
    yield _handshake(broker, _outdated(broker.ca), "connect by TLS 1.1")


def _outdated(ca: str) -> ssl.SSLContext:
    """Make a client that can do nothing newer than TLS 1.1."""
    context = ssl.create_default_context(cafile=ca)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # being outdated is the point
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def _received(plain: socket.socket) -> bytes:
    try:
        return plain.recv(64)
    except ConnectionResetError:
        return b""


def _handshake(broker: ShippedBroker, context: ssl.SSLContext, what: str) -> Try:
    try:
        with (
            socket.create_connection((HOST, broker.port), timeout=5.0) as plain,
            context.wrap_socket(plain, server_hostname=HOST) as secure,
        ):
            return Try("anybody", what, f"accepted by {secure.version()}", refused=False)
    except (ssl.SSLError, OSError) as error:
        return Try("anybody", what, getattr(error, "reason", None) or type(error).__name__, refused=True)


def _is_refusal(answer: Answer) -> bool:
    return isinstance(answer, ReasonCode) and answer.is_failure
