"""Announces the hub to Home Assistant and keeps it told, over a connection of its own; off unless it is wanted."""

import queue
import time
from collections.abc import Sequence

from sensorhub import __version__
from sensorhub.adapters.mqtt.link import Connected, Ended, LinkOptions, MqttLink
from sensorhub.adapters.mqtt.loop import LinkLoop, LoopOwner
from sensorhub.config import HomeAssistantSettings, MqttSettings
from sensorhub.formats.home_assistant import discovery, discovery_topic
from sensorhub.model.session import Record
from sensorhub.pipeline.home_state import HomeState
from sensorhub.pipeline.topics import home_state_topic, status_topic
from sensorhub.pipeline.writer import Message

LONGEST_WAIT_S = 5.0


class HomeAssistant(LoopOwner):
    """`tell` may be called from any thread; it never waits. How the broker fares is told by the sender already."""

    def __init__(
        self,
        mqtt: MqttSettings,
        settings: HomeAssistantSettings,
        hub: str,
        sensors: Sequence[str],
    ) -> None:
        self._hub = hub
        self._settings = settings
        self._topics = {sensor: home_state_topic(hub, sensor) for sensor in sensors}
        self._state = HomeState()
        self._heard: queue.SimpleQueue[Record] = queue.SimpleQueue()
        self._loop = LinkLoop(mqtt, LinkOptions(client_id=f"sensorhub-home-{hub}"), self, lambda _: None)

    def tell(self, record: Record) -> None:
        """Take a record of this hub."""
        self._heard.put(record)
        self._loop.wake()

    def serve(self, link: MqttLink, connected: Connected) -> None:  # noqa: ARG002 - nothing outlives a connection
        """Serve one connection; see LinkLoop."""
        link.subscribe(f"{self._settings.prefix}/status")
        self._announce(link)
        while not self._loop.closing.is_set():
            self._loop.awake()
            while not self._heard.empty():
                self._state.hear(self._heard.get())
            self._publish(link, self._state.due(time.monotonic()))
            for event in self._loop.next_events(self._look_again_s()):
                if isinstance(event, Ended):
                    raise ConnectionError(event.reason)
                if isinstance(event, Message) and event.payload == b"online":
                    self._announce(link)

    def _announce(self, link: MqttLink) -> None:
        topic = discovery_topic(self._settings.prefix, self._hub)
        link.publish(topic, discovery(self._hub, self._topics, status_topic(self._hub), __version__), retain=True)
        self._publish(link, self._state.everything(time.monotonic()))

    def _publish(self, link: MqttLink, states: list[tuple[str, bytes]]) -> None:
        for sensor, payload in states:
            link.publish(self._topics.get(sensor) or home_state_topic(self._hub, sensor), payload)

    def _look_again_s(self) -> float:
        now_s = time.monotonic()
        due_s = self._state.next_instant_s(now_s)
        return now_s + LONGEST_WAIT_S if due_s is None else min(due_s, now_s + LONGEST_WAIT_S)
