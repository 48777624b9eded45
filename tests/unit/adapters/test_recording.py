"""Raw recordings: what was written comes back to the bit, and damage costs only what it touched and after."""

import errno

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sensorhub.adapters.profiles import load_profile
from sensorhub.adapters.recording import Recording, RecordingHeader, RecordingWriter, is_recording
from sensorhub.model.errors import InputError, SensorhubError
from sensorhub.model.frames import LINK, LINK_UP, RawFrame

HEADER = RecordingHeader(
    profile=load_profile("sensorhub_native"),
    settings={"rate_hz": 100},
    sensor="SH-0001",
    runner="anna",
    session="s1",
    origin_ns=12,
    start_unix_ns=1_800_000_000_000_000_000,
)
FRAMES = st.builds(
    RawFrame, st.sampled_from(["data", "control", "info", LINK]), st.integers(0, 2**63), st.binary(max_size=240)
)


def write(path, frames):
    path.unlink(missing_ok=True)
    writer = RecordingWriter(path, HEADER)
    for frame in frames:
        writer.write(frame)
    writer.close()
    return path


def test_a_recording_names_a_runner_and_is_its_owners_alone(tmp_path):
    path = write(tmp_path / "a.shraw", [])
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(SensorhubError, match="File exists"):
        RecordingWriter(path, HEADER)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(frames=st.lists(FRAMES, max_size=12))
def test_round_trip(tmp_path, frames):
    recording = Recording(write(tmp_path / "a.shraw", frames))
    assert recording.header == HEADER
    assert list(recording) == frames
    assert recording.damage is None


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    frames=st.lists(FRAMES, min_size=1, max_size=8),
    place=st.integers(0, 10**6),
    bit=st.integers(0, 7),
    cut=st.booleans(),
)
def test_longest_valid_beginning_is_kept(tmp_path, frames, place, bit, cut):
    path = write(tmp_path / "a.shraw", frames)
    whole = path.read_bytes()
    head = len(write(tmp_path / "b.shraw", []).read_bytes())
    place = head + place % (len(whole) - head)
    ends = [head]
    for frame in frames:
        ends.append(ends[-1] + 8 + 9 + len(frame.characteristic) + len(frame.payload))
    damaged = whole[:place] if cut else whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :]
    path.write_bytes(damaged)
    untouched = sum(end <= place for end in ends[1:])
    recording = Recording(path)
    assert list(recording) == frames[:untouched]
    assert (recording.damage is None) == (cut and place in ends)


def test_damaged_header_and_other_files_are_one_line(tmp_path):
    path = write(tmp_path / "a.shraw", [])
    whole = path.read_bytes()
    path.write_bytes(whole[:200])
    with pytest.raises(InputError, match="beginning is damaged"):
        Recording(path)
    path.write_bytes(b"time_s,ax_mps2\n")
    with pytest.raises(InputError, match="is not a raw recording"):
        Recording(path)
    assert not is_recording(path)
    with pytest.raises(InputError, match="is a folder"):
        Recording(tmp_path)
    with pytest.raises(InputError, match="no such file"):
        Recording(tmp_path / "none")


def test_an_existing_file_is_never_overwritten(tmp_path):
    path = write(tmp_path / "a.shraw", [RawFrame(LINK, 1, LINK_UP)])
    with pytest.raises(SensorhubError, match="cannot record there"):
        RecordingWriter(path, HEADER)
    assert len(list(Recording(path))) == 1


class FullDisk:
    """A file on a disk that takes `room` bytes, tears the write that crosses it, and can be given more room."""

    def __init__(self, file, room):
        self.file, self.room, self.closed = file, room, False

    def write(self, data):
        fits = min(len(data), self.room)
        self.room -= fits
        self.file.write(data[:fits])
        if fits == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return fits

    def __getattr__(self, name):
        return getattr(self.file, name)


def test_a_full_disk_sheds_and_recovers(tmp_path):
    path = tmp_path / "a.shraw"
    writer = RecordingWriter(path, HEADER)
    frames = [RawFrame("data", 10**9 * n, bytes(50)) for n in range(6)]
    writer.write(frames[0])
    writer._file = disk = FullDisk(writer._file, room=30)
    for frame in frames[1:4]:
        writer.write(frame)
    assert writer.shed == 3
    assert writer.problem is not None
    assert "Make room" in writer.problem
    disk.room = 10**6
    for frame in frames[4:]:
        writer.write(frame)
    assert writer.problem is None
    writer.close()
    assert list(Recording(path)) == [frames[0], *frames[4:]]
