from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sensorhub.dsp.gather import Gather
from sensorhub.model.samples import MotionBlock

RATE_HZ = 100.0


def motion(start, stop):
    index = np.arange(start, stop)
    return MotionBlock(
        RATE_HZ,
        index / RATE_HZ,
        np.repeat(index[:, None], 3, axis=1) * 1.0,
        np.zeros((len(index), 3)),
        np.zeros((len(index), 4)),
        np.zeros(len(index), dtype=bool),
        np.zeros(len(index), dtype=bool),
    )


def gathered(gather, blocks):
    return [out for block in blocks for out in gather.feed(block)] + gather.finish()


@given(st.lists(st.integers(1, 30), min_size=1, max_size=30))
def test_every_sample_comes_out_once_in_blocks_of_at_least_the_span(sizes):
    edges = np.cumsum([0, *sizes])
    out = gathered(Gather(0.2), [motion(a, b) for a, b in pairwise(edges)])
    assert np.concatenate([block.acc_mps2[:, 0] for block in out]).tolist() == list(range(edges[-1]))
    assert all(len(block) >= 20 for block in out[:-1])


def test_blocks_are_not_joined_across_missing_time():
    out = gathered(Gather(0.2), [motion(0, 5), motion(500, 530)])
    assert [(len(block), float(block.t_s[0])) for block in out] == [(5, 0.0), (30, 5.0)]


def test_a_long_block_passes_as_it_is():
    block = motion(0, 100)
    assert Gather(0.2).feed(block)[0] is block
