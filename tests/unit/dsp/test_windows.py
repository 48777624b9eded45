import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhub.dsp.windows import extent, reduced, rows_of

SIGNAL = np.random.default_rng(3).standard_normal(60)
Stretches = list[tuple[int, int]]
stretches = st.lists(st.tuples(st.integers(0, 59), st.integers(1, 60)), min_size=1, max_size=6).map(
    lambda pairs: [(first, min(first + length, 60)) for first, length in pairs]
)


def edges(pairs: Stretches) -> np.ndarray:
    return np.array(pairs).T


@given(stretches)
@settings(deadline=None)
def test_each_stretch_is_reduced_by_itself_also_to_the_newest_sample(pairs: Stretches) -> None:
    assert reduced(np.maximum, SIGNAL, *edges(pairs)).tolist() == [SIGNAL[begin:stop].max() for begin, stop in pairs]
    assert reduced(np.add, SIGNAL, *edges(pairs)) == pytest.approx([SIGNAL[begin:stop].sum() for begin, stop in pairs])


@given(stretches)
@settings(deadline=None)
def test_a_sum_has_the_same_bits_alone_and_among_others_and_wherever_it_lies(pairs: Stretches) -> None:
    together = reduced(np.add, np.array((SIGNAL, -SIGNAL)), *edges(pairs))
    for one, (begin, stop) in zip(together.T, pairs, strict=True):
        alone = reduced(np.add, np.append(0.5, SIGNAL[begin:stop]), np.array([1]), np.array([1 + stop - begin]))
        assert one.tolist() == [alone[0], -alone[0]]


def test_the_extent_of_a_row_is_that_of_its_own_stretch() -> None:
    begin, stop = np.array([0, 4, 10, 20]), np.array([30, 9, 11, 31])
    first = np.array([0, 3, 9, 28])
    rows = rows_of(SIGNAL, first, 32)
    whole = [np.ptp(SIGNAL[one + a : one + b]) for one, a, b in zip(first, begin, stop, strict=True)]
    assert extent(rows, begin, stop) == pytest.approx(whole)
