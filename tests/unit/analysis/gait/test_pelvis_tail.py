from functools import cache

import numpy as np
from hypothesis import given

from sensorhub.analysis.alignment.pelvis import PelvisBlock
from sensorhub.analysis.gait.pelvis_tail import PelvisTail
from sensorhub.model.samples import FloatArray
from tests.support.cuts import cut_points
from tests.unit.analysis.made import aligned, runner, sliced


@cache
def pelvis() -> PelvisBlock:
    blocks, _ = aligned(runner().block)
    return sliced(blocks, 0, sum(map(len, blocks)))


def kept(cuts: list[int]) -> FloatArray:
    """All that is kept after the whole stream, smoothed to its end."""
    tail = PelvisTail()
    for start, stop in zip([0, *cuts], [*cuts, len(pelvis())], strict=True):
        tail.feed(sliced([pelvis()], start, stop))
    tail.finish()
    return tail.kept[:, -500:]


@given(cut_points(900))
def test_any_cut_gives_the_same_bits(cuts: list[int]) -> None:
    assert kept(cuts).tobytes() == kept([]).tobytes()


def test_places_and_times_are_each_others_inverse() -> None:
    tail = PelvisTail()
    tail.feed(pelvis())
    places = np.array([0.0, 12.25, tail.end - 1.0])
    assert np.allclose(tail.places(tail.times_s(places)), places, rtol=0.0, atol=1e-9)
    assert tail.times_s(places)[-1] == pelvis().motion.t_s[-1]
