"""Frames joined from two notifications, and fixed ones under rubbish."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhub.protocol.commands import parse_pattern
from sensorhub.protocol.framing import FixedFramer, JoinedFramer

HEADERS = [parse_pattern("5561"), parse_pattern("5571")]


def joiner():
    return JoinedFramer(parse_pattern("02"), parse_pattern("03"), 2)


def test_two_parts_are_joined_and_a_single_one_is_given_when_the_next_begins():
    framer = joiner()
    assert framer.feed(b"\x02\x63abc") == []
    assert framer.feed(b"\x03\x63def") == [b"\x02\x63abcdef"]
    assert framer.feed(b"\x02\x63one") == []
    assert framer.feed(b"\x02\x63two") == [b"\x02\x63one"]
    assert framer.feed(b"\x01\x63reply") == [b"\x02\x63two", b"\x01\x63reply"]
    assert framer.broken == 0


def test_a_continuation_without_its_beginning_is_broken():
    framer = joiner()
    framer.feed(b"\x02\x63abc")
    framer.reset()
    assert framer.feed(b"\x03\x63def") == []
    assert framer.broken == 1


@settings(max_examples=50, deadline=None)
@given(st.lists(st.binary(min_size=18, max_size=18), max_size=6), st.lists(st.integers(0, 120), max_size=8))
def test_fixed_frames_are_the_same_in_any_cut(bodies, cuts):
    stream = b"".join(b"\x55\x61" + body for body in bodies)
    framer = FixedFramer(20, HEADERS)
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    frames = [frame for a, b in itertools.pairwise(edges) for frame in framer.feed(stream[a:b])]
    assert frames == [b"\x55\x61" + body for body in bodies]
    assert framer.broken == 0


def test_rubbish_costs_itself_only():
    framer = FixedFramer(20, HEADERS)
    whole = b"\x55\x61" + bytes(18)
    frames = framer.feed(b"\x00\x55\x55" + whole + b"\x99" * 7 + whole + whole[:5])
    assert frames == [whole, whole]
    assert framer.broken == 2
