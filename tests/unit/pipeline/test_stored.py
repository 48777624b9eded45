"""Stored marks tell what is stored and nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhub.pipeline.stored import MarkBuilder, StoredMark, StoredMarkError, decode_mark, encode_mark


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 2)), max_size=20), max_size=8))
def test_every_stored_record_is_told_once_at_least_and_nothing_else_ever(batches):
    builder = MarkBuilder(keep=4)
    for batch in batches:
        builder.add(batch)
        mark = decode_mark(encode_mark(builder.take()))
        told = {(seq, 0) for first, last in mark.ranges for seq in range(first, last + 1)}
        for seq, revision in batch:
            assert (seq, 0) in told if revision == 0 else dict(mark.revised)[seq] >= revision
        stored = {pair for earlier in batches for pair in earlier}
        assert told <= {(seq, 0) for seq, revision in stored if revision == 0}
        assert set(mark.revised) <= stored


@pytest.mark.parametrize("payload", [b"", b"[]", b'{"ranges":[[3,1]]}', b'{"ranges":[["a",1]]}', b"\xff"])
def test_what_is_no_mark_is_told_apart(payload):
    with pytest.raises(StoredMarkError):
        decode_mark(payload)


def test_a_mark_of_a_newer_writer_is_read():
    assert decode_mark(b'{"ranges":[[1,2]],"news":1}') == StoredMark(ranges=((1, 2),))
