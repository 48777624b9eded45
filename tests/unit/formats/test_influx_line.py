"""Line protocol: every number comes back, and nothing that grows without end is a tag."""

import math
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhub.formats.influx_line import (
    SESSION_SLOTS,
    escaped_string,
    escaped_tag,
    line_of_json,
    record_line,
    session_slot,
)
from sensorhub.formats.records import encode_record
from sensorhub.model.errors import InputError
from sensorhub.model.exercise import BandWalkSet, ClamshellSet, DrillRep, SidePlankSet
from sensorhub.model.gait import Flag, Side
from sensorhub.model.metrics import METRICS
from sensorhub.model.session import Record, Session
from sensorhub.model.status import ActivitySpan, Gap
from sensorhub.model.summary import Estimate
from tests.support.events import any_event
from tests.support.line_protocol import fields_of, parse_line
from tests.support.strides import stride

START_NS = 1_795_000_000_123_456_789
SESSION = Session("pi", "SH-0001", "ada", "2026-11-22T06-40", START_NS)
TAG_KEYS = {"runner", "session", "sensor", "side", "direction", "activity", "drill"}
STRIDE = stride(41, initial_contact_s=12.5, toe_off_s=12.75, step_time_s=None, flags=(Flag.GAP, Flag.TURN))

numbers = st.floats(-1e6, 1e6, allow_nan=False)
names = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\\"), min_size=1, max_size=20)
sessions = st.builds(Session, hub=names, sensor=names, runner=names, session=names, start_unix_ns=st.integers(0, 2**60))


def expected_numbers(event):
    expected = {}
    for entry in METRICS[type(event)]:
        value = getattr(event, entry.name)
        if isinstance(value, Estimate):
            parts = (value.mean, value.low, value.high, value.n)
            expected |= dict(zip(entry.influx_fields, parts, strict=True))
        elif value is not None:
            expected[entry.influx_field] = float(value)
    return expected


@settings(max_examples=100, deadline=None)
@given(sessions, any_event(numbers, revisions=st.just(0)), st.integers(0, 2**40))
def test_every_number_and_name_comes_back(session, event, seq):
    point = parse_line(record_line(Record(session, seq, event)))
    found = {field: value for field, value in point.fields.items() if isinstance(value, float)}
    assert found.pop("superseded", 0.0) == 0.0
    assert found == expected_numbers(event)
    assert point.tags["runner"] == session.runner
    assert point.tags["sensor"] == session.sensor
    assert point.fields["session_id"] == session.session
    assert set(point.tags) <= TAG_KEYS
    assert set(point.fields) <= fields_of(point.measurement)


def test_a_stride_line_to_the_letter():
    line = record_line(Record(SESSION, 41, STRIDE))
    assert line == (
        "stride,activity=run,runner=ada,sensor=SH-0001,session="
        + session_slot(SESSION.session)
        + ",side=left seq=41.0,revision=0.0,initial_contact_s=12.5,toe_off_s=12.75,stride_time_s=0.72,"
        "ground_contact_time_s=0.25,flight_time_s=0.11,duty_factor=0.347,cadence_spm=166.7,pelvic_drop_deg=4.6,"
        "pelvic_drop_excursion_deg=5.5,obliquity_at_contact_deg=-1.5,pelvic_tilt_deg=8.25,"
        "pelvic_rotation_range_deg=11.0,vertical_oscillation_m=0.081,quality=0.93,"
        'session_id="2026-11-22T06-40",flags="gap,turn",superseded=0.0,reference="standing" 1795000012623456789'
    )


def test_json_and_record_give_the_same_line_and_time():
    record = Record(SESSION, 41, STRIDE)
    assert line_of_json(encode_record(record)) == record_line(record)


def test_unknown_is_left_out_and_zero_is_kept():
    unsure = msgspec.structs.replace(STRIDE, cadence_spm=None, pelvic_drop_deg=0.0)
    point = parse_line(record_line(Record(SESSION, 1, unsure)))
    assert "cadence_spm" not in point.fields
    assert point.fields["pelvic_drop_deg"] == 0.0


def test_integers_and_truths_are_floats():
    plank = SidePlankSet(2, Side.RIGHT, 30.0, None, None, True, 0.9, 5.0, 35.0)
    line = record_line(Record(SESSION, 1, plank))
    assert "set=2.0," in line
    assert "leg_lift=1.0," in line


@pytest.mark.parametrize(
    ("event", "tags"),
    [
        (DrillRep("band_walk", 1, 2, 3.0, Side.LEFT, None, 0.5, None), {"drill": "band_walk", "direction": "left"}),
        (
            DrillRep("standing_clamshell", 1, 2, 3.0, None, Side.RIGHT, 0.5, None),
            {"drill": "standing_clamshell", "side": "right"},
        ),
        (BandWalkSet(1, Side.RIGHT, 10, 0.0, 9.0, 60.0, 0.9, 0.8), {"drill": "band_walk", "direction": "right"}),
        (ClamshellSet(1, None, None, 0.0, "too level", 0.0, 9.0, None, 0.8), {"drill": "standing_clamshell"}),
        (ClamshellSet(1, Side.LEFT, 9, 0.9, None, 0.0, 9.0, 1.0, 0.8), {"drill": "standing_clamshell", "side": "left"}),
        (ActivitySpan("run", 1.0, 2.0), {"activity": "run"}),
        (Gap(1.0, 2.0, 100), {}),
    ],
    ids=lambda part: type(part).__name__,
)
def test_tags_say_what_was_done_and_on_which_side(event, tags):
    point = parse_line(record_line(Record(SESSION, 1, event)))
    assert {key: value for key, value in point.tags.items() if key not in {"runner", "sensor", "session"}} == tags


def test_a_revision_that_changes_side_takes_the_old_point_back():
    revised = msgspec.structs.replace(STRIDE, revision=1, side=Side.RIGHT)
    first, *rest = record_line(Record(SESSION, 41, revised)).split("\n")
    assert parse_line(first).fields["superseded"] == 0.0
    taken_back = [parse_line(line) for line in rest]
    old = parse_line(record_line(Record(SESSION, 41, STRIDE)))
    assert old.series in {point.series for point in taken_back}
    assert parse_line(first).series not in {point.series for point in taken_back}
    assert {point.time_ns for point in taken_back} == {old.time_ns}
    assert all(point.fields == {"superseded": 1.0} for point in taken_back)


def test_the_session_tag_never_grows():
    slots = {session_slot(f"{runner}-{day}") for runner in range(50) for day in range(365)}
    assert len(slots) == SESSION_SLOTS


def test_no_wall_time_is_an_error_that_names_the_record():
    with pytest.raises(InputError, match="Record 7 of session '2026-11-22T06-40' has no wall time"):
        record_line(Record(replace(SESSION, start_unix_ns=None), 7, STRIDE))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_an_error_that_names_the_field(value):
    with pytest.raises(InputError, match="cadence_spm"):
        record_line(Record(SESSION, 7, msgspec.structs.replace(STRIDE, cadence_spm=value)))


@pytest.mark.parametrize("instant_s", [math.nan, math.inf, 1e299])
def test_an_instant_that_is_none_is_an_error(instant_s):
    with pytest.raises(InputError, match="which is no session"):
        record_line(Record(SESSION, 7, msgspec.structs.replace(STRIDE, initial_contact_s=instant_s)))


@pytest.mark.parametrize("name", ["a\nb", "a\x00b", "a\x7fb", "ends in \\", "a\\,b", "a\\ b", "a\\=b"])
def test_a_name_that_line_protocol_cannot_carry_is_refused(name):
    with pytest.raises(InputError, match=r"The name .* has a "):
        escaped_tag(name)


def test_an_empty_name_is_no_tag():
    assert "runner" not in parse_line(record_line(Record(replace(SESSION, runner=""), 7, STRIDE))).tags


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_a_string_field_comes_back(text):
    assert parse_line(f"m field={escaped_string(text)} 1").fields == {"field": text}
