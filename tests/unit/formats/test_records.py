import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorhub.formats.records import decode_record, encode_event, encode_record, rfc3339, unix_ns
from sensorhub.model.errors import InputError
from sensorhub.model.exercise import ClamshellSet, DrillRep
from sensorhub.model.gait import Stride
from sensorhub.model.session import Record, Session
from sensorhub.model.status import Gap
from sensorhub.model.summary import Estimate
from tests.support import strides
from tests.support.events import any_event

SESSION = Session("pi", "SH-0001", "ada", "2026-11-22T06-40", 1_795_000_000_123_456_789)
micros = st.integers(-(10**9), 10**9).map(lambda micro: micro / 1e6)


@given(any_event(micros, revisions=st.integers(0, 9)), st.integers(0, 2**40))
def test_a_record_comes_back_as_it_went(event, seq):
    record = Record(SESSION, event.seq if isinstance(event, Stride) else seq, event)
    assert decode_record(encode_record(record)) == record


def test_unknown_is_null_and_never_zero():
    line = encode_event(DrillRep("band_walk", 1, 1, 2.0, "left", None, None, None))
    assert json.loads(line)["duration_s"] is None


def test_a_set_names_its_drill_first():
    line = encode_event(ClamshellSet(1, "left", None, 0.0, "too level", 0.0, 20.0, None, 99.0))
    assert list(json.loads(line))[:2] == ["type", "drill"]
    assert json.loads(line)["reps"] is None


def test_an_estimate_lies_inside_its_summary():
    told = strides.summary(pelvic_drop_left_deg=Estimate(1.0, 0.5, 1.5, 9))
    assert json.loads(encode_event(told))["pelvic_drop_left_deg"] == {"mean": 1.0, "low": 0.5, "high": 1.5, "n": 9}


def test_time_is_the_events_own_and_keeps_the_nanosecond():
    record = Record(SESSION, 7, Gap(2.5, 3.0, 50))
    assert json.loads(encode_record(record))["time"] == rfc3339(SESSION.start_unix_ns + 2_500_000_000)


@given(st.integers(0, 2**62))
def test_rfc3339_there_and_back(instant):
    assert unix_ns(rfc3339(instant)) == instant


def test_an_instant_of_another_zone_is_not_taken_for_utc():
    with pytest.raises(ValueError, match="isoformat"):
        unix_ns("2026-11-22T06:40:00+02:00")


@pytest.mark.parametrize(
    "line", [b"", b"{}", b"[1]", b'{"type":"stride"}', b'{"type":"drill_set","drill":"squat"}', b"\xff"]
)
def test_what_is_no_record_is_refused(line):
    with pytest.raises(InputError, match="Not a sensorhub record"):
        decode_record(line)


def test_a_newer_hubs_extra_keys_are_passed_over():
    mapping = json.loads(encode_record(Record(SESSION, 7, Gap(2.5, 3.0, 50))))
    assert decode_record(json.dumps(mapping | {"novelty": 1})).event == Gap(2.5, 3.0, 50)
