"""The whole way with eight live sensors: from the foot that leaves the ground to a subscriber and to the page."""

import asyncio
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from sensorhub.formats.records import unix_ns
from sensorhub.synthetic.runner import synthesise_run
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams
from tests.support.files import hub_settings, recording
from tests.support.reader import Reader
from tests.support.servers import free_port, mosquitto, new
from tests.support.virtual_sensor import virtual_sensor

SENSORS = 8
SETTLE_S = 35.0
SECONDS = 30.0
GOALS = {"subscriber": "p99 150 ms + what the analysis waits for", "page": "p99 250 ms + the same"}
Row = tuple[str, str, str]


def measure() -> list[Row]:
    """Rows of (what, measured, goal)."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder)))


async def _measure(folder: Path) -> list[Row]:
    made = synthesise_run(RunnerParams(bouts=(Bout(Pace.STAND, 5.0), Bout(Pace.RUN, 2 * (SETTLE_S + SECONDS)))))
    path = recording(folder / "run.csv", made.block)
    async with virtual_sensor("--sensors", str(SENSORS), "--input", str(path)) as sensors:
        with new(mosquitto) as broker:
            page_port = free_port()
            names = sensors.ready["sensors"]
            config = hub_settings(folder, sensors.radio, broker.port, page_port, tuple(names))
            command = [sys.executable, "-m", "sensorhub", "run", "--config", str(config)]
            service = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
            try:
                await asyncio.sleep(SETTLE_S)
                delays_s, core_share = await asyncio.to_thread(watch, service.pid, broker.port, page_port)
            finally:
                service.terminate()
                await service.wait()
    rows = [
        (f"toe-off to {who}, {SENSORS} sensors, {len(delays)} strides", spread(delays), GOALS[who])
        for who, delays in delays_s.items()
    ]
    return [*rows, (f"the whole service, {SENSORS} sensors at 100 Hz", f"{100 * core_share:.0f} % of a core", "25 %")]


def watch(pid: int, broker_port: int, page_port: int) -> tuple[dict[str, list[float]], float]:
    """Delays of strides to each reader, and the share of a core that the service took meanwhile."""
    delays_s: dict[str, list[float]] = {"subscriber": [], "page": []}
    with subscriber(broker_port, delays_s["subscriber"]), page_reader(page_port, delays_s["page"]):
        time.sleep(2.0)
        for delays in delays_s.values():
            delays.clear()  # what was kept before comes first
        start_s, cpu_s = time.monotonic(), cpu_seconds(pid)
        time.sleep(SECONDS)
        core_share = (cpu_seconds(pid) - cpu_s) / (time.monotonic() - start_s)
    return delays_s, core_share


@contextmanager
def subscriber(port: int, delays_s: list[float]) -> Iterator[None]:
    """Listen to the broker."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.on_message = lambda _client, _data, message: note(json.loads(message.payload), delays_s)
    client.connect("127.0.0.1", port)
    client.subscribe("sensorhub/v1/+/+/stride", qos=1)
    client.loop_start()
    yield
    client.loop_stop()
    client.disconnect()


@contextmanager
def page_reader(port: int, delays_s: list[float]) -> Iterator[None]:
    """Listen to the page."""
    done = threading.Event()

    def listen() -> None:
        with Reader(f"http://127.0.0.1:{port}/") as reader:
            for _, record in reader.records():
                if done.is_set():
                    return
                if record["type"] == "stride":
                    note(record, delays_s)

    thread = threading.Thread(target=listen)
    thread.start()
    yield
    done.set()
    thread.join(10)


def note(record: dict[str, object], delays_s: list[float]) -> None:
    """Take how long ago the toe-off of a stride was, by the wall clock that its record carries."""
    if record["revision"] == 0:
        stance_s = float(str(record["toe_off_s"])) - float(str(record["initial_contact_s"]))
        delays_s.append(time.time() - unix_ns(str(record["time"])) / 1e9 - stance_s)


def spread(delays_s: list[float]) -> str:
    """Median and 99th percentile."""
    return f"{1e3 * statistics.median(delays_s):.0f} ms, p99 {1e3 * statistics.quantiles(delays_s, n=100)[98]:.0f} ms"


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used, all its threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
