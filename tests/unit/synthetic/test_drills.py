from dataclasses import replace

import numpy as np
import pytest

from sensorhub.model.gait import Side
from sensorhub.synthetic.band_walk import BandWalkParams, BandWalkSetPlan, synthesise_band_walk
from sensorhub.synthetic.negatives import NegativeParams, Scene, synthesise_negative
from sensorhub.synthetic.sensor import PERFECT
from sensorhub.synthetic.side_plank import HoldPlan, SidePlankParams, synthesise_side_plank
from sensorhub.synthetic.standing_clamshell import ClamshellParams, synthesise_clamshell

GRAVITY = 9.80665
ALIGNED = replace(PERFECT, mount=(1.0, 0.0, 0.0, 0.0))


def test_a_band_walk_ends_as_far_to_its_side_as_its_steps_are_long():
    plan = (BandWalkSetPlan(Side.LEFT, 10),)
    even = {"spread": 0.0, "drop_deg": 0.0, "crouch_deg": 0.0, "thud_mps2": 0.0, "fidgets": False}
    at_the_centre = replace(ALIGNED, place_m=(0.0, 0.0, 0.0))
    recording = synthesise_band_walk(BandWalkParams(sets=plan, step_length_m=0.3, sensor=at_the_centre, **even))
    block, one = recording.block, recording.truth.sets[0]
    inside = (block.t_s >= one.start_s - 0.5) & (block.t_s <= one.end_s + 0.5)
    # Gravity leaks through the sway of some tenths of a degree; over these seconds it stays below this.
    speed = np.cumsum(block.acc_mps2[inside, 1] - block.acc_mps2[:500, 1].mean()) * 0.01
    way = float(np.cumsum(speed - np.linspace(0, speed[-1], len(speed)))[-1] * 0.01)
    assert way == pytest.approx(3.0, abs=1.0)
    assert len(one.rep_times_s) == one.count == 10


def test_the_other_direction_is_the_mirror_image():
    left, right = (
        synthesise_band_walk(BandWalkParams(seed=4, sets=(BandWalkSetPlan(side, 8),), sensor=ALIGNED))
        for side in (Side.LEFT, Side.RIGHT)
    )
    one = left.truth.sets[0]
    inside = (left.block.t_s > one.start_s) & (left.block.t_s < one.end_s)
    against = np.corrcoef(left.block.acc_mps2[inside, 1], right.block.acc_mps2[inside, 1])[0, 1]
    assert against < -0.7


def test_lifting_the_hips_turns_gravity_by_the_lift():
    params = SidePlankParams(
        lift_deg=15.0, sensor=ALIGNED, shake_deg=0.0, holds=(HoldPlan(Side.LEFT, 20.0, sag_deg=0.0),)
    )
    recording = synthesise_side_plank(params)
    block, one = recording.block, recording.truth.sets[0]
    lying = block.acc_mps2[(block.t_s > one.start_s - 0.7) & (block.t_s < one.start_s - 0.5)].mean(axis=0)
    held = block.acc_mps2[(block.t_s > one.start_s + 3) & (block.t_s < one.end_s - 3)].mean(axis=0)
    angle = np.degrees(np.arccos(lying @ held / np.linalg.norm(lying) / np.linalg.norm(held)))
    assert angle == pytest.approx(15.0, abs=2.5)
    assert lying[1] < -0.98 * GRAVITY  # the left side is down, so up is to the right
    assert one.hold_s == pytest.approx(one.end_s - one.start_s)


def test_a_clamshell_turns_the_pelvis_towards_the_moving_knee():
    recording = synthesise_clamshell(ClamshellParams(turn_deg=5.0, sensor=ALIGNED, sway_deg=0.0))
    block = recording.block
    for one in recording.truth.sets:
        way = 1.0 if one.side is Side.LEFT else -1.0
        for peak_s in one.rep_times_s:
            opening = (block.t_s > peak_s - 0.8) & (block.t_s < peak_s)
            assert way * np.degrees(block.gyr_radps[opening, 2].sum() * 0.01) > 2.0


@pytest.mark.parametrize("scene", list(Scene))
def test_every_scene_is_made_with_finite_numbers_and_no_set(scene):
    recording = synthesise_negative(NegativeParams(scene, seed=2, duration_s=40.0))
    assert recording.truth.sets == ()
    assert bool(recording.truth.steps) == (scene is Scene.WALKING)
    assert np.isfinite(recording.block.acc_mps2).all()
    assert np.linalg.norm(recording.block.acc_mps2, axis=1).mean() == pytest.approx(GRAVITY, abs=3.5)
    again = synthesise_negative(NegativeParams(scene, seed=2, duration_s=40.0))
    assert recording.block.gyr_radps.tobytes() == again.block.gyr_radps.tobytes()
