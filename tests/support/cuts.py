"""Any cut of a stream must give the same bits: the helper that holds every stage to it."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import strategies as st

from sensorhub.model.samples import SampleBlock


def cut_points(length: int) -> st.SearchStrategy[list[int]]:
    """Sorted places at which a stream of this length is cut; empty blocks and single samples happen too."""
    return st.lists(st.integers(0, length), max_size=12).map(sorted)


def pieces(block: SampleBlock, cuts: Sequence[int]) -> list[SampleBlock]:
    """The block in consecutive pieces."""
    edges = [0, *cuts, len(block)]
    return [block.cut(start, stop) for start, stop in pairwise(edges)]


def run_stage(new_stage: Callable[[], Any], blocks: Sequence[Any]) -> list[Any]:
    """All that a fresh stage gives for these blocks: feed() each, then finish() where it has one."""
    stage = new_stage()
    out: list[Any] = []
    for block in blocks:
        out.extend(as_list(stage.feed(block)))
    if hasattr(stage, "finish"):
        out.extend(as_list(stage.finish()))
    return out


def as_list(output: Any) -> list[Any]:
    """What a stage returned, as a list."""
    if output is None:
        return []
    return list(output) if isinstance(output, list | tuple) else [output]


def joined_bytes(arrays: Sequence[Any]) -> bytes:
    """The bits of arrays end to end, so that equal means equal to the last bit."""
    return np.concatenate([np.asarray(array) for array in arrays]).tobytes() if arrays else b""
