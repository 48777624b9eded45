import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from sensorhub.analysis.alignment.pelvis import PelvisBlock
from sensorhub.model.alignment import Alignment
from sensorhub.model.gait import Reference
from sensorhub.model.samples import FloatArray, MotionBlock
from tests.unit.analysis.made import signals_of

STRAIGHT = Alignment((0.0, 0.0, 1.0), (0.0, 1.0, 0.0), Reference.STANDING, settled=True)


def held(axis: tuple[float, float, float], angle_deg: float, rate: FloatArray | None = None) -> MotionBlock:
    """A sensor in the pelvis frame that is turned about an axis of it and held, accelerated 2 m/s2 earth-forward."""
    sensor_from_earth = Rotation.from_rotvec(angle_deg * np.array(axis), degrees=True).as_matrix().T
    force, up = sensor_from_earth @ [2.0, 0.0, 9.80665], sensor_from_earth[:, 2]
    vectors = np.array((np.zeros(3) if rate is None else rate, force, up))[..., np.newaxis]
    nothing = np.zeros(1, dtype=bool)
    return MotionBlock(100.0, np.zeros(1), vectors, nothing, nothing)


def in_pelvis(motion: MotionBlock, alignment: Alignment | None = STRAIGHT) -> dict[str, float]:
    return {name: float(signal[0]) for name, signal in signals_of([PelvisBlock.of(motion, alignment)]).items()}


def test_obliquity_is_positive_where_the_left_side_is_higher() -> None:
    seen = in_pelvis(held((1.0, 0.0, 0.0), 5.0))
    assert np.rad2deg(np.arcsin(seen["obliquity_sine"])) == pytest.approx(5.0)
    assert seen["tilt_sine"] == pytest.approx(0.0, abs=1e-9)


def test_tilt_is_positive_forward() -> None:
    seen = in_pelvis(held((0.0, 1.0, 0.0), 8.0))
    assert np.rad2deg(np.arcsin(seen["tilt_sine"])) == pytest.approx(8.0)
    assert seen["obliquity_sine"] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("axis", [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0)])
def test_acceleration_is_that_of_the_earth_however_the_pelvis_leans(axis: tuple[float, float, float]) -> None:
    seen = in_pelvis(held(axis, 12.0))
    assert seen["forward"] == pytest.approx(2.0, abs=1e-6)
    assert seen["vertical"] == pytest.approx(0.0, abs=1e-6)


def test_rates_have_the_signs_of_the_frame() -> None:
    seen = in_pelvis(held((1.0, 0.0, 0.0), 0.0, np.array([0.1, 0.2, 0.3])))
    assert (seen["roll_rate"], seen["pitch_rate"], seen["yaw_rate"]) == pytest.approx((0.1, 0.2, 0.3))


def test_without_a_heading_only_what_needs_none_is_known() -> None:
    seen = in_pelvis(held((1.0, 0.0, 0.0), 5.0), None)
    assert np.isnan(seen["obliquity_sine"])
    assert seen["vertical"] == pytest.approx(0.0, abs=1e-6)
