"""R6: a full disk is said, raw data is shed before strides, and none of those is lost."""

import os
import resource
import subprocess
import time

import pytest

from sensorhub.adapters.profiles import load_profile
from sensorhub.adapters.recording import Recording, RecordingHeader, RecordingWriter
from sensorhub.adapters.sqlite.hub_store import HubStore
from sensorhub.adapters.sqlite.reserve import BALLAST_BYTES
from sensorhub.model.frames import RawFrame
from tests.support.delivery import FORK
from tests.support.strides import SESSION, stride

pytestmark = pytest.mark.integration

HEADER = RecordingHeader(load_profile("sensorhub_native"), {}, "SH-0001", "anna", "s1", 0)
SECOND_NS = 1_000_000_000


@pytest.fixture
def small_disk(tmp_path):
    """A file system of its own that holds 64 MiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() != 0:
        pytest.skip("a small disk can only be mounted as root")
    subprocess.run(["/bin/mount", "-t", "tmpfs", "-o", "size=64m", "none", disk], check=True)
    yield disk
    subprocess.run(["/bin/umount", disk], check=True)


def fill_up(path, leave_bytes):
    """Take all room of this disk but so much."""
    place = os.statvfs(path.parent)
    with path.open("ab") as file:
        file.write(bytes(max(0, place.f_bavail * place.f_frsize - leave_bytes)))


def crowded_process(connection, disk):
    """Keep strides and raw frames on a disk that somebody else fills, until nothing fits; then make room again."""
    told = {}
    with HubStore.open(disk / "hub.sqlite") as store:
        recorder = RecordingWriter(disk / "raw.shraw", HEADER)
        for second in range(1, 4):
            store.put(stride(second), SESSION)
            recorder.write(RawFrame("data", second * 5 * SECOND_NS, bytes(100)))
        told["at first"] = (store.trouble(), recorder.problem, recorder.frames)
        fill_up(disk / "filler", leave_bytes=1_000_000)
        count = 4
        while store.status().in_memory_only == 0:
            store.put_many([(stride(number), SESSION) for number in range(count, count + 50)])
            recorder.write(RawFrame("data", count * 5 * SECOND_NS, bytes(100)))
            count += 50
        told["in the ballast"] = count
        fill_up(disk / "filler", leave_bytes=0)  # SQLite gave some back
        began_s = time.monotonic()
        for _ in range(500):
            store.put(stride(count), SESSION)
            count += 1
        told["full"] = (store.trouble(), recorder.problem, recorder.frames, time.monotonic() - began_s)
        (disk / "filler").unlink()
        store.retry()
        recorder.write(RawFrame("data", (count + 1) * 5 * SECOND_NS, bytes(100)))
        told["room again"] = (store.status(), recorder.problem, recorder.frames)
        recorder.close()
    connection.send((count, told))


def test_on_a_full_disk_raw_data_goes_first_and_every_stride_is_kept(small_disk):
    ours, theirs = FORK.Pipe()
    process = FORK.Process(target=crowded_process, args=(theirs, small_disk))
    process.start()
    try:
        assert ours.poll(60.0)
        count, told = ours.recv()
        process.join(60.0)
        assert process.exitcode == 0
    finally:
        process.kill()
        process.join()
        process.close()
    assert told["at first"] == (None, None, 3)
    trouble, raw_problem, frames, took_s = told["full"]
    assert "no room" in trouble or "check the disk" in trouble
    assert "stands still" in raw_problem
    assert frames == 3, "raw frames took the room of strides"
    assert told["in the ballast"] > BALLAST_BYTES / 20_000, "strides did not go on in the ballast"
    assert took_s < 20.0  # 500 strides; half a second where nothing else runs
    status, raw_problem, frames = told["room again"]
    assert (status.in_memory_only, status.detail, status.unsent, raw_problem, frames) == (0, None, count - 1, None, 4)
    assert len(list(Recording(small_disk / "raw.shraw"))) == 4


def full_disk_process(connection, path):
    """Keep strides on a disk that is full for a while (no file may grow), and tell how that went."""
    with HubStore.open(path) as store:
        store.put_many([(stride(number), SESSION) for number in range(20)])
        size = max(file.stat().st_size for file in path.parent.iterdir() if "ballast" not in file.name)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        for number in range(20, 300):
            store.put(stride(number), SESSION)
        during = store.status()
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        store.retry()
        connection.send((during, store.status()))


def test_a_disk_that_refuses_to_write_is_said_and_nothing_is_lost(tmp_path):
    ours, theirs = FORK.Pipe()
    path = tmp_path / "hub.sqlite"
    process = FORK.Process(target=full_disk_process, args=(theirs, path))
    process.start()
    assert ours.poll(60.0)
    during, after = ours.recv()
    process.join(60.0)
    assert during.in_memory_only > 0
    assert "check the disk" in during.detail or "no room" in during.detail
    assert (after.in_memory_only, after.detail, after.unsent) == (0, None, 300)
    process.close()
