"""R7 at its full count: a million mutated packets a decoder."""

import random

import pytest

from sensorhub.adapters.profiles import all_profiles
from tests.support.mutations import example_frames, fuzz

PROFILES = all_profiles()


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("profile", PROFILES, ids=[profile.name for profile in PROFILES])
def test_a_million_mutated_packets(profile, soak_table):
    counts = fuzz(profile, example_frames(profile), 1_000_000, random.Random(1))
    assert counts.broken > 10_000
    soak_table("R7", f"1 000 000 mutated packets, {profile.name}", f"{counts.broken} broken, 0 exceptions, all finite")
