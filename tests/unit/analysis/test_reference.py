import numpy as np
import pytest

from sensorhub.analysis.reference import (
    Obliquity,
    obliquity_of_coordinates,
    obliquity_of_markers,
    sides_by_alternation,
    stances_of_force,
    with_drop,
)
from sensorhub.model.errors import InputError
from sensorhub.model.gait import Side
from sensorhub.model.truth import ReferenceStride


def test_stances_begin_and_end_where_the_force_passes_50_newton():
    t_s = np.arange(0, 2, 0.002)
    force = np.zeros_like(t_s)
    for start in (0.3, 1.0):
        inside = (t_s >= start) & (t_s <= start + 0.25)
        force[inside] = 1600 * np.sin(np.pi * (t_s[inside] - start) / 0.25)
    one, two = stances_of_force(t_s, force, Side.LEFT)
    edge = 0.25 / np.pi * np.arcsin(50 / 1600)
    assert one.initial_contact_s == pytest.approx(0.3 + edge, abs=2e-4)
    assert two.toe_off_s == pytest.approx(1.25 - edge, abs=2e-4)


def test_a_stance_that_is_cut_off_is_none():
    t_s = np.arange(0, 1, 0.01)
    assert stances_of_force(t_s, np.where(t_s > 0.8, 700.0, 0.0), Side.LEFT) == []
    assert stances_of_force(t_s, np.where(t_s < 0.2, 700.0, 0.0), Side.LEFT) == []


def test_opensim_angles_and_markers_agree_on_the_left_side_up():
    t_s = np.zeros(3)
    angles = np.array([0.05, -0.08, 0.1])
    by_angle = obliquity_of_coordinates(t_s, np.zeros(3), angles, np.zeros(3))
    left = np.stack([np.zeros(3), np.sin(angles), -np.cos(angles)], axis=-1)
    by_marker = obliquity_of_markers(t_s, left, -left)
    np.testing.assert_allclose(by_angle.deg, by_marker.deg, atol=1e-9)
    np.testing.assert_allclose(by_angle.deg, np.degrees(angles), atol=1e-9)


def test_opensim_angles_are_turned_about_z_then_x_then_y():
    tilt, roll, turn = 0.3, -0.2, 0.7
    about_z = np.array([[np.cos(tilt), -np.sin(tilt), 0], [np.sin(tilt), np.cos(tilt), 0], [0, 0, 1]])
    about_x = np.array([[1, 0, 0], [0, np.cos(roll), -np.sin(roll)], [0, np.sin(roll), np.cos(roll)]])
    about_y = np.array([[np.cos(turn), 0, np.sin(turn)], [0, 1, 0], [-np.sin(turn), 0, np.cos(turn)]])
    left = about_z @ about_x @ about_y @ np.array([0.0, 0.0, -1.0])
    one = np.ones(1)
    found = obliquity_of_coordinates(one, tilt * one, roll * one, turn * one)
    assert found.deg[0] == pytest.approx(np.degrees(np.arcsin(left[1])))


def test_drop_is_against_standing_and_its_excursion_is_not():
    t_s = np.arange(0, 3, 0.01)
    obliquity = Obliquity(t_s, 1.0 + 4.0 * np.sin(2 * np.pi * t_s) * (t_s >= 1))
    standing = obliquity.standing_deg((0.0, 0.9))
    stride = ReferenceStride(1.1, 1.4, Side.LEFT, None, None)
    left = with_drop(stride, obliquity, standing)
    assert left.pelvic_drop_deg == pytest.approx(4.0, abs=0.01)
    assert left.pelvic_drop_excursion_deg == pytest.approx(4.0 * (1 - np.sin(0.2 * np.pi)), abs=0.01)
    right = with_drop(ReferenceStride(1.6, 1.9, Side.RIGHT, None, None), obliquity, standing)
    assert right.pelvic_drop_deg == pytest.approx(4.0, abs=0.01)
    unknown = with_drop(stride, obliquity, None)
    assert unknown.pelvic_drop_deg is None
    assert unknown.pelvic_drop_excursion_deg == pytest.approx(left.pelvic_drop_excursion_deg)
    with pytest.raises(InputError, match="standing pose"):
        obliquity.standing_deg((50.0, 60.0))


def test_sides_alternate_over_a_stance_that_is_missing():
    strides = [ReferenceStride(t, t + 0.2, None, None, None) for t in (0.0, 0.35, 0.70, 1.40, 1.75)]
    sides = [stride.side for stride in sides_by_alternation(strides, Side.RIGHT)]
    assert sides == [Side.RIGHT, Side.LEFT, Side.RIGHT, Side.RIGHT, Side.LEFT]
