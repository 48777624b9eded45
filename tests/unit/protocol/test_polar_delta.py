"""Polar's compressed frames against captured bytes, which their publishers cut short."""

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhub.protocol.polar_delta import delta_blocks, delta_counts

# polarofficial/polar-ble-sdk issue #331: acceleration of a sensor at rest, the first 129 bytes of a frame.
AT_REST = bytes.fromhex(
    "029c5829138457730781faff2100f403063b83d0ebc6f1ef3af21bfdef07bf1f00770f247e301041ef0f3fe00bffef0f42e1038000e0c250"
    "f4bd0f0003e0f77e4008422f00c0af173ba127c0b0033d30f47c6e1083fe03bfe01b4381f33e22003c30003e20107ecfffcaefe38160003f"
    "3f00050fe8c20f0cbedf1f80ef13047ff7"
)[10:]
# polarofficial/polar-ble-sdk issue #443: the beginning of a frame of a sensor that moves.
MOVING = bytes.fromhex("ee021ffe82ff080a10da20d6a30bd9cbe7d6f6c4e6f1e1f3e0151afe281bf8372c2520131911")


def test_a_captured_frame_at_rest():
    whole = (len(AT_REST) - 8) * 8 // (6 * 3)
    counts = delta_counts(AT_REST, 2, [(8, 6, whole)])
    assert counts[:8].tolist() == [
        [-6, 33, 1012], [-3, 35, 1009], [-9, 41, 1016], [-10, 36, 1010],
        [-2, 35, 1016], [-5, 34, 1014], [-4, 33, 1012], [-3, 33, 1003],
    ]  # fmt: skip
    norm = np.linalg.norm(counts[:50], axis=1)
    assert 1003 < norm.min() <= norm.max() < 1020


def test_a_captured_block_of_a_moving_sensor():
    assert delta_blocks(MOVING, 2) == [(8, 8, 10)]
    counts = delta_counts(MOVING, 2, [(8, 8, 10)])
    assert counts[:4].tolist() == [[750, -481, -126], [766, -519, -94], [724, -612, -83], [685, -665, -108]]
    assert counts[10].tolist() == [720, -670, -34]


def test_a_captured_frame_that_was_cut_short_is_refused():
    assert delta_blocks(AT_REST, 2) is None


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.tuples(*[st.integers(-500, 500)] * 3), min_size=1, max_size=9), max_size=3))
def test_what_was_packed_comes_back(blocks):
    reference, samples, content = [7, -8, 1000], [], struct.pack("<3h", 7, -8, 1000)
    samples.append(reference)
    for block in blocks:
        width = 10
        bits = "".join(format(value & 0x3FF, "010b")[::-1] for sample in block for value in sample)
        bits += "0" * (-len(bits) % 8)
        packed = bytes(int(bits[at : at + 8][::-1], 2) for at in range(0, len(bits), 8))
        content += bytes([width, len(block)]) + packed
        samples += [list(sample) for sample in block]
    found = delta_blocks(content, 2)
    assert found is not None
    assert delta_counts(content, 2, found).tolist() == np.cumsum(samples, axis=0).tolist()


@pytest.mark.parametrize("tail", [b"\x06", b"\x06\x02\x00", b"\x00\x01", b"\x40\x01" + bytes(24)])
def test_blocks_that_cannot_be_are_refused(tail):
    assert delta_blocks(bytes(6) + tail, 2) is None
