import numpy as np
import pytest

from sensorhub.analysis.exercise.drill_alignment import DrillAlignment
from sensorhub.analysis.exercise.lever_arm import Arm

UP = np.array([1.0, 0.0, 0.0])  # the clip lies across: its x axis is up, so its own axes tell next to nothing
LEFT = np.array([0.0, 0.0, -1.0])  # up x forward


def behind(known_s: float, ratio: float) -> Arm:
    """A sensor 0.1 m behind the pelvis, known to the ratio-th part of that."""
    return Arm(known_s, np.array([0.0, 0.1, 0.02]), np.eye(3) * (0.1 / ratio) ** 2)


def test_a_sensor_behind_the_pelvis_tells_left_from_when_it_is_known() -> None:
    alignment = DrillAlignment()
    alignment.use_upright(UP, 0.0)
    alignment.tell_arm(behind(8.0, ratio=6.0))
    assert alignment.orient(LEFT, 7.9)[1] < 0.1
    left, evidence = alignment.orient(-LEFT, 8.0)
    assert left == pytest.approx(LEFT)
    assert evidence == pytest.approx(1.0, abs=0.05)


def test_the_last_known_arm_counts_and_an_unsure_one_counts_little() -> None:
    alignment = DrillAlignment()
    alignment.use_upright(UP, 0.0)
    alignment.tell_arm(behind(8.0, ratio=6.0))
    alignment.tell_arm(behind(16.0, ratio=0.3))
    assert alignment.orient(LEFT, 10.0)[1] > 0.9
    assert alignment.orient(LEFT, 16.0)[1] < 0.35
