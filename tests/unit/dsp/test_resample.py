import numpy as np
import pytest

from sensorhub.dsp.resample import Grid
from sensorhub.model.errors import InputError
from sensorhub.model.samples import SampleBlock
from tests.unit.dsp.streams import lossy, periodic


def without(block: SampleBlock, start: int, stop: int) -> SampleBlock:
    keep = np.ones(len(block), dtype=bool)
    keep[start:stop] = False
    return SampleBlock(block.t_s[keep], block.acc_mps2[keep], block.gyr_radps[keep])


@pytest.mark.parametrize("rate_hz", [50.0, 104.0, 400.0])
def test_samples_on_the_grid_pass_unchanged(rate_hz: float) -> None:
    block = periodic(4.0, rate_hz)
    (out,) = Grid().feed(block)
    assert out.acc_mps2.tobytes() == block.acc_mps2.tobytes()
    assert not out.missing.any()


def test_jitter_is_evened_out_to_the_value_at_the_time() -> None:
    block = periodic(6.0)
    rng = np.random.default_rng(3)
    t_s = block.t_s + rng.uniform(-0.0025, 0.0025, len(block))
    gyr = np.sin(2 * np.pi * t_s / 0.7)[:, None] * np.ones(3)
    grid = Grid()
    (out,) = grid.feed(SampleBlock(t_s, block.acc_mps2, gyr))
    assert grid.rate_hz == 100.0
    assert grid.gaps == []
    expected = np.sin(2 * np.pi * out.t_s / 0.7)
    assert np.abs(out.gyr_radps[1:-1, 0] - expected[1:-1]).max() < 0.01


def test_a_gap_is_reported_and_bridged_with_the_period_before() -> None:
    block = periodic(8.0)
    grid = Grid()
    (out,) = grid.feed(without(block, 500, 520))
    (gap,) = grid.gaps
    assert (gap.start_s, gap.end_s, gap.samples) == (block.t_s[499], block.t_s[520], 20)
    assert np.flatnonzero(out.missing).tolist() == list(range(500, 520))
    assert np.abs(out.gyr_radps - block.gyr_radps).max() < 0.05
    assert np.abs(out.acc_mps2 - block.acc_mps2).max() < 0.5


def test_a_gap_in_stillness_is_bridged_by_a_line() -> None:
    block = periodic(6.0)
    still = SampleBlock(block.t_s, np.tile([0.0, 0.0, 9.81], (600, 1)), np.random.default_rng(0).normal(0, 1, (600, 3)))
    grid = Grid()
    (out,) = grid.feed(without(still, 400, 410))
    ends = still.gyr_radps[[399, 410]]
    assert (out.gyr_radps[400:410] >= ends.min(axis=0) - 1e-12).all()
    assert (out.gyr_radps[400:410] <= ends.max(axis=0) + 1e-12).all()


def test_a_long_gap_stays_open_on_the_same_grid() -> None:
    block = periodic(20.0)
    grid = Grid()
    first, second = grid.feed(without(block, 500, 1500))
    assert len(first.t_s) == 500
    assert second.t_s[0] == block.t_s[1500]
    assert grid.gaps[0].samples == 1000


def test_a_lone_sample_between_two_gaps_leaves_them_open() -> None:
    block = periodic(10.0)
    lone = SampleBlock(block.t_s[500:501] + 0.005, block.acc_mps2[500:501], block.gyr_radps[500:501])
    grid = Grid()
    out = grid.feed(SampleBlock.joined([block.cut(0, 200), lone, block.cut(506, len(block))]))
    assert len(grid.gaps) == 2
    assert [part.joins for part in out] == [True, False, False]
    assert [part.t_s[0] for part in out if len(part.t_s)] == pytest.approx([0.0, 5.06])


def test_samples_too_far_apart_are_an_error_that_says_what_to_do() -> None:
    with pytest.raises(InputError, match=r"5 Hz.*50 to 400 Hz"):
        Grid().feed(periodic(10.0, 5.0))


def test_the_rate_is_right_though_packets_are_lost() -> None:
    grid = Grid()
    grid.feed(lossy(periodic(5.0, 104.0), 0.2, jitter_s=0.002))
    assert grid.rate_hz == 104.0
