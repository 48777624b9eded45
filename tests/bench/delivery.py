"""How fast records get out of the hub: outbox to broker to a database, every commit on the disk, and how soon."""

import contextlib
import json
import queue
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from sensorhub.adapters.mqtt.sender import Sender
from sensorhub.adapters.mqtt.writer import WriterParams
from sensorhub.config import MqttSettings
from tests.support.delivery import DATABASE, FORK, ignore, open_hub, running_writer, writer_process
from tests.support.servers import mosquitto, new
from tests.support.strides import SESSION, stride

STRIDES = 5_000
SENSORS = 8
STRIDES_PER_S = 2.9
Row = tuple[str, str, str]


def measure() -> Iterator[Row]:
    """Rows of (what, measured, goal)."""
    # A broker each: a new store at the same hub may number its records over again, when thousands came in a second.
    for row in (
        lambda folder, port: outbox_row(folder, port, at_once=500),
        lambda folder, port: outbox_row(folder, port, at_once=1),
        latency_row,
    ):
        with tempfile.TemporaryDirectory() as folder, new(mosquitto) as broker:
            yield row(Path(folder), broker.port)


def outbox_row(folder: Path, port: int, at_once: int) -> Row:
    """Strides a second from put to confirmed, through the outbox and the database."""
    settings = MqttSettings(port=port)
    with (
        open_hub(folder / "hub.sqlite") as store,
        _writer_elsewhere(folder, port),
        Sender(store.outbox, SESSION.hub, settings, ignore),
    ):
        store.put(stride(STRIDES), SESSION)
        _wait(lambda: store.status().unconfirmed == 0)
        began_s, processor_s = time.perf_counter(), time.process_time()
        for start in range(0, STRIDES, at_once):
            store.put_many([(stride(number), SESSION) for number in range(start, start + at_once)])
        _wait(lambda: store.status().unconfirmed == 0)
        rate = STRIDES / (time.perf_counter() - began_s)
        processor_rate = STRIDES / (time.process_time() - processor_s)
    how = "each put alone" if at_once == 1 else f"put in batches of {at_once}"
    return (
        f"outbox -> mosquitto -> writer into SQLite, two processes, FULL on both ends, {how}",
        f"{rate:.0f} strides/s ({processor_rate:.0f} a second of the hub's processor)",
        ">= 1000 strides/s",
    )


def latency_row(folder: Path, port: int) -> Row:
    """From put to a subscriber, 8 sensors running."""
    heard: queue.SimpleQueue[tuple[float, float]] = queue.SimpleQueue()
    reader = _client("reader")
    reader.on_message = lambda _c, _d, message: heard.put(
        (time.perf_counter(), json.loads(message.payload)["initial_contact_s"])
    )
    reader.connect("127.0.0.1", port)
    reader.loop_start()
    reader.subscribe("sensorhub/v1/+/+/stride", qos=1)
    waits_ms: list[float] = []
    settings = MqttSettings(port=port)
    with (
        open_hub(folder / "hub.sqlite") as store,
        running_writer(settings, folder),
        Sender(store.outbox, SESSION.hub, settings, ignore),
    ):
        store.put(stride(0), SESSION)
        heard.get(timeout=10.0)
        put_s: dict[float, float] = {}
        for number in range(1, 300):
            time.sleep(1.0 / (SENSORS * STRIDES_PER_S))
            event = stride(number)
            put_s[round(event.initial_contact_s, 6)] = time.perf_counter()
            store.put(event, SESSION)
        for _ in put_s:
            at_s, contact_s = heard.get(timeout=10.0)
            waits_ms.append(1e3 * (at_s - put_s[round(contact_s, 6)]))
    reader.disconnect()
    reader.loop_stop()
    p50, p99 = statistics.median(waits_ms), statistics.quantiles(waits_ms, n=100)[98]
    return "record to MQTT subscriber, 8 sensors", f"p50 {p50:.1f} ms, p99 {p99:.1f} ms", "p99 of the whole way 150 ms"


@contextlib.contextmanager
def _writer_elsewhere(folder: Path, port: int) -> Iterator[None]:
    """A writer into SQLite in a process of its own, as `sensorhub write` is one."""
    process = FORK.Process(target=writer_process, args=(folder, port, WriterParams(DATABASE)))
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()


def _client(name: str) -> mqtt.Client:
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=mqtt.MQTTv5)
    client.max_inflight_messages_set(1000)
    return client


def _wait(condition: Any, within_s: float = 120.0) -> None:
    give_up_s = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > give_up_s:
            raise TimeoutError
        time.sleep(0.05)
