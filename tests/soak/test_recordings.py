"""R3 for raw recordings at its full count: ten thousand cut or flipped, the longest whole beginning always read."""

import random
import time

import pytest

from sensorhub.adapters.profiles import load_profile
from sensorhub.adapters.recording import Recording, RecordingHeader, RecordingWriter
from sensorhub.model.errors import InputError
from sensorhub.model.frames import RawFrame

HEADER = RecordingHeader(load_profile("sensorhub_native"), {}, "SH-0001", "anna", "s1", 0)


@pytest.mark.timeout(3600)
def test_ten_thousand_damaged_recordings(tmp_path, soak_table):
    chance = random.Random(3)
    path = tmp_path / "a.shraw"
    writer = RecordingWriter(path, HEADER)
    head = path.stat().st_size
    frames = [RawFrame("data", number * 50_000_000, chance.randbytes(78)) for number in range(40)]
    for frame in frames:
        writer.write(frame)
    writer.close()
    whole, entry = path.read_bytes(), (path.stat().st_size - head) // len(frames)
    slowest_s = 0.0
    for _ in range(10_000):
        place = chance.randrange(len(whole))
        flipped = bytes([whole[place] ^ 1 << chance.randrange(8)])
        path.write_bytes(whole[:place] + (b"" if chance.random() < 0.5 else flipped + whole[place + 1 :]))
        began_s = time.perf_counter()
        if place < head:
            with pytest.raises(InputError):
                Recording(path)
        else:
            assert list(Recording(path)) == frames[: (place - head) // entry]
        slowest_s = max(slowest_s, time.perf_counter() - began_s)
    assert slowest_s < 2.0
    soak_table("R3", "10 000 raw recordings cut or flipped", f"whole beginning kept, {slowest_s * 1e3:.0f} ms at most")
