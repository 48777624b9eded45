"""R7, small: damaged packets never raise, never pass a wrong length or checksum, never give what is no number."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhub.adapters.profiles import all_profiles
from sensorhub.model.frames import RawFrame
from sensorhub.pipeline.decoder import SensorDecoder
from tests.support.mutations import example_frames, fuzz, native_is_whole

PROFILES = all_profiles()


@pytest.mark.parametrize("profile", PROFILES, ids=[profile.name for profile in PROFILES])
def test_mutated_packets(profile):
    counts = fuzz(profile, example_frames(profile), 3000, random.Random(7))
    assert counts.broken > 20
    assert counts.samples > 20


@pytest.mark.parametrize("profile", PROFILES, ids=[profile.name for profile in PROFILES])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_anything_at_all(profile, data):
    decoder = SensorDecoder(profile)
    names = st.sampled_from(sorted(profile.characteristics))
    for name, payload in data.draw(st.lists(st.tuples(names, st.binary(max_size=64)), max_size=10)):
        decoder.feed(RawFrame(name, 0, payload))


def test_the_judge_knows_a_whole_packet():
    native = next(profile for profile in PROFILES if profile.name == "sensorhub_native")
    whole = bytes.fromhex(native.example[0].hex)
    assert native_is_whole(whole)
    assert not native_is_whole(whole[:-1])
    assert not native_is_whole(whole[:20] + b"\xff" + whole[21:])
