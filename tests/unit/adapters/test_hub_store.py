import contextlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import msgspec
import pytest

from sensorhub.adapters.sqlite.hub_store import HubStore
from sensorhub.formats.records import decode_record
from sensorhub.model.status import SensorStatus
from sensorhub.pipeline.stored import StoredMark
from tests.support.delivery import wait_until
from tests.support.strides import SESSION, stride


@pytest.fixture
def path(tmp_path):
    return tmp_path / "hub.sqlite"


def test_a_record_is_in_the_outbox_when_put_returns_and_survives_a_new_start(path):
    with HubStore.open(path) as store:
        record = store.put(stride(1), SESSION)
    with HubStore.open(path) as store:
        (letter,) = store.outbox.next_letters(0, 10)
    assert letter.topic == "sensorhub/v1/club/clip/stride"
    sent = decode_record(letter.payload)
    assert (sent.seq, sent.session, sent.event) == (
        record.seq,
        SESSION,
        msgspec.structs.replace(stride(1), seq=record.seq),
    )


def test_numbers_rise_and_are_never_used_again_after_pruning_or_loss(path):
    with HubStore.open(path, stored_by=("influx",)) as store:
        first = store.put_many([(stride(n), SESSION) for n in range(5)])
        store.outbox.mark_stored("influx", StoredMark(ranges=((first[0].seq, first[-1].seq),)))
        assert store.outbox.prune(keep=0) == 0  # the keeper lacks them
        store.unkept.kept(store.unkept.oldest(10))
        assert store.outbox.prune(keep=0) == 5
        second = store.put(stride(5), SESSION)
    path.unlink()
    with HubStore.open(path) as store:
        third = store.put(stride(6), SESSION)
    numbers = [record.seq for record in [*first, second, third]]
    assert numbers == sorted(set(numbers))


def test_a_revision_keeps_its_number_and_is_sent_again(path):
    with HubStore.open(path, stored_by=("influx",)) as store:
        first = store.put(stride(1), SESSION)
        (old,) = store.outbox.next_letters(0, 10)
        revised = store.put(stride(1, revision=1), SESSION)
        store.outbox.delivered([old])  # the answer to the old letter must not take the new one away
        (new,) = store.outbox.next_letters(0, 10)
        assert revised.seq == first.seq == new.seq
        assert (old.revision, new.revision) == (0, 1)
        store.outbox.delivered([new])
        store.outbox.mark_stored("influx", StoredMark(ranges=((first.seq, first.seq),)))
        assert store.status().unconfirmed == 1  # revision 0 is stored, revision 1 not yet
        store.outbox.mark_stored("influx", StoredMark(revised=((first.seq, 1),)))
        assert store.status().unconfirmed == 0


def test_the_same_stride_again_changes_nothing(path):
    with HubStore.open(path) as store:
        first = store.put(stride(1, revision=1), SESSION)
        assert store.put(stride(1, revision=1), SESSION).seq == first.seq
        assert store.put(stride(1, revision=0), SESSION).seq == first.seq
        assert [letter.revision for letter in store.outbox.next_letters(0, 10)] == [1]


def test_what_no_broker_could_take_is_a_dead_letter_at_once(path):
    with HubStore.open(path) as store:
        too_big = replace(SESSION, runner="x" * 20_000)
        store.put_many([(stride(1), too_big), (stride(2), too_big), (stride(3), SESSION)])
        assert [letter.tries for letter in store.outbox.dead_letters()] == [0, 0]
        assert len(store.outbox.next_letters(0, 10)) == 1
        assert store.outbox.retry_dead_letters() == 2


def test_refusals_count_and_move_to_the_end(path):
    with HubStore.open(path) as store:
        first, second = store.put_many([(stride(1), SESSION), (stride(2), SESSION)])
        store.outbox.refused(store.outbox.next_letters(0, 1)[0], "no", give_up=False)
        letters = store.outbox.next_letters(0, 10)
        assert [(letter.seq, letter.tries) for letter in letters] == [(second.seq, 0), (first.seq, 1)]
        store.outbox.refused(letters[1], "still no", give_up=True)
        (dead,) = store.outbox.dead_letters()
        assert (dead.seq, dead.tries, dead.reason) == (first.seq, 2, "still no")


def test_what_is_never_confirmed_is_queued_again_but_not_what_was_sent_just_now(path):
    with HubStore.open(path, stored_by=("influx",)) as store:
        store.put(stride(1), SESSION)
        store.outbox.delivered(store.outbox.next_letters(0, 10))
        for expected in (0, 0, 1):
            assert store.outbox.requeue_unconfirmed("influx", 10) == expected
            store.outbox.tick()
        store.outbox.delivered(store.outbox.next_letters(0, 10))
    with HubStore.open(path, stored_by=("influx",)) as store:
        assert store.outbox.next_letters(0, 10) == []
        assert store.outbox.requeue_unconfirmed("influx", 10) == 1


def test_a_record_stays_until_every_group_has_it(path):
    with HubStore.open(path, stored_by=("influx", "archive")) as store:
        record = store.put(stride(1), SESSION)
        store.unkept.kept(store.unkept.oldest(10))
        store.outbox.delivered(store.outbox.next_letters(0, 10))
        store.outbox.mark_stored("influx", StoredMark(ranges=((record.seq, record.seq),)))
        store.outbox.mark_stored("stranger", StoredMark(ranges=((record.seq, record.seq),)))
        assert store.status().unconfirmed == 1
        store.put(stride(2), SESSION)
        assert store.outbox.prune(keep=0) == 0
        store.outbox.tick()
        store.outbox.tick()
        assert store.outbox.requeue_unconfirmed("influx", 10) == 0
        assert store.outbox.requeue_unconfirmed("archive", 10) == 1
        store.outbox.mark_stored("archive", StoredMark(ranges=((record.seq, record.seq),)))
        assert store.outbox.prune(keep=0) == 1


def test_a_group_that_need_not_confirm_any_more_is_not_waited_for(path):
    with HubStore.open(path, stored_by=("influx", "archive")) as store:
        record = store.put(stride(1), SESSION)
        store.outbox.delivered(store.outbox.next_letters(0, 10))
        store.outbox.mark_stored("influx", StoredMark(ranges=((record.seq, record.seq),)))
    with HubStore.open(path, stored_by=("influx",)) as store:
        assert store.status().unconfirmed == 0


def test_a_hub_without_a_broker_queues_nothing_and_forgets_what_the_keeper_has(path):
    with HubStore.open(path, stored_by=("influx",)) as store:
        store.put(stride(1), SESSION)
    with HubStore.open(path, stored_by=None) as store:
        assert (store.depth(), store.status().unsent) == (0, 0)
        store.put(stride(2), SESSION)
        assert (store.depth(), store.outbox.queue_everything(), store.outbox.prune(keep=0)) == (0, 0, 0)
        store.unkept.kept(store.unkept.oldest(10))
        assert store.outbox.prune(keep=0) == 2
    with HubStore.open(path) as store:
        store.put(stride(3), SESSION)
        assert (store.depth(), store.status().unsent) == (1, 1)


def test_a_full_disk_keeps_records_in_memory_and_writes_them_when_there_is_room(path):
    with HubStore.open(path) as store:
        pages = store._database.number("PRAGMA page_count")
        store._database.query(f"PRAGMA max_page_count = {pages + 3}")
        records = [store.put(stride(n), SESSION) for n in range(100)]
        status = store.status()
        assert status.in_memory_only > 0
        assert "no room left" in status.detail
        assert not path.with_name("hub.sqlite.ballast").exists()
        store._database.query("PRAGMA max_page_count = 100000")
        store.retry()
        assert store.status().in_memory_only == 0
        assert store.status().detail is None
        assert [letter.seq for letter in store.outbox.next_letters(0, 200)] == [record.seq for record in records]


def test_what_finds_no_room_in_memory_either_is_told(path, monkeypatch):
    monkeypatch.setattr("sensorhub.adapters.sqlite.hub_store.BACKLOG_LIMIT", 10)
    with HubStore.open(path) as store:
        pages = store._database.number("PRAGMA page_count")
        store._database.query(f"PRAGMA max_page_count = {pages}")
        records = [store.put(stride(n), SESSION) for n in range(100)]
        store._database.query("PRAGMA max_page_count = 100000")
        store.retry()
        kept = [letter.seq for letter in store.outbox.next_letters(0, 200)]
        assert kept[-10:] == [record.seq for record in records][-10:]
        assert f"{100 - len(kept)} records found no room" in store.trouble()


def test_a_hub_that_nobody_confirms_for_counts_the_brokers_word(path):
    with HubStore.open(path, stored_by=()) as store:
        store.put(stride(1), SESSION)
        store.outbox.delivered(store.outbox.next_letters(0, 10))
        assert store.status().unconfirmed == 0


def test_the_files_are_their_owners_only(path):
    with HubStore.open(path) as store:
        store.put(stride(1), SESSION)
        assert {
            oct(p.stat().st_mode & 0o077)
            for p in path.parent.glob("hub.sqlite*")
            if "seq" not in p.name and "ballast" not in p.name
        } == {"0o0"}


def test_a_file_that_another_program_holds_keeps_nobody_from_measuring(path, monkeypatch):
    monkeypatch.setattr("sensorhub.adapters.sqlite.database.BUSY_TIMEOUT_S", 0.05)
    with HubStore.open(path) as store, contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        record = store.put(stride(1), SESSION)
        assert "in use" in store.status().detail
        other.execute("ROLLBACK")
        store.retry()
        assert store.trouble() is None
        assert [letter.seq for letter in store.outbox.next_letters(0, 10)] == [record.seq]


def test_a_status_is_told_how_many_records_the_far_end_lacks_when_it_is_kept(path):
    with HubStore.open(path) as store:
        store.put_many([(stride(1), SESSION), (stride(2), SESSION)])
        record = store.put(SensorStatus(0.0, True, None, None, 100.0, None, None, None), SESSION)
    assert record.event.outbox_depth == 2


def test_a_disk_that_does_not_answer_is_said_while_it_does_not(path, monkeypatch):
    monkeypatch.setattr("sensorhub.adapters.sqlite.hub_store.ANSWER_WITHIN_S", 0.01)
    with HubStore.open(path) as store, ThreadPoolExecutor() as threads:
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            putting = threads.submit(store.put, stride(1), SESSION)
            wait_until(lambda: "does not answer" in (store.trouble() or ""))
            other.execute("ROLLBACK")
        assert putting.result(60.0).seq
        assert store.trouble() is None
