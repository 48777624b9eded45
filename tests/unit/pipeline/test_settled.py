import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorhub.model.gait import Side, Stride
from sensorhub.model.samples import SampleBlock
from sensorhub.model.status import Activity, ActivitySpan, Gap
from sensorhub.pipeline.recut import recut
from sensorhub.pipeline.settled import settled
from tests.support import strides


def stride(seq, revision=0, toe_off_s=None):
    end_s = seq * 0.35 + 0.2 if toe_off_s is None else toe_off_s
    return strides.stride(seq, side=Side.LEFT, revision=revision, initial_contact_s=end_s - 0.2, toe_off_s=end_s)


EVENTS = [
    stride(1),
    stride(2),
    msgspec.structs.replace(stride(1), revision=1, side=Side.RIGHT),
    Gap(0.1, 0.3, 20),
    ActivitySpan(Activity.RUN, 0.0, 5.0),
]


def test_the_last_revision_holds():
    assert [e.side for e in settled(EVENTS) if isinstance(e, Stride)] == [Side.RIGHT, Side.LEFT]


@given(st.permutations(EVENTS))
def test_the_order_of_arrival_does_not_show(events):
    assert settled(events) == settled(EVENTS)


@pytest.mark.parametrize("block_ms", [7, 50, 1000])
def test_recut_keeps_every_sample_and_shortens_blocks(block_ms):
    t_s = np.arange(0, 3, 0.01)
    block = SampleBlock(t_s, np.zeros((len(t_s), 3)), np.zeros((len(t_s), 3)))
    pieces = list(recut([block], block_ms))
    assert np.concatenate([piece.t_s for piece in pieces]).tobytes() == t_s.tobytes()
    assert max(float(piece.t_s[-1] - piece.t_s[0]) for piece in pieces) <= block_ms / 1000 + 1e-9
    assert len(pieces) >= 3
