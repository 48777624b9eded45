import numpy as np

from sensorhub.dsp.clipping import Clipping
from sensorhub.model.samples import FloatArray, SampleBlock
from tests.unit.dsp.streams import periodic


def vectors_of(block: SampleBlock) -> FloatArray:
    return np.array((block.gyr_radps.T, 2.0 * block.acc_mps2.T))


def test_a_sensor_at_its_limit_is_marked() -> None:
    vectors = vectors_of(periodic(10.0)).clip(-20.0, 25.0)
    clipped = Clipping().feed(vectors)
    at_limit = (vectors == 25.0).any(axis=(0, 1))
    assert at_limit.sum() > 20
    assert not clipped[~at_limit].any()
    assert clipped.sum() == at_limit.sum() - 1


def test_motion_inside_the_range_is_not_marked() -> None:
    assert not Clipping().feed(vectors_of(periodic(20.0))).any()
