"""docs/devices.md lists every key of a profile and every profile."""

import re
from pathlib import Path

import msgspec
import pytest

from sensorhub.adapters.profiles import all_profiles
from sensorhub.protocol import profile as schema

PAGE = (Path(__file__).parents[2] / "docs" / "devices.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"`([a-z0-9_]+)`", PAGE)) | set(re.findall(r"\b([a-z_]+) = ", PAGE))
TABLES = set(re.findall(r"`\[+(?:message\.)?([a-z]+)\]+`", PAGE))
STRUCTS = [
    one
    for one in vars(schema).values()
    if isinstance(one, type) and issubclass(one, msgspec.Struct) and one.__module__ == schema.__name__
]


@pytest.mark.parametrize("struct", STRUCTS, ids=[one.__name__ for one in STRUCTS])
def test_every_key_is_documented(struct):
    assert set(struct.__struct_fields__) <= WORDS | TABLES


def test_every_profile_is_documented():
    assert {profile.name for profile in all_profiles()} <= WORDS
