import numpy as np
import pytest
from hypothesis import given, settings

from sensorhub.dsp.gate import Gate
from sensorhub.model.samples import SampleBlock
from tests.support.cuts import cut_points, joined_bytes, pieces
from tests.unit.dsp.streams import periodic


def spoilt() -> SampleBlock:
    block = periodic(1.0)
    acc, gyr, t_s = block.acc_mps2.copy(), block.gyr_radps.copy(), block.t_s.copy()
    acc[3, 1] = np.nan
    acc[10, 2] = 1e6
    gyr[20, 0] = -np.inf
    acc[30], gyr[30] = 0.0, 0.0
    t_s[40] = t_s[38]
    t_s[50] = np.nan
    return SampleBlock(t_s, acc, gyr)


def test_impossible_samples_are_refused_and_counted() -> None:
    gate = Gate()
    passed = gate.feed(spoilt())
    assert gate.rejected_samples == 6
    assert len(passed) == 94
    assert np.isfinite(passed.acc_mps2).all()
    assert (np.diff(passed.t_s) > 0).all()


@pytest.mark.parametrize("seconds", [0.0, 1.0])
def test_a_sound_block_passes_as_it_is(seconds: float) -> None:
    block = periodic(seconds)
    assert Gate().feed(block) is block


def test_an_absurd_time_does_not_shut_the_gate() -> None:
    block = periodic(0.5)
    acc, t_s = block.acc_mps2.copy(), block.t_s.copy()
    t_s[10], acc[10] = 1e9, np.nan
    assert len(Gate().feed(SampleBlock(t_s, acc, block.gyr_radps))) == len(block) - 1


@settings(max_examples=30, deadline=None)
@given(cut_points(100))
def test_any_cut_gives_the_same_bits(cuts: list[int]) -> None:
    whole, cut = Gate(), Gate()
    expected = whole.feed(spoilt())
    got = [cut.feed(piece) for piece in pieces(spoilt(), cuts)]
    assert joined_bytes([part.acc_mps2 for part in got]) == expected.acc_mps2.tobytes()
    assert cut.rejected_samples == whole.rejected_samples
