import numpy as np

from sensorhub.dsp.clipping import ACC_CLIPPING, Clipping
from tests.unit.dsp.streams import periodic


def test_a_sensor_at_its_limit_is_marked() -> None:
    acc = np.clip(periodic(10.0).acc_mps2 * 2.0, -20.0, 25.0)
    clipped = Clipping(ACC_CLIPPING).feed(acc)
    at_limit = (acc == 25.0).any(axis=1)
    assert at_limit.sum() > 20
    assert not clipped[~at_limit].any()
    assert clipped.sum() == at_limit.sum() - 1


def test_motion_inside_the_range_is_not_marked() -> None:
    assert not Clipping(ACC_CLIPPING).feed(periodic(20.0).acc_mps2 * 2.0).any()
