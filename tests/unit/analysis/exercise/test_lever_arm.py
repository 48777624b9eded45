from functools import cache
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhub.analysis.exercise.drill_frames import DrillFramer, DrillFrames
from sensorhub.analysis.exercise.lever_arm import Arm, LeverArm
from sensorhub.dsp.front_end import FrontEnd
from sensorhub.model.gait import Side
from sensorhub.synthetic.sensor import SensorParams, matrix_of
from sensorhub.synthetic.side_plank import HoldPlan, SidePlankParams, synthesise_side_plank
from sensorhub.synthetic.truth import SyntheticRecording
from tests.support.cuts import cut_points

OFFSET_M = (-0.12, 0.03, 0.02)


@cache
def plank() -> SyntheticRecording:
    holds = (HoldPlan(Side.LEFT, 20.0),)
    sensor = SensorParams(place_m=OFFSET_M)
    return synthesise_side_plank(SidePlankParams(seed=2, holds=holds, stand_s=15.0, sensor=sensor))


@cache
def frames() -> DrillFrames:
    front_end, framer = FrontEnd(), DrillFramer()
    motions = [*front_end.feed(plank().block).motion, *front_end.finish().motion]
    parts = [part for motion in motions if (part := framer.feed(motion)) is not None]
    return DrillFrames(np.concatenate([part.rows for part in parts], axis=1))


def arms(edges: list[int]) -> list[Arm]:
    whole, lever_arm = frames(), LeverArm(25.0)
    return [arm for start, stop in pairwise(edges) for arm in lever_arm.feed(whole.cut(0, stop), start)]


def test_the_arm_is_found_from_sway_and_a_hold() -> None:
    last = arms([0, len(frames())])[-1]
    pelvis_from_sensor = matrix_of(plank().truth.q_pelvis_from_sensor)
    found_m = pelvis_from_sensor @ last.mean_m
    error_m = np.sqrt(np.diag(pelvis_from_sensor @ last.covariance_m2 @ pelvis_from_sensor.T))
    assert np.abs(found_m - OFFSET_M).max() < 0.12
    assert found_m[0] < -2.0 * error_m[0]


@settings(deadline=None, max_examples=10)
@given(st.data())
def test_any_cut_gives_the_same_bits(data: st.DataObject) -> None:
    length = len(frames())
    assert repr(arms([0, *data.draw(cut_points(length)), length])) == repr(arms([0, length]))
