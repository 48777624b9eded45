"""R2: a power cut at any moment, with any part of the unsynced writes on the disk: no acknowledged record is lost."""

import random

import pytest

from sensorhub.adapters.sqlite.hub_store import HubStore
from sensorhub.pipeline.stored import StoredMark
from tests.support.power_cut import Disk, recorded_disk
from tests.support.strides import SESSION, stride

pytestmark = pytest.mark.integration


def record_a_busy_store(folder) -> Disk:
    """A store that keeps, sends, hears and prunes; every record is acknowledged when put returns."""
    with recorded_disk() as disk, HubStore.open(folder / "hub.sqlite", stored_by=["influx"]) as store:
        for number in range(150):
            record = store.put(stride(number), SESSION)
            disk.acknowledge(record.seq)
            if number % 3 == 0:
                store.outbox.delivered(store.outbox.next_letters(0, 2))
            if number == 60:
                store._database.query("PRAGMA wal_checkpoint(TRUNCATE)")
            if number == 100:
                store.outbox.mark_stored("influx", StoredMark(ranges=((record.seq - 5, record.seq),)))
    return disk


def lost_after_cut(disk, cut, chance, folder) -> set[int]:
    """The acknowledged numbers that a store does not have after this power cut."""
    folder.mkdir()
    for name, content in disk.image(cut, chance).items():
        (folder / name).write_bytes(content)
    with HubStore.open(folder / "hub.sqlite", stored_by=["influx"]) as store:
        if disk.safe_at(cut):  # before that the file itself may be half made
            assert store.status().detail is None, "a power cut must not look like damage"
        kept = {row[0] for row in store._database.query("SELECT seq FROM record")}
    return set(disk.safe_at(cut)) - kept


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
