import json
from dataclasses import replace

import msgspec
import pytest

from sensorhub.adapters.sqlite.keeper import Keeper
from sensorhub.formats.records import encode_record
from sensorhub.model.exercise import BandWalkSet, ClamshellSet, SidePlankSet
from sensorhub.model.gait import Flag, Side
from sensorhub.model.session import Record
from sensorhub.model.status import Gap
from tests.support.strides import SESSION, stride


def line(seq, event, session=SESSION):
    return encode_record(Record(session, seq, event))


@pytest.fixture
def keeper(tmp_path):
    with Keeper.open(tmp_path / "keeper.sqlite") as keeper:
        yield keeper


def numbers(records):
    return [json.loads(record.data)["seq"] for record in records]


def test_twice_is_once_and_the_highest_revision_holds_whatever_comes_last(keeper):
    lines = [line(1, stride(1, revision=2)), line(1, stride(1)), line(2, stride(2)), line(2, stride(2))]
    assert [new.data for new in keeper.keep(lines)] == [lines[0], lines[2]]
    assert keeper.keep([line(1, stride(1, revision=1))]) == []
    assert [json.loads(record.data)["revision"] for record in keeper.records_of("s1", 10)] == [2, 0]


def test_a_reader_that_resumes_gets_what_is_new_and_what_was_revised(keeper):
    keeper.keep([line(seq, stride(seq)) for seq in (1, 2, 3)])
    last = keeper.recent(1)[-1].event_id
    told = keeper.keep([line(2, stride(2, revision=1)), line(4, stride(4))])
    assert numbers(told) == [2, 4]
    assert keeper.since(last, 10) == told
    assert numbers(keeper.since(last, 1)) == [2]
    assert numbers(keeper.recent(3)) == [3, 2, 4]
    assert numbers(keeper.records_of("s1", 10)) == [1, 2, 3, 4]
    assert keeper.records_of("nobody's", 10) == []


def test_two_hubs_may_use_the_same_number(keeper):
    keeper.keep([line(1, stride(1)), line(1, stride(1), replace(SESSION, hub="other"))])
    assert keeper.count() == 2


def test_a_digest_takes_trusted_strides_only_and_follows_what_is_added(keeper):
    doubtful = msgspec.structs.replace(stride(5), pelvic_drop_deg=40.0, flags=(Flag.GAP,))
    vague = msgspec.structs.replace(stride(7), pelvic_drop_deg=40.0, quality=0.1)
    events = [
        msgspec.structs.replace(stride(1), pelvic_drop_deg=3.0),
        msgspec.structs.replace(stride(3), pelvic_drop_deg=5.0),
        doubtful,
        vague,
    ]
    keeper.keep([line(seq, event) for seq, event in enumerate(events, start=1)])
    (digest,) = keeper.sessions(10)
    assert (digest.session, digest.runner, digest.strides) == ("s1", "ada", 4)
    assert digest.pelvic_drop_left_deg == pytest.approx(4.0)
    assert digest.pelvic_drop_right_deg is None
    assert digest.start_unix_ns == SESSION.start_unix_ns
    keeper.keep([line(9, msgspec.structs.replace(stride(9), pelvic_drop_deg=10.0)), line(10, Gap(1.0, 2.0, 100))])
    assert keeper.sessions(10)[0].pelvic_drop_left_deg == pytest.approx(6.0)


def test_a_digest_counts_drills(keeper):
    sets = [
        BandWalkSet(1, Side.LEFT, 10, 0.0, 20.0, 30.0, 1.0, 80.0),
        BandWalkSet(2, Side.RIGHT, 12, 30.0, 50.0, 30.0, 1.0, 90.0),
        SidePlankSet(1, Side.LEFT, 31.5, 1.0, 0.1, False, 0.9, 60.0, 91.5),
        ClamshellSet(1, Side.LEFT, None, 0.1, "too level to count", 100.0, 130.0, None, 100.0),
    ]
    keeper.keep([line(seq, event, replace(SESSION, session="d")) for seq, event in enumerate(sets, start=1)])
    keeper.keep([line(99, stride(1))])
    newest, drills = keeper.sessions(10)
    assert newest.session == "s1"
    assert (drills.band_walk_sets, drills.band_walk_steps) == (2, 22)
    assert (drills.side_plank_sets, drills.side_plank_hold_s) == (1, 31.5)
    assert (drills.standing_clamshell_sets, drills.standing_clamshell_reps) == (1, 0)
    assert drills.level_score == pytest.approx(90.0)
    assert drills.strides == 0
    assert drills.pelvic_drop_left_deg is None
