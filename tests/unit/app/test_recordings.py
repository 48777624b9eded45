"""Raw recordings of a service run: one file a session, and a disk that says no stops nothing."""

import shutil

import pytest

from sensorhub.adapters.profiles import load_profile
from sensorhub.adapters.recording import RecordingHeader
from sensorhub.app.recordings import Recordings
from sensorhub.model.errors import SensorhubError


def header(sensor: str = "SH-0001") -> RecordingHeader:
    return RecordingHeader(load_profile("sensorhub_native"), {}, sensor, "ada", "s", 0)


def test_each_session_has_a_file_of_its_own(tmp_path):
    recordings = Recordings(tmp_path / "today.shraw", sensors=1)
    for _ in range(3):
        recordings.begin(header()).close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["today-2.shraw", "today-3.shraw", "today.shraw"]


def test_several_sensors_have_files_of_their_own(tmp_path):
    recordings = Recordings(tmp_path / "club.shraw", sensors=2)
    for sensor in ("a", "b", "a"):
        recordings.begin(header(sensor)).close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["club-a-2.shraw", "club-a.shraw", "club-b.shraw"]


@pytest.mark.parametrize("name", ["there.shraw", "nowhere/today.shraw"])
def test_what_cannot_be_is_said_before_anything_runs(tmp_path, name):
    (tmp_path / "there.shraw").touch()
    with pytest.raises(SensorhubError, match=name.partition("/")[0]):
        Recordings(tmp_path / name, sensors=1)


def test_a_disk_that_takes_no_new_file_is_told_and_no_more(tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    recordings = Recordings(folder / "today.shraw", sensors=1)
    shutil.rmtree(folder)
    assert recordings.begin(header()) is None
    assert "cannot record" in recordings.problem
    folder.mkdir()
    recordings.begin(header()).close()
    assert recordings.problem is None
