"""A client of the broker that waits for every answer: what connect, publish and subscribe are answered with."""

import queue
import socket
import ssl
from typing import Any, Final, Self

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from deploy.checks.broker import HOST, ShippedBroker

PATIENCE_S: Final = 5.0
Answer = ReasonCode | str
"""A reason code, or in a word what happened instead of one."""


class Tenant:
    """One user of the broker. `with` connects; `answer` is then the reason code of the connection."""

    def __init__(
        self,
        broker: ShippedBroker,
        user: str | None,
        *,
        password: str | None = None,
        client_id: str = "",
        session_expiry_s: int = 0,
        will: str | None = None,
    ) -> None:
        self._broker = broker
        self._session_expiry_s = session_expiry_s
        self._answers: queue.Queue[Any] = queue.Queue()
        self.messages: queue.Queue[MQTTMessage] = queue.Queue()
        self.lost: queue.Queue[Answer] = queue.Queue()
        self.answer: Answer = "no answer"
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            protocol=MQTTProtocolVersion.MQTTv5,
            reconnect_on_failure=False,
        )
        self._client.tls_set(broker.ca, tls_version=ssl.PROTOCOL_TLS_CLIENT)
        if user is not None:
            self._client.username_pw_set(user, password if password is not None else broker.password(user))
        if will is not None:
            self._client.will_set(will, b"gone", qos=1, retain=True)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_publish = self._on_answer
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message

    def __enter__(self) -> Self:
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = self._session_expiry_s
        clean = self._session_expiry_s == 0
        self._client.connect(HOST, self._broker.port, clean_start=clean, properties=properties)
        self._client.loop_start()
        self.answer = self._next()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def die(self) -> None:
        """Close the socket without a goodbye, so that the broker sends the last will."""
        self._client.loop_stop()
        connection = self._client.socket()
        if connection is not None:
            connection.shutdown(socket.SHUT_RDWR)

    def publish(self, topic: str, payload: bytes = b"{}", *, retain: bool = False) -> Answer:
        """Publish with QoS 1 and give the PUBACK's reason code."""
        self._client.publish(topic, payload, qos=1, retain=retain)
        return self._next()

    def subscribe(self, topic_filter: str) -> Answer:
        """Subscribe with QoS 1 and give the SUBACK's reason code."""
        self._client.subscribe(topic_filter, qos=1)
        return self._next()

    def next_message(self) -> MQTTMessage | None:
        """Wait for a message; None where none comes."""
        try:
            return self.messages.get(timeout=PATIENCE_S)
        except queue.Empty:
            return None

    def _next(self) -> Answer:
        try:
            answer: Answer = self._answers.get(timeout=PATIENCE_S)
        except queue.Empty:
            return "no answer"
        return answer

    def _on_connect(self, _client: Client, _data: Any, _flags: Any, code: ReasonCode, _: Properties | None) -> None:
        if code.is_failure:
            self._client.disconnect()
        self._answers.put(code)

    def _on_disconnect(self, _client: Client, _data: Any, _flags: Any, code: ReasonCode, _: Properties | None) -> None:
        if code.is_failure:
            self.lost.put(code)
            self._answers.put(f"disconnected: {code}")

    def _on_answer(self, _client: Client, _data: Any, _mid: int, code: ReasonCode, _: Properties | None) -> None:
        self._answers.put(code)

    def _on_subscribe(self, _c: Client, _data: Any, _mid: int, codes: list[ReasonCode], _: Properties | None) -> None:
        self._answers.put(codes[0])

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        self.messages.put(message)
