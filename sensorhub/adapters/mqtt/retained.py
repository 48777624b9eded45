"""Takes back what a broker keeps for whoever comes later."""

import queue
import time
from collections.abc import Callable, Sequence

from sensorhub.adapters.mqtt.link import (
    Answered,
    Connected,
    Ended,
    EventQueue,
    LinkEvent,
    LinkOptions,
    MqttLink,
)
from sensorhub.config import MqttSettings
from sensorhub.model.errors import SensorhubError, network_reason
from sensorhub.pipeline.writer import Message

QUIET_S = 0.5
WITHIN_S = 10.0


def clear_retained(settings: MqttSettings, filters: Sequence[str], is_meant: Callable[[bytes], bool]) -> int:
    """Delete the retained messages under these filters whose payload is meant; how many.

    Raises SensorhubError where the broker cannot be asked, or does not let us.
    """
    events: EventQueue = queue.SimpleQueue()
    link = MqttLink(settings, LinkOptions(client_id="sensorhub-forget"), events)
    where = f"MQTT broker {settings.host}:{settings.port}"
    try:
        link.open()
        if not isinstance(_next(events, WITHIN_S), Connected):
            raise SensorhubError(f"{where} refuses the connection: its retained messages were not looked at.")
        link.subscribe(*filters)
        meant = set(_topics_of(events, is_meant))
        waiting = {link.publish(topic, b"", retain=True) for topic in meant}
        while waiting:
            event = _next(events, WITHIN_S)
            answers = event.answers if isinstance(event, Answered) else []
            if event is None or isinstance(event, Ended) or any(code >= 0x80 for _, code in answers):
                raise SensorhubError(f"{where} does not let retained messages be deleted: {event}.")
            waiting -= {mid for mid, _ in answers}
    except OSError as error:
        raise SensorhubError(
            f"{where}: {network_reason(error)}. "
            "Its retained messages were not looked at: start it, then --resume; or --no-broker."
        ) from error
    finally:
        link.close()
    return len(meant)


def _topics_of(events: EventQueue, is_meant: Callable[[bytes], bool]) -> list[str]:
    topics: list[str] = []
    give_up_s = time.monotonic() + WITHIN_S
    while time.monotonic() < give_up_s and (event := _next(events, QUIET_S)) is not None:
        if isinstance(event, Message) and event.payload and is_meant(event.payload):
            topics.append(event.topic)
    return topics


def _next(events: EventQueue, within_s: float) -> LinkEvent | None:
    try:
        return events.get(timeout=within_s)
    except queue.Empty:
        return None
