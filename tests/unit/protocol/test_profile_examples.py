"""Every profile's examples decode to what it says they mean."""

import itertools

import numpy as np
import pytest

from sensorhub.adapters.profiles import all_profiles
from sensorhub.model.frames import RawFrame
from sensorhub.protocol.commands import resolve_settings
from sensorhub.protocol.decoder import FrameReader, Reading
from sensorhub.protocol.profile import Expect

PROFILES = {profile.name: profile for profile in all_profiles()}
EXAMPLES = [(profile, example) for profile in PROFILES.values() for example in profile.example]


@pytest.mark.parametrize("profile, example", EXAMPLES, ids=[f"{p.name}-{e.name}" for p, e in EXAMPLES])
def test_example(profile, example):
    reader = FrameReader(profile, resolve_settings(profile, {}) | dict(example.variables))
    readings = reader.feed(RawFrame(example.characteristic, 0, bytes.fromhex(example.hex)))
    assert reader.broken == reader.unknown == reader.early == 0
    assert len(readings) == len(example.expect)
    for reading, expect in zip(readings, example.expect, strict=True):
        check(reading, expect)


def check(reading: Reading, expect: Expect) -> None:
    assert reading.message.name == expect.message
    for name, value in expect.fields.items():
        assert reading.fields[name] == pytest.approx(value, rel=1e-7, abs=6e-7)
    assert reading.battery_percent == expect.battery_percent
    if expect.acc_mps2:
        assert reading.vectors is not None
        np.testing.assert_allclose(reading.vectors.acc_mps2, expect.acc_mps2, atol=6e-6)
    if expect.gyr_radps:
        assert reading.vectors is not None
        np.testing.assert_allclose(reading.vectors.gyr_radps, expect.gyr_radps, atol=6e-6)


def test_every_profile_has_examples_of_its_motion():
    for profile in PROFILES.values():
        shown = {expect.message for example in profile.example for expect in example.expect}
        motions = {message.name for message in profile.message if message.samples is not None}
        assert motions <= shown, profile.name


def test_no_two_profiles_claim_the_same_sensor():
    for first, second in itertools.combinations(PROFILES.values(), 2):
        prefixes = [prefix.lower() for prefix in first.match.name_prefix]
        assert not any(other.lower().startswith(one) for one in prefixes for other in second.match.name_prefix)
