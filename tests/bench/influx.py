"""From records to the database: lines, batches, and the whole way from the broker, with the usual way beside it."""

import contextlib
import json
import queue
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import paho.mqtt.client as mqtt
from influxdb_client import InfluxDBClient, Point, WriteOptions

from sensorhub.adapters.influx import InfluxSink
from sensorhub.adapters.mqtt.writer import Writer, WriterParams
from sensorhub.adapters.sqlite.refused_book import SqliteRefusedBook
from sensorhub.app.writer import GATHER_S, GROUP
from sensorhub.config import InfluxSettings, MqttSettings
from sensorhub.formats.influx_line import line_of_json, record_line
from sensorhub.formats.records import encode_record
from sensorhub.model.session import Record
from sensorhub.pipeline.topics import record_topic
from tests.support.servers import Server, mosquitto, new, victoria_metrics
from tests.support.strides import SESSION, stride

RECORDS = 50_000
BATCH = 5_000
Row = tuple[str, str, str]


def measure() -> list[Row]:
    """Rows of (what, measured, goal)."""
    records = [Record(SESSION, number, stride(number)) for number in range(RECORDS)]
    payloads = [encode_record(record) for record in records]
    lines_s, lines = timed(lambda: [record_line(record) for record in records])
    json_s, _ = timed(lambda: [line_of_json(payload) for payload in payloads])
    rows = [
        ("records to line protocol", str(lines_s), "10 000/s"),
        ("JSON records to line protocol", str(json_s), "10 000/s"),
    ]
    with new(victoria_metrics) as database:
        sink_s, _ = timed(lambda: write(database, lines))
        points_s, _ = timed(lambda: write_points(database, records))
        rows += [
            (f"lines to VictoriaMetrics in batches of {BATCH}", str(sink_s), "10 000/s"),
            ("the usual way: a Point each, the client's own batching", str(points_s), ""),
        ]
    with new(victoria_metrics) as database, new(mosquitto) as broker:
        rows.append(("MQTT to VictoriaMetrics, one writer", str(from_broker(broker, database, payloads)), "10 000/s"))
    with new(victoria_metrics) as database, new(mosquitto) as broker:
        rows.append(("the usual way: on_message, a Point each, batching", str(usual(broker, database, payloads)), ""))
    return rows


@dataclass
class Took:
    """Seconds by the clock, and of this process on a processor, which other work on the machine does not lengthen."""

    clock_s: float = 0.0
    processor_s: float = 0.0

    def __str__(self) -> str:
        return f"{RECORDS / self.clock_s:,.0f}/s ({RECORDS / self.processor_s:,.0f}/s of processor time)"


@contextlib.contextmanager
def stopwatch() -> Iterator[Took]:
    took, clock_s, processor_s = Took(), time.perf_counter(), time.process_time()
    yield took
    took.clock_s, took.processor_s = time.perf_counter() - clock_s, time.process_time() - processor_s


def timed(work):
    with stopwatch() as took:
        made = work()
    return took, made


def write(database: Server, lines: list[str]) -> None:
    with InfluxSink(InfluxSettings(url=database.url, timeout_s=30.0)) as sink:
        for start in range(0, len(lines), BATCH):
            assert not sink.write_batch(lines[start : start + BATCH]).bad


def as_point(fields: dict) -> Point:
    numbers = {key: value for key, value in fields.items() if isinstance(value, float)}
    point = Point("stride").tag("runner", fields["runner"]).tag("side", fields["side"]).time(fields["time"])
    for key, value in numbers.items():
        point.field(key, value)
    return point


def write_points(database: Server, records: list[Record]) -> None:
    with (
        InfluxDBClient(url=database.url, token="", org="o") as client,
        client.write_api(WriteOptions(batch_size=BATCH)) as api,
    ):
        for record in records:
            event = {name: getattr(record.event, name) for name in record.event.__slots__}
            time_ns = record.session.start_unix_ns + round(record.event.initial_contact_s * 1e9)
            api.write("b", "o", as_point(event | {"runner": record.session.runner, "time": time_ns}))


def stored(database: Server) -> int:
    with urlopen(f"{database.url}/metrics") as answer:  # noqa: S310 - of this test's own server
        lines = answer.read().decode().splitlines()
    return sum(
        int(line.split()[-1]) for line in lines if line.startswith("vm_rows_inserted_total") and "influx" in line
    )


def publish(broker: Server, payloads: list[bytes]) -> None:
    """Put every record into the broker, for a subscriber whose session it keeps."""
    topic = record_topic(SESSION.hub, SESSION.sensor, "stride")
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.max_inflight_messages_set(1000)
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    sent = [client.publish(topic, payload, qos=1) for payload in payloads]
    for each in sent:
        each.wait_for_publish(120)
        assert each.is_published(), "the broker did not take every record"
    client.disconnect()
    client.loop_stop()


def from_broker(broker: Server, database: Server, payloads: list[bytes]) -> Took:
    settings, params = MqttSettings(port=broker.port), WriterParams(group=GROUP, gather_s=GATHER_S)
    with tempfile.TemporaryDirectory() as folder, InfluxSink(InfluxSettings(url=database.url)) as sink:
        book = SqliteRefusedBook(Path(folder) / "refused.sqlite")
        subscribed: queue.Queue = queue.Queue()
        with Writer(settings, sink, line_of_json, book, subscribed.put, params):
            subscribed.get(timeout=10)
            before = stored(database)
        publish(broker, payloads)
        fields = line_of_json(payloads[0]).split(" ")[1].count("=")
        with stopwatch() as took, Writer(settings, sink, line_of_json, book, subscribed.put, params):
            while stored(database) - before < fields * len(payloads):
                time.sleep(0.05)
        book.close()
    return took


def usual(broker: Server, database: Server, payloads: list[bytes]) -> Took:
    """What most would write: parse in on_message, one Point each, the client's background batching, QoS 1."""
    done: queue.Queue = queue.Queue()

    def connect(client_id: str = "usual") -> mqtt.Client:
        client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id, protocol=mqtt.MQTTv311, clean_session=False)
        client.on_connect = lambda *_: client.subscribe("sensorhub/v1/+/+/+", qos=1)
        client.on_subscribe = lambda *_: done.put("subscribed")
        return client

    first = connect()
    first.connect("127.0.0.1", broker.port)
    first.loop_start()
    done.get(timeout=10)
    first.disconnect()
    first.loop_stop()
    publish(broker, payloads)
    left = len(payloads)
    with (
        stopwatch() as took,
        InfluxDBClient(url=database.url, token="", org="o") as client,
        client.write_api(WriteOptions(batch_size=BATCH)) as api,
    ):

        def take(_client, _data, message) -> None:
            nonlocal left
            fields = json.loads(message.payload)
            api.write("b", "o", as_point(fields))
            left -= 1
            if not left:
                done.put("all")

        second = connect()
        second.on_message = take
        second.connect("127.0.0.1", broker.port)
        second.loop_start()
        while done.get(timeout=120) != "all":
            pass
        second.disconnect()
        second.loop_stop()
    return took
