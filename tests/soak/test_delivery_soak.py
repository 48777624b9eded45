"""The delivery's reliability goals at their large counts. SENSORHUB_SOAK_SHARE=0.05 does a twentieth of each."""

import asyncio
import contextlib
import os
import random
import resource
import signal
import time
from dataclasses import replace

import pytest

from sensorhub.adapters.mqtt.sender import Sender
from sensorhub.adapters.sqlite.hub_store import HubStore
from sensorhub.adapters.sqlite.refused_book import SqliteRefusedBook
from sensorhub.config import MqttSettings
from tests.integration import test_damage, test_kills, test_power_cut, test_write
from tests.support.bad_network import BadNetwork
from tests.support.delivery import FORK, QUICK, ignore, kept_numbers, open_hub, running_writer, unconfirmed, wait_until
from tests.support.forked_service import forked
from tests.support.killed_service import kill_service, started
from tests.support.strides import SESSION, stride

pytestmark = [pytest.mark.integration, pytest.mark.server, pytest.mark.timeout(7200)]

SHARE = float(os.environ.get("SENSORHUB_SOAK_SHARE", "1"))


def share_of(count):
    """The large count, or the share of it that was asked for."""
    return max(1, round(SHARE * count))


def test_r1_kills(tmp_path, soak_table):
    kills = share_of(1000)
    sensor = test_kills.kill_everything(tmp_path, kills, seed=11)
    assert unconfirmed(tmp_path / "hub.sqlite") == 0
    assert kept_numbers(tmp_path / "keeper.sqlite") == list(range(sensor.made))
    soak_table(
        "R1",
        f"hub killed x{kills}, broker x{kills // 10}, writer x{kills // 7}, {sensor.made} strides",
        f"0 lost, 0 doubled, live again in {max(sensor.live_after_s):.1f} s at most",
    )


@pytest.mark.parametrize(("start", "what", "count"), [(started, "as a command", 20), (forked, "forked", 1000)])
def test_r1_whole_service(tmp_path, soak_table, start, what, count):
    kills = share_of(count)
    killed = asyncio.run(kill_service(tmp_path, kills, seed=7, start=start))
    matched = killed.matched()
    assert -1 not in matched
    assert len(set(matched)) == len(matched)
    assert killed.told <= {seq for seq, _ in killed.strides}
    assert killed.unexplained() == []
    heard_s, live_s = killed.heard_after_s(), sorted(killed.live_after_s)
    soak_table(
        "R1",
        f"the whole service, {what}, killed x{kills}, broker x{kills // 10}, {len(matched)} strides kept",
        f"0 lost that was stored, 0 doubled, all others of {len(killed.contacts_s)} in a recorded gap; samples kept "
        f"again after {spread(heard_s)}, measured after {spread(live_s)}",
    )


def spread(sorted_s):
    """Median, 99th percentile and most."""
    if not sorted_s:
        return "no time that anybody measured"
    median_s, p99_s = sorted_s[len(sorted_s) // 2], sorted_s[len(sorted_s) * 99 // 100]
    return f"{median_s:.1f} s, p99 {p99_s:.1f} s, {sorted_s[-1]:.1f} s at most"


def test_r2_power_cuts(tmp_path, soak_table):
    images = share_of(3000)
    test_power_cut.cut_power(tmp_path, images, seed=12)
    soak_table(
        "R2", f"{images} power cuts with any part of the unsynced writes", "0 acknowledged records lost, 0 corrupt"
    )


@pytest.mark.parametrize("kind", ["store", "keeper"])
def test_r3_damage(tmp_path, soak_table, kind):
    files = share_of(5000)
    make, read = getattr(test_damage, f"make_{kind}"), getattr(test_damage, f"read_{kind}")
    took_s, worked_s = test_damage.damage_many(tmp_path, make, read, files, seed=13)
    soak_table(
        "R3",
        f"{files} truncated, flipped or overwritten files of a {kind}",
        f"whole rows kept, open in {took_s:.1f} s at most, {1e3 * worked_s:.0f} ms of processor",
    )


def drain_process(connection, folder, port, count):
    """Keep `count` strides while there is no broker, then empty the outbox; tell the rate and the memory."""
    with open_hub(folder / "hub.sqlite", QUICK) as store:
        for start in range(0, count, 1000):
            store.put_many([(stride(n), SESSION) for n in range(start, min(count, start + 1000))])
        connection.send("full")
        connection.recv()
        began_s = time.monotonic()
        with Sender(store.outbox, SESSION.hub, MqttSettings(port=port), ignore, QUICK):
            wait_until(lambda: store.status().unsent == 0, within_s=7000.0)
            drained_s = time.monotonic() - began_s
            wait_until(lambda: store.status().unconfirmed == 0, within_s=7000.0)
        connection.send((drained_s, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def test_r4_days_without_a_broker(tmp_path, mosquitto_server, soak_table):
    count = share_of(200_000)
    mosquitto_server.kill()
    ours, theirs = FORK.Pipe()
    process = FORK.Process(target=drain_process, args=(theirs, tmp_path, mosquitto_server.port, count))
    process.start()
    assert ours.recv() == "full"
    mosquitto_server.start()
    with running_writer(MqttSettings(port=mosquitto_server.port), tmp_path):
        ours.send("go")
        drained_s, peak_mib = ours.recv()
    process.join()
    process.close()
    assert kept_numbers(tmp_path / "keeper.sqlite") == list(range(count))
    assert peak_mib < 200
    soak_table(
        "R4",
        f"{count} strides gathered without a broker",
        f"0 lost, drained at {count / drained_s:.0f}/s, {peak_mib:.0f} MiB at most",
    )


def test_r5_bad_days_of_the_database(tmp_path, mosquitto_server, influx2, soak_table):
    rounds, at_once = share_of(100), 100
    chance = random.Random(5)
    settings = MqttSettings(port=mosquitto_server.port)
    config = test_write.write_settings(tmp_path, mosquitto_server, influx2)
    with (
        HubStore.open(tmp_path / "hub.sqlite", QUICK, stored_by=["influx"]) as store,
        Sender(store.outbox, SESSION.hub, settings, ignore, QUICK),
        test_write.writing(config) as writer,
    ):
        for number in range(rounds):
            influx2.faults.append(chance.choice([401, 429, 503, 0.3, 2.5, "half", "drop"]))
            store.put_many([(stride(at_once * number + step), SESSION) for step in range(at_once)])
            if number % 50 == 25:
                store.put(stride(0), replace(SESSION, session=f"no wall time {number}", start_unix_ns=None))
                writer.end(signal.SIGKILL)
                writer.start()
            wait_until(lambda: len(influx2.faults) < 3, within_s=60.0)
        wait_until(lambda: store.status().unconfirmed == 0, within_s=600.0)
    assert test_write.instants(influx2) == test_write.expected(rounds * at_once)
    with contextlib.closing(SqliteRefusedBook(tmp_path / "refused.sqlite")) as book:
        alone = len(book.entries(1000))
    assert alone == len(range(25, rounds, 50))
    soak_table(
        "R5",
        f"{rounds} times 401, 429, 503, slow, half an answer or none, writer killed x{alone}",
        f"{rounds * at_once} strides once each, {alone} bad records alone set aside",
    )


def test_r18_bad_network(tmp_path, mosquitto_server, soak_table):
    rounds = share_of(200)
    chance = random.Random(18)
    with (
        BadNetwork(mosquitto_server.port) as network,
        open_hub(tmp_path / "hub.sqlite", QUICK) as store,
        Sender(store.outbox, SESSION.hub, MqttSettings(port=network.port), ignore, QUICK),
        running_writer(MqttSettings(port=mosquitto_server.port), tmp_path),
    ):
        for number in range(rounds):
            network.delay_s = chance.choice([0.0, 0.0, 0.05])
            network.reset_after_s = chance.choice([None, 0.05, 0.3])
            network.silent = chance.random() < 0.1
            for step in range(20):
                store.put(stride(20 * number + step), SESSION)
            time.sleep(0.1)
        network.delay_s, network.reset_after_s, network.silent = 0.0, None, False
        wait_until(lambda: store.status().unconfirmed == 0, within_s=120.0)
    assert kept_numbers(tmp_path / "keeper.sqlite") == list(range(20 * rounds))
    soak_table(
        "R18",
        f"{rounds} changes of latency, resets and black holes, {network.connections} connections",
        f"0 of {20 * rounds} strides lost",
    )
