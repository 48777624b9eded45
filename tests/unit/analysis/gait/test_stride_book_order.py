"""Entries of the book are found by the numbers of their landings, so landings enter it in that order."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from sensorhub.analysis.gait.stride_book import new_landings


def landing(seq, version=0):
    return SimpleNamespace(seq=seq, version=version)


def test_a_landing_that_comes_again_out_of_turn_keeps_its_place():
    came = [landing(0), landing(1), landing(2), landing(1, version=1), landing(3)]
    assert [(x.seq, x.version) for x in new_landings(came, 0)] == [(0, 0), (1, 0), (2, 0), (3, 0)]


@given(st.lists(st.integers(0, 9)), st.integers(0, 9))
def test_each_number_comes_once_in_order_and_as_it_came_first(seqs, first_seq):
    came = [landing(seq, version) for version, seq in enumerate(seqs)]
    new = new_landings(came, first_seq)
    assert [x.seq for x in new] == sorted({seq for seq in seqs if seq >= first_seq})
    assert all(x.version == min(v for v, seq in enumerate(seqs) if seq == x.seq) for x in new)
