"""The end of a session that was killed is a gap in it, and no other session gets one."""

import pytest

from sensorhub.adapters.sqlite.hub_store import HubStore
from sensorhub.app.interruption import LOOK_BACK, interruption
from sensorhub.formats.records import decode_record
from sensorhub.model.status import ActivitySpan, Gap, SensorStatus
from sensorhub.model.summary import Summary
from sensorhub.pipeline.chain import Chain
from tests.support.strides import SESSION, stride

STATUS = SensorStatus(0.1, True, None, None, 100.0, None, None, 0)


@pytest.fixture
def store(tmp_path):
    with HubStore.open(tmp_path / "hub.sqlite") as store:
        yield store


def heard_again(store, after_s):
    last_records = store.latest(SESSION.sensor, LOOK_BACK)
    store.put_many(interruption(last_records, SESSION.start_unix_ns + round(after_s * 1e9)))


def gaps(store):
    letters = store.outbox.next_letters(0, 1000)
    records = [decode_record(letter.payload) for letter in letters if letter.topic.endswith("/gap")]
    return [(record.session.session, record.event) for record in records]


def test_from_the_last_record_until_the_sensor_is_heard_again_nothing_was_measured(store):
    late = [STATUS, stride(10), stride(9), ActivitySpan("stand", 0.2, 5.0)]
    store.put_many([(event, SESSION) for event in late])
    heard_again(store, after_s=10.0)
    assert gaps(store) == [("s1", Gap(3.6 + 1.4, 10.0, 500))]


def test_killed_again_before_anything_was_kept_the_gaps_follow_each_other(store):
    store.put_many([(STATUS, SESSION), (stride(10), SESSION)])
    heard_again(store, after_s=10.0)
    heard_again(store, after_s=12.0)
    assert [(gap.start_s, gap.end_s) for _, gap in gaps(store)] == [(3.6, 10.0), (10.0, 12.0)]


def test_a_gap_is_no_longer_than_a_session_waits_for_its_sensor(store):
    store.put_many([(STATUS, SESSION), (stride(10), SESSION)])
    heard_again(store, after_s=86400.0)
    ((_, gap),) = gaps(store)
    assert gap.end_s - gap.start_s == pytest.approx(900.0)


@pytest.mark.parametrize("after_s", [-3600.0, 2.0])
def test_a_clock_that_went_back_makes_no_gap(store, after_s):
    store.put_many([(STATUS, SESSION), (stride(10), SESSION)])
    heard_again(store, after_s)
    assert gaps(store) == []


def test_a_session_that_was_summed_up_and_one_that_never_was_have_none(store):
    heard_again(store, after_s=10.0)
    (summary,) = Chain().finish()
    assert isinstance(summary, Summary)
    store.put_many([(STATUS, SESSION), (stride(10), SESSION), (summary, SESSION)])
    heard_again(store, after_s=10.0)
    assert gaps(store) == []
