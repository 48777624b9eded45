import random

import pytest

from sensorhub.adapters.archive import read_archive, write_archive
from sensorhub.adapters.sqlite.hub_store import HubStore
from sensorhub.adapters.sqlite.keeper import Keeper
from sensorhub.app.backup import back_up, restore
from sensorhub.config import HubSettings, Settings
from sensorhub.formats.records import encode_record
from sensorhub.model.errors import InputError, SensorhubError, UsageError
from tests.support.strides import SESSION, stride


@pytest.fixture
def settings(tmp_path):
    home = tmp_path / "data"
    with HubStore.open(home / "hub.sqlite") as store, Keeper.open(home / "keeper.sqlite") as keeper:
        records = store.put_many([(stride(number), SESSION) for number in range(20)])
        keeper.keep([encode_record(record) for record in records])
    (home / "alignments").mkdir()
    (home / "alignments" / "clip.json").write_text("{}")
    return Settings(hub=HubSettings(data_dir=str(home)))


def elsewhere(tmp_path):
    return Settings(hub=HubSettings(data_dir=str(tmp_path / "other" / "data")))


def test_a_backup_made_while_the_store_is_in_use_comes_back_whole(settings, tmp_path):
    archive = tmp_path / "backup.tar.gz"
    with HubStore.open(tmp_path / "data" / "hub.sqlite") as live:
        last = live.put(stride(20), SESSION)
        assert back_up(settings, archive) == 4
    assert archive.stat().st_mode & 0o077 == 0
    restore(elsewhere(tmp_path), archive)
    home = tmp_path / "other" / "data"
    with HubStore.open(home / "hub.sqlite") as store, Keeper.open(home / "keeper.sqlite") as keeper:
        assert store.status().unsent == 21
        assert keeper.count() == 20
        assert store.put(stride(21), SESSION).seq > last.seq
    assert (home / "alignments" / "clip.json").read_text() == "{}"


def test_a_damaged_backup_is_refused_whole(settings, tmp_path):
    archive = tmp_path / "backup.tar.gz"
    back_up(settings, archive)
    content = archive.read_bytes()
    for damaged in (content[: len(content) // 2], content[:200] + b"\0\1\2" + content[203:], b"no archive"):
        archive.write_bytes(damaged)
        with pytest.raises(InputError):
            restore(elsewhere(tmp_path), archive)
        assert not (tmp_path / "other" / "data").exists()


def test_whatever_is_flipped_what_comes_back_is_whole_or_nothing(tmp_path):
    chance = random.Random(1)
    content = b"0.36 left " * 300 + chance.randbytes(300)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "strides").write_bytes(content)
    archive, out = tmp_path / "backup.tar.gz", tmp_path / "out"
    write_archive(archive, tmp_path / "data", [tmp_path / "data" / "strides"])
    whole = archive.read_bytes()
    refused = 0
    for place in range(len(whole)):
        archive.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :])
        try:
            read_archive(archive, out)
        except InputError:
            refused += 1
        else:
            assert (out / "strides").read_bytes() == content
    assert refused > 0.9 * len(whole)


def test_nothing_is_written_over(settings, tmp_path):
    archive = tmp_path / "backup.tar.gz"
    back_up(settings, archive)
    with pytest.raises(UsageError, match="exists"):
        back_up(settings, archive)
    with pytest.raises(UsageError, match="not empty"):
        restore(settings, archive)


def test_places_that_cannot_be_are_said_before_anything_is_packed(settings, tmp_path):
    with pytest.raises(SensorhubError, match="cannot be written"):
        back_up(settings, tmp_path / "nowhere" / "backup.tar.gz")
    with pytest.raises(InputError, match="no such file"):
        restore(settings, tmp_path / "nowhere.tar.gz")
