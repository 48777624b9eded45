"""R1: whatever is killed, whenever: nothing lost, nothing doubled, live again within 3 s."""

import random
import statistics

import pytest

from sensorhub.adapters.mqtt.writer import WriterParams
from tests.support.delivery import DATABASE, FORK, NumberedSensor, kept_numbers, unconfirmed, writer_process
from tests.support.servers import mosquitto

pytestmark = [pytest.mark.integration, pytest.mark.server]


def kill_everything(folder, kills, seed):
    """The hub killed `kills` times, the broker with every tenth, the writer with every seventh. The sensor."""
    chance = random.Random(seed)
    broker = mosquitto(folder / "mosquitto")
    broker.start()
    writer = None
    sensor = NumberedSensor()
    hub_path = folder / "hub.sqlite"
    try:
        for kill in range(1, kills + 1):
            if writer is None:
                writer = FORK.Process(target=writer_process, args=(folder, broker.port, WriterParams(DATABASE)))
                writer.start()
            sensor.feed(hub_path, broker.port, for_s=chance.uniform(0.01, 0.12))
            if kill % 10 == 0:
                broker.kill()
                broker.start()
            if kill % 7 == 0:
                writer.kill()
                writer.join()
                writer = None
        if writer is None:
            writer = FORK.Process(target=writer_process, args=(folder, broker.port, WriterParams(DATABASE)))
            writer.start()
        sensor.feed(hub_path, broker.port, for_s=0.1, kill=False)
    finally:
        if writer is not None:
            writer.kill()
            writer.join()
        broker.stop()
    return sensor


def test_a_hundred_kills_lose_and_double_nothing(tmp_path):
    sensor = kill_everything(tmp_path, kills=100, seed=1)
    assert unconfirmed(tmp_path / "hub.sqlite") == 0
    assert kept_numbers(tmp_path / "keeper.sqlite") == list(range(sensor.made))
    assert statistics.median(sensor.live_after_s) < 3.0  # one alone may meet a machine that stands still
