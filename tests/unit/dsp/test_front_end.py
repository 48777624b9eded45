import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhub.dsp.front_end import FrontEnd
from sensorhub.model.samples import UP, MotionBlock, SampleBlock
from sensorhub.model.status import Gap
from tests.support.cuts import cut_points, joined_bytes, pieces
from tests.unit.dsp.streams import lossy, periodic

FIELDS = ("t_s", "vectors", "missing", "clipped")


def everything(blocks: list[SampleBlock]) -> tuple[list[MotionBlock], list[Gap]]:
    front_end = FrontEnd()
    outputs = [*(front_end.feed(block) for block in blocks), front_end.finish()]
    return [part for out in outputs for part in out.motion], [gap for out in outputs for gap in out.gaps]


def rough(seed: int) -> SampleBlock:
    block = lossy(periodic(12.0, 104.0), 0.1, jitter_s=0.002, seed=seed)
    keep = (block.t_s < 5.0) | (block.t_s > 8.0)
    acc = np.clip(block.acc_mps2, -19.0, 13.0)
    acc[100, 0] = np.nan
    return SampleBlock(block.t_s[keep], acc[keep], block.gyr_radps[keep])


@settings(max_examples=25, deadline=None)
@given(cut_points(600), st.integers(0, 3))
def test_any_cut_gives_the_same_bits(cuts: list[int], seed: int) -> None:
    block = rough(seed)
    whole, gaps = everything([block])
    parts, gaps_of_parts = everything(pieces(block, [min(cut, len(block)) for cut in cuts]))
    assert gaps == gaps_of_parts
    assert len(gaps) > 3
    for name in FIELDS:
        assert joined_bytes([getattr(p, name).T for p in parts]) == joined_bytes([getattr(p, name).T for p in whole])


def test_the_grid_is_uniform_but_for_the_open_gap() -> None:
    motion, _ = everything([rough(0)])
    t_s = np.concatenate([part.t_s for part in motion])
    steps = np.rint(np.diff(t_s) * 104.0)
    assert np.count_nonzero(steps != 1) == 1
    for part in motion:
        assert np.allclose(np.diff(part.t_s), 1 / 104.0, atol=1e-9)


def test_a_recording_shorter_than_the_learning_time_comes_out_at_the_end() -> None:
    motion, _ = everything([periodic(1.0)])
    assert sum(map(len, motion)) == 100


def test_three_samples_and_none_are_no_trouble() -> None:
    assert sum(map(len, everything([periodic(0.03)])[0])) == 3
    assert everything([])[0] == []


def test_a_sensor_at_rest_has_its_up_where_gravity_is() -> None:
    t_s = np.arange(500) / 100
    up = np.array([0.6, 0.0, 0.8])
    motion, _ = everything([SampleBlock(t_s, np.tile(9.81 * up, (500, 1)), np.full((500, 3), 1e-4))])
    assert np.allclose(motion[0].vectors[UP, :, -1], up, atol=1e-3)


def test_notifications_of_few_samples_are_worked_on_together() -> None:
    front_end, block = FrontEnd(), periodic(6.0)
    came = [sum(map(len, front_end.feed(block.cut(start, start + 2)).motion)) for start in range(0, 600, 2)]
    assert came[200:208] in ([4, 0] * 4, [0, 4] * 4)


def test_samples_wait_until_later_ones_than_said_come() -> None:
    front_end, block = FrontEnd(), periodic(6.0)
    early = sum(map(len, front_end.feed(block.cut(0, 400)).motion))
    came = [len(front_end.feed(block.cut(start, start + 5), 4.15).motion) for start in range(400, 425, 5)]
    assert came == [0, 0, 0, 1, 1]
    assert early + 25 == 425
