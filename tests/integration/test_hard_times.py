"""R4, R9, R15: a long time without a broker, a clock that jumps, a kill inside a migration."""

import contextlib
import json
import os
import signal
import sqlite3
import time
from dataclasses import replace
from itertools import pairwise

import pytest

from sensorhub.adapters.mqtt.sender import Sender
from sensorhub.adapters.sqlite.database import Database, Schema
from sensorhub.config import MqttSettings
from sensorhub.formats.records import unix_ns
from tests.support.delivery import FORK, QUICK, ignore, kept_numbers, open_hub, running_writer, wait_until
from tests.support.strides import SESSION, stride

pytestmark = [pytest.mark.integration, pytest.mark.server]


def fill(store, count, at_once=500):
    """Keep strides 0 to count."""
    for start in range(0, count, at_once):
        store.put_many([(stride(number), SESSION) for number in range(start, min(count, start + at_once))])


def test_what_gathered_without_a_broker_drains_when_it_is_back(mosquitto_server, tmp_path):
    mosquitto_server.kill()
    settings = MqttSettings(port=mosquitto_server.port)
    with (
        open_hub(tmp_path / "hub.sqlite", QUICK) as store,
        Sender(store.outbox, "club", settings, ignore, QUICK),
        running_writer(settings, tmp_path),
    ):
        fill(store, 5000)
        assert store.status().unsent == 5000
        mosquitto_server.start()
        wait_until(lambda: store.status().unconfirmed == 0)
    assert kept_numbers(tmp_path / "keeper.sqlite") == list(range(5000))


def test_a_clock_that_jumps_moves_no_stride(mosquitto_server, tmp_path, monkeypatch):
    settings = MqttSettings(port=mosquitto_server.port)
    real_time, real_time_ns = time.time, time.time_ns
    shift_s = 0.0
    monkeypatch.setattr(time, "time", lambda: real_time() + shift_s)
    monkeypatch.setattr(time, "time_ns", lambda: real_time_ns() + round(shift_s * 1e9))
    with (
        open_hub(tmp_path / "hub.sqlite", QUICK) as store,
        Sender(store.outbox, "club", settings, ignore, QUICK),
        running_writer(settings, tmp_path) as keeper,
    ):
        for number, jump_s in enumerate([0.0, 1.0, -1.0, -real_time(), 10 * 365.25 * 86400, 0.0, -3600.0]):
            shift_s = jump_s
            for step in range(20):
                store.put(stride(20 * number + step), SESSION)
        wait_until(lambda: store.status().unconfirmed == 0)
        instants = [unix_ns(json.loads(record.data)["time"]) for record in keeper.records_of("s1", 1000)]
    assert len(instants) == 140
    assert all(abs(later - earlier - 360_000_000) < 1000 for earlier, later in pairwise(instants))


OLD = Schema(77, "a test", (("CREATE TABLE row (a INTEGER)",),))
STEPS = tuple(f"CREATE TABLE t{n} AS SELECT a FROM row" for n in range(4))  # noqa: S608 - a number
NEW = Schema(77, "a test", (*OLD.versions, STEPS, ("ALTER TABLE row ADD COLUMN b INTEGER",)))


class DeadlySteps:
    """The statements of a migration, of which the process dies after so many."""

    def __init__(self, steps):
        self.steps = steps

    def __iter__(self):
        yield from STEPS[: self.steps]
        os.kill(os.getpid(), signal.SIGKILL)


def migrating_process(path, steps):
    """Die inside the migration."""
    Database(path, replace(NEW, versions=(*OLD.versions, DeadlySteps(steps), *NEW.versions[2:])))


@pytest.mark.parametrize("steps", [0, 1, 4])
def test_a_kill_inside_a_migration_leaves_the_version_before(tmp_path, steps):
    path = tmp_path / "old.sqlite"
    old = Database(path, OLD)
    with old.transaction() as connection:
        connection.executemany("INSERT INTO row VALUES (?)", ((n,) for n in range(2000)))
    old.close()
    process = FORK.Process(target=migrating_process, args=(path, steps))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    process.close()
    assert version_of(path) == 1
    new = Database(path, NEW)
    assert new.number("SELECT count(b IS NULL) FROM row") == 2000
    assert new.number("SELECT count(*) FROM t3") == 2000
    new.close()


def version_of(path):
    """The version in the file, without migrating it."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]
