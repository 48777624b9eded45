"""Cut a stream of samples into short blocks, as a radio would."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np

from sensorhub.model.samples import SampleBlock


def recut(blocks: Iterable[SampleBlock], block_ms: float) -> Iterator[SampleBlock]:
    """The same samples in blocks that span at most `block_ms` of session time."""
    for block in blocks:
        slots = np.floor(block.t_s * (1000.0 / block_ms))
        edges = [0, *(np.flatnonzero(np.diff(slots)) + 1).tolist(), len(block)]
        yield from (block.cut(start, stop) for start, stop in pairwise(edges))
