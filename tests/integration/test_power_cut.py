"""R2: a power cut at any moment, with any part of the unsynced writes on the disk: no acknowledged record is lost."""

import contextlib
import random
import sqlite3

import pytest

from sensorhub.adapters.sqlite.feeder import Feeder
from sensorhub.adapters.sqlite.hub_store import HubStore
from sensorhub.adapters.sqlite.keeper import Keeper
from sensorhub.pipeline.stored import StoredMark
from tests.support.delivery import ignore
from tests.support.power_cut import Disk, recorded_disk
from tests.support.strides import SESSION, stride

pytestmark = pytest.mark.integration


@contextlib.contextmanager
def opened(folder):
    """A store and what feeds the keeper from it, without its thread."""
    with (
        HubStore.open(folder / "hub.sqlite", stored_by=["influx"]) as store,
        Keeper.open(folder / "keeper.sqlite") as keeper,
    ):
        yield store, Feeder(store, keeper, ignore, ignore)


def record_a_busy_store(folder) -> Disk:
    """A store that keeps, feeds, sends, hears and prunes; every record is acknowledged when put returns."""
    with recorded_disk() as disk, opened(folder) as (store, feeder):
        for number in range(150):
            record = store.put(stride(number), SESSION)
            disk.acknowledge(record.seq)
            if number % 3 == 0:
                store.outbox.delivered(store.outbox.next_letters(0, 2))
            if number % 3 == 1:
                feeder.feed()
            if number == 60:
                store._database.query("PRAGMA wal_checkpoint(TRUNCATE)")
            if number == 100:
                store.outbox.mark_stored("influx", StoredMark(ranges=((record.seq - 5, record.seq),)))
    return disk


def lost_after_cut(disk, cut, chance, folder) -> set[int]:
    """The acknowledged numbers that the store, or the keeper once it was fed, does not have after this power cut."""
    folder.mkdir()
    for name, content in disk.image(cut, chance).items():
        (folder / name).write_bytes(content)
    with opened(folder) as (store, feeder):
        if disk.safe_at(cut):  # before that the file itself may be half made
            assert store.status().detail is None, "a power cut must not look like damage"
        feeder.feed()
    return set(disk.safe_at(cut)) - (numbers_in(folder / "hub.sqlite") & numbers_in(folder / "keeper.sqlite"))


def numbers_in(path) -> set[int]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return {seq for (seq,) in connection.execute("SELECT seq FROM record")}


def cut_power(tmp_path, images, seed):
    disk = record_a_busy_store(tmp_path / "live")
    assert len(disk.ops) > 500
    chance = random.Random(seed)
    for number in range(images):
        folder = tmp_path / f"image-{number}"
        assert lost_after_cut(disk, chance.randrange(len(disk.ops)), chance, folder) == set()


def test_a_hundred_power_cuts_lose_nothing(tmp_path):
    cut_power(tmp_path, images=100, seed=2)


def test_the_test_sees_a_loss_where_commits_are_not_synced(tmp_path, monkeypatch):
    real = "PRAGMA synchronous = FULL"
    monkeypatch.setattr("sensorhub.adapters.sqlite.database.DURABILITY", real.replace("FULL", "OFF"))
    disk = record_a_busy_store(tmp_path / "live")
    chance = random.Random(3)
    losses = 0
    for number in range(20):
        folder = tmp_path / f"image-{number}"
        try:
            losses += bool(lost_after_cut(disk, chance.randrange(len(disk.ops)), chance, folder))
        except AssertionError:
            losses += 1
    assert losses > 0
