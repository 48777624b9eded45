"""A socket that reads ahead gives the same bytes as one that does not, however they are asked for."""

import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhub.adapters.mqtt.read_ahead import ReadAheadSocket


@settings(max_examples=30, deadline=None)
@given(st.binary(min_size=1, max_size=500), st.lists(st.integers(1, 40), min_size=1, max_size=200))
def test_the_bytes_come_in_order_and_the_end_is_told(sent, sizes):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(sent)
        theirs.shutdown(socket.SHUT_WR)
        reader = ReadAheadSocket(ours)
        got = b""
        asked = iter(sizes * 501)
        while piece := reader.recv(next(asked)):
            got += piece
            assert reader.pending() == len(sent) - len(got)
            assert reader.has_ahead() == (got != sent)
        assert got == sent
        assert reader.recv(1) == b""


def test_nothing_there_is_told_as_a_socket_tells_it():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        reader = ReadAheadSocket(ours)
        with pytest.raises(BlockingIOError):
            reader.recv(1)
        theirs.sendall(b"ab")
        assert (reader.recv(1), reader.recv(1)) == (b"a", b"b")
        with pytest.raises(BlockingIOError):
            reader.recv(1)
        assert reader.fileno() == ours.fileno()


def test_what_a_tls_socket_holds_back_is_counted():
    class Tls:
        def pending(self):
            return 7

    assert ReadAheadSocket(Tls()).pending() == 7
