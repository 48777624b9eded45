"""What `sensorhub record` says of what came."""

import pytest

from sensorhub.app import recorder
from sensorhub.pipeline.decoder import DecodeCounts
from tests.support.command import sensorhub


@pytest.mark.parametrize(
    ("frames", "said", "kept"),
    [
        (0, "no sensor came", False),
        (10, "Is movesense the profile", True),
    ],
)
def test_a_recording_without_samples_is_no_success(tmp_path, monkeypatch, frames, said, kept):
    path = tmp_path / "a.shraw"

    async def record(_radio, order, _seconds, _report):
        order.path.touch()
        return DecodeCounts(frames, *[0] * 9)

    monkeypatch.setattr(recorder, "record", record)
    ended = sensorhub("record", path, "--profile", "movesense")
    assert ended.code == 1
    assert said in ended.err
    assert path.exists() is kept
