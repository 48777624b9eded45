"""Templates and patterns."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhub.model.errors import UsageError
from sensorhub.protocol.commands import parse_pattern, render, template_names
from sensorhub.protocol.match import matches
from sensorhub.protocol.profile import Match


def test_numbers_are_put_in_little_endian():
    assert render("FF {a:u16}{b:i8} {c:f32}", {"a": 0x1234, "b": -2, "c": 1.5}).hex() == "ff3412fe0000c03f"
    assert template_names("FF {a:u16} 00 {b:i8}") == ["a", "b"]


@pytest.mark.parametrize(
    "template, variables, says",
    [
        ("{a:u8}", {"a": 256}, "a = 256 does not fit"),
        ("{a:u8}", {}, "needs a"),
        ("{a:i16}", {"a": 40000}, "does not fit"),
    ],
)
def test_a_number_that_does_not_fit_is_told(template, variables, says):
    with pytest.raises(UsageError, match=says):
        render(template, variables)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=12), st.binary(max_size=4))
def test_a_pattern_fits_what_it_was_made_of(payload, more):
    assert parse_pattern(payload.hex()).fits(payload + more)
    if payload:
        assert not parse_pattern(payload.hex()).fits(payload[:-1])
        assert parse_pattern("??" * len(payload)).fits(payload)
        assert not parse_pattern(payload.hex()).fits(bytes([payload[0] ^ 1]) + payload[1:])


def test_a_sensor_is_known_by_name_or_service_never_by_both():
    match = Match(name_prefix=("Xsens DOT", "Movella DOT"), service="15171000-4947-11e9-8646-d663bd873d93")
    assert matches(match, "movella dot", [], [])
    assert matches(match, None, ["15171000-4947-11E9-8646-D663BD873D93"], [])
    assert not matches(match, "Polar H10", [], [])
    assert not matches(match, None, [], [])
    company = Match(name_regex="^shoe", company_id=2182)
    assert matches(company, "Shoe 1", [], [2182])
    assert not matches(company, "Shoe 1", [], [])
