"""The keeper is filled from the hub's store: all of it, in order, each record told once, whatever comes between."""

import contextlib
import json
import queue
import sqlite3

import pytest

from sensorhub.adapters.sqlite.feeder import Feeder
from sensorhub.adapters.sqlite.hub_store import HubStore
from sensorhub.adapters.sqlite.keeper import Keeper
from sensorhub.model.status import Health
from tests.support.delivery import wait_until
from tests.support.strides import SESSION, number_of, stride

PATIENCE_S = 60.0


class Hub:
    """A store and a keeper in one folder, what was told of the keeper, and how it fared."""

    def __init__(self, folder):
        self.folder = folder
        self.told = queue.SimpleQueue()
        self.statuses = queue.SimpleQueue()

    @contextlib.contextmanager
    def running(self):
        with (
            HubStore.open(self.folder / "hub.sqlite") as store,
            Keeper.open(self.folder / "keeper.sqlite") as keeper,
            Feeder(store, keeper, self.told.put, self.statuses.put),
        ):
            yield store

    def next_told(self, count):
        """The next records that were told, as (number, revision)."""
        records = [self.told.get(timeout=PATIENCE_S) for _ in range(count)]
        assert sorted(record.event_id for record in records) == [record.event_id for record in records]
        return [(number_of(record.data), json.loads(record.data)["revision"]) for record in records]

    def kept(self):
        """Number and revision of what is in the keeper's file, by number."""
        with contextlib.closing(sqlite3.connect(self.folder / "keeper.sqlite")) as connection:
            rows = connection.execute("SELECT payload, revision FROM record ORDER BY seq").fetchall()
        return [(number_of(payload), revision) for payload, revision in rows]


@pytest.fixture
def hub(tmp_path):
    return Hub(tmp_path)


def put(store, *numbers, revision=0):
    store.put_many([(stride(number, revision=revision), SESSION) for number in numbers])


def test_each_record_is_told_once_in_order_and_so_is_its_revision(hub):
    with hub.running() as store:
        put(store, *range(5))
        assert hub.next_told(5) == [(number, 0) for number in range(5)]
        put(store, 2, revision=1)
        put(store, 2, revision=1)
        put(store, 5)
        assert hub.next_told(2) == [(2, 1), (5, 0)]
        wait_until(lambda: not store.unkept.any())
    assert hub.kept() == [(0, 0), (1, 0), (2, 1), (3, 0), (4, 0), (5, 0)]
    assert hub.told.empty()


def test_a_start_goes_on_where_the_end_before_it_left_off(hub):
    with hub.running() as store:
        put(store, 0)
        hub.next_told(1)
    with HubStore.open(hub.folder / "hub.sqlite") as store:
        put(store, 1, 2)
    with hub.running():
        assert hub.next_told(2) == [(1, 0), (2, 0)]


def test_a_kill_between_the_two_commits_tells_nobody_twice(hub):
    with HubStore.open(hub.folder / "hub.sqlite") as store, Keeper.open(hub.folder / "keeper.sqlite") as keeper:
        store.unkept.begin(keeper.number)
        put(store, 0, 1)
        keeper.keep([record.payload for record in store.unkept.oldest(1)])
    with hub.running() as store:
        assert hub.next_told(1) == [(1, 0)]
        wait_until(lambda: not store.unkept.any())
    assert hub.kept() == [(0, 0), (1, 0)]


def test_a_revision_that_comes_while_the_older_one_is_kept_is_kept_too(tmp_path):
    with HubStore.open(tmp_path / "hub.sqlite") as store:
        put(store, 0)
        under_way = store.unkept.oldest(1)
        put(store, 0, revision=1)
        store.unkept.kept(under_way)
        assert [record.revision for record in store.unkept.oldest(1)] == [1]


def test_a_keeper_that_was_lost_is_filled_again_with_all_that_the_store_has(hub):
    with hub.running() as store:
        put(store, *range(1200))
        hub.next_told(1200)
    (hub.folder / "keeper.sqlite").unlink()
    with hub.running() as store:
        wait_until(lambda: len(hub.kept()) == 1200)
        put(store, 1200)
        assert hub.next_told(1) == [(1200, 0)], "nobody is to be told of history"
    assert hub.kept() == [(number, 0) for number in range(1201)]


def test_a_keeper_that_was_damaged_is_said_and_whole_again(hub):
    with hub.running() as store:
        put(store, 0, 1)
        hub.next_told(2)
    keeper_path = hub.folder / "keeper.sqlite"
    keeper_path.write_bytes(keeper_path.read_bytes()[:-1000])
    with hub.running():
        said = hub.statuses.get(timeout=PATIENCE_S)
        assert said.health is Health.LOST
        assert f"the old file is {keeper_path}.damaged-1" in said.detail
        wait_until(lambda: hub.kept() == [(0, 0), (1, 0)])


def test_a_folder_of_before_the_feeder_waits_for_no_mark_and_is_kept_whole(hub):
    store_path, keeper_path = hub.folder / "hub.sqlite", hub.folder / "keeper.sqlite"
    with HubStore.open(store_path, stored_by=["keeper"]) as store, Keeper.open(keeper_path) as keeper:
        put(store, 0, 1, 2)
        keeper.keep([store.unkept.oldest(1)[0].payload])
        store.outbox.delivered(store.outbox.next_letters(0, 3))
        assert store.depth() == 3
    for path, statements in ((store_path, "DROP TABLE unkept"), (keeper_path, "DROP TABLE file")):
        with contextlib.closing(sqlite3.connect(path)) as old:
            old.executescript(f"{statements}; PRAGMA user_version = 1")
    with hub.running() as store:
        assert store.depth() == 0
        wait_until(lambda: len(hub.kept()) == 3 and not store.unkept.any())
    assert hub.kept() == [(0, 0), (1, 0), (2, 0)]


def test_a_damaged_row_holds_up_nobody(hub):
    with HubStore.open(hub.folder / "hub.sqlite") as store, Keeper.open(hub.folder / "keeper.sqlite") as keeper:
        store.unkept.begin(keeper.number)
        put(store, 0, 1)
        store._database.query("UPDATE record SET payload = x'7b' WHERE identity = 'stride:0'")
        with Feeder(store, keeper, hub.told.put, hub.statuses.put):
            assert hub.next_told(1) == [(1, 0)]
            wait_until(lambda: not store.unkept.any())


def test_a_keeper_that_cannot_write_is_said_holds_up_no_store_and_catches_up(hub, monkeypatch):
    monkeypatch.setattr("sensorhub.adapters.sqlite.database.BUSY_TIMEOUT_S", 0.05)
    monkeypatch.setattr("sensorhub.adapters.sqlite.feeder.TRY_AGAIN_S", 0.05)
    with hub.running() as store:
        with contextlib.closing(sqlite3.connect(hub.folder / "keeper.sqlite", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            put(store, 0)
            trouble = hub.statuses.get(timeout=PATIENCE_S)
            assert (trouble.health, "nothing is lost" in trouble.detail) == (Health.LOST, True)
            put(store, 1)
            other.execute("ROLLBACK")
        assert hub.next_told(2) == [(0, 0), (1, 0)]
        assert hub.statuses.get(timeout=PATIENCE_S).health is Health.OK
