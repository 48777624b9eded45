"""A mistake in a profile is told as file and key."""

from pathlib import Path

import pytest

from sensorhub.adapters.profiles import load_profile
from sensorhub.model.errors import InputError, UsageError
from sensorhub.protocol.profile_file import parse_profile

NATIVE = (Path(__file__).parents[3] / "firmware_profiles" / "sensorhub_native.toml").read_text(encoding="utf-8")

MISTAKES = {
    "unknown key": ('title = "sensorhub', 'tittle = "x"\ntitle = "sensorhub', r"the top level: .*`tittle`"),
    "unknown nested key": ("n = { offset", "n = { ofset = 1, offset", r"message\[\.*\d*\]?.*fields.*`ofset`"),
    "wrong type": ("stride = 12", 'stride = "12"', r"samples\.stride: Expected `int`, got `str`"),
    "bad uuid": ("86ea0002-", "86ea02-", r"characteristics.*: Expected `str` matching regex"),
    "unknown number kind": (
        'step = { offset = 12, type = "u16" }',
        'step = { offset = 12, type = "u12" }',
        r"fields.*u12",
    ),
    "a vector of 24 bits": (
        'acc = { offset = 0, type = "i16"',
        'acc = { offset = 0, type = "i24"',
        r"samples\.acc.*'i24'",
    ),
    "unknown codec": ("stride = 12", 'stride = 12\ncodec = "zip"', r"samples\.codec: Invalid enum value 'zip'"),
    "unknown framing": (
        "[[example]]",
        '[[channel]]\ncharacteristic = "data"\nframing = "tcp"\n[[example]]',
        r"framing",
    ),
    "overlapping fields": (
        "seq = { offset = 2",
        "seq = { offset = 1",
        r"message motion.*seq: overlaps flags at byte 1",
    ),
    "field in the samples": ("n = { offset = 14", "n = { offset = 16", r"fields\.n: ends at byte 17, beyond 16"),
    "overlapping vectors": ("gyr = { offset = 6", "gyr = { offset = 4", r"samples\.gyr: overlaps acc at byte 4"),
    "beyond the stride": ("stride = 12", "stride = 11", r"samples\.gyr: ends at byte 12, beyond the stride of 11"),
    "bad hex": ('bytes = "04 05"', 'bytes = "04 0"', r"stop\[0\]\.bytes: '04 0' is not hex"),
    "bad pattern": ('match = "11"', 'match = "1x"', r"message motion\.match: '1x' is not hex"),
    "bad example": ('hex = "820100', 'hex = "82010', r"example config_reply\.hex: bad hex"),
    "unknown characteristic": ('do = "read"\ncharacteristic = "info"', 'do = "read"\ncharacteristic = "inf"', r"'inf'"),
    "unknown field": ('seq = "seq"', 'seq = "sequence"', r"message motion: no field 'sequence'"),
    "no rate": ("rate_hz = { default", "rate = { default", r"settings: needs rate_hz"),
    "default not offered": (
        "default = 100, choices",
        "default = 99, choices",
        r"settings\.rate_hz\.default: 99 is none",
    ),
    "no stop": ("[[stop]]", "[[setup]]", r"missing required field `stop`"),
    "not TOML": ("[match]", "[match", r"not TOML"),
    "write without bytes": ('bytes = "04 05"\n', "", r"stop\[0\]\.bytes: a write needs them"),
    "count of no field": ('count = "n"', 'count = "m"', r"samples\.count: no field 'm'"),
    "time without field": ('time = { stamp = "first", field = "t_first",', 'time = { stamp = "first",', r"needs field"),
}


@pytest.mark.parametrize("old, new, says", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_names_file_and_key(old, new, says):
    assert old in NATIVE
    with pytest.raises(UsageError, match=says) as told:
        parse_profile(NATIVE.replace(old, new, 1), "mine.toml")
    assert str(told.value).startswith("mine.toml: ")
    assert "\n" not in str(told.value)


def test_the_profile_itself_has_no_mistake():
    assert parse_profile(NATIVE, "mine.toml").name == "sensorhub_native"


def test_profiles_are_found_by_name_and_by_path(tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text(NATIVE)
    assert load_profile(str(mine)) == load_profile("sensorhub_native")
    with pytest.raises(UsageError, match=r"no device profile 'mine'; there are .*sensorhub_native"):
        load_profile("mine")
    with pytest.raises(InputError, match="no such file"):
        load_profile(str(tmp_path / "none.toml"))
