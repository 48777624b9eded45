"""Alignment on made runners, clipped on anyhow."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from sensorhub.analysis.alignment.aligner import Aligner
from sensorhub.dsp.front_end import FrontEnd
from sensorhub.model.alignment import Alignment
from sensorhub.model.gait import Reference
from sensorhub.synthetic.clip import Slip
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams, Turn
from sensorhub.synthetic.sensor import PERFECT, matrix_of
from tests.support.cuts import cut_points, pieces
from tests.unit.analysis.made import (
    STAND_AND_RUN,
    aligned,
    heading_error_deg,
    made,
    motion_of,
    runner,
    signals_of,
    times_of,
    turned,
)

UPRIGHT = np.eye(3)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_any_mounting_is_found_and_never_back_to_front(seed: int) -> None:
    rotation = Rotation.random(random_state=np.random.default_rng(seed)).as_matrix()
    recording = runner()
    blocks, alignment = aligned(turned(recording.block, rotation))
    assert abs(heading_error_deg(alignment, recording, rotation)) < 2.0
    assert alignment is not None
    assert alignment.reference is Reference.STANDING
    assert all(block.alignment is not None and block.alignment.left_sensor for block in blocks)


def test_another_mounting_gives_the_same_pelvis() -> None:
    recording = runner()
    rotation = Rotation.from_euler("xyz", [170.0, 20.0, 75.0], degrees=True).as_matrix()
    one, _ = aligned(recording.block)
    other, _ = aligned(turned(recording.block, rotation))
    late = slice(1200, None)
    for name in ("obliquity_sine", "tilt_sine", "vertical", "forward", "roll_rate", "yaw_rate"):
        a, b = (signals_of(blocks)[name][late] for blocks in (one, other))
        assert np.abs(a - b).max() < 0.02 * np.abs(a).max(), name


def test_mirrored_motion_swaps_left_and_right_and_nothing_else() -> None:
    recording = runner(drop_left_deg=2.0, drop_right_deg=6.0)
    mirror = np.array([1.0, -1.0, 1.0])
    block = recording.block
    mirrored = type(block)(block.t_s, block.acc_mps2 * mirror, -block.gyr_radps * mirror)
    one, _ = aligned(block)
    other, _ = aligned(mirrored)
    for name, sign in (("obliquity_sine", -1), ("tilt_sine", 1), ("forward", 1), ("yaw_rate", -1)):
        a, b = (signals_of(blocks)[name] for blocks in (one, other))
        assert np.abs(a - sign * b).max() < 1e-6 * max(1.0, np.abs(a).max()), name


@pytest.mark.parametrize("pace", [Pace.WALK, Pace.RUN])
@pytest.mark.parametrize("stands", [True, False])
def test_walking_and_running_with_and_without_standing(pace: Pace, *, stands: bool) -> None:
    bouts = (Bout(Pace.STAND, 6.0), Bout(pace, 16.0)) if stands else (Bout(pace, 16.0),)
    recording = runner(*bouts)
    _, alignment = aligned(recording.block)
    assert alignment is not None
    assert alignment.reference is (Reference.STANDING if stands else Reference.RUN_MEAN)
    assert abs(heading_error_deg(alignment, recording, UPRIGHT)) < 3.0


def test_standing_after_the_run_becomes_the_reference() -> None:
    _, alignment = aligned(runner(Bout(Pace.RUN, 12.0), Bout(Pace.STAND, 8.0)).block)
    assert alignment is not None
    assert alignment.reference is Reference.STANDING


def test_standing_alone_is_passed_on_without_a_heading_and_not_held_for_ever() -> None:
    aligner = Aligner()
    passed = [block for motion in motion_of(runner(Bout(Pace.STAND, 40.0)).block) for block in aligner.feed(motion)]
    held = aligner.finish()
    assert sum(map(len, passed)) > 1500
    assert sum(map(len, passed)) + sum(map(len, held)) == 4000
    assert all(block.alignment is None for block in passed)
    assert np.isnan(signals_of(passed)["obliquity_sine"]).all()


@pytest.mark.parametrize("axis", [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)])
@pytest.mark.parametrize("angle_deg", [40.0, 180.0])
def test_a_slip_is_noticed_within_ten_seconds_and_aligned_anew(
    axis: tuple[float, float, float], angle_deg: float
) -> None:
    bouts = (Bout(Pace.STAND, 6.0), Bout(Pace.RUN, 50.0))
    recording = made(RunnerParams(seed=5, bouts=bouts, slips=(Slip(30.0, angle_deg, axis),)))
    blocks, alignment = aligned(recording.block)
    noticed = [block.motion.t_s[0] for block in blocks if block.alignment is not None and block.alignment.mounting == 1]
    assert 30.0 < noticed[0] < 40.0
    assert alignment is not None
    assert (alignment.mounting, alignment.reference) == (1, Reference.RUN_MEAN)
    rotation = Rotation.from_rotvec(np.deg2rad(-angle_deg) * np.array(axis)).as_matrix()
    mount = Rotation.from_quat(np.roll(recording.truth.q_pelvis_from_sensor, -1)).as_matrix()
    assert abs(heading_error_deg(alignment, recording, mount.T @ rotation @ mount)) < 6.0


@pytest.mark.parametrize("slip_s", [14.0, 30.0, 140.0])  # before the heading is sure, just after, and in a long pause
@pytest.mark.parametrize(
    ("axis", "angle_deg"), [((1.0, 0.0, 0.0), 10.0), ((0.0, 1.0, 0.0), 20.0), ((0.0, 0.0, 1.0), 20.0)]
)
def test_a_small_slip_is_noticed_within_ten_seconds_at_any_time(
    slip_s: float, axis: tuple[float, float, float], angle_deg: float
) -> None:
    bouts = (Bout(Pace.STAND, 6.0), Bout(Pace.RUN, slip_s + 8.0))
    blocks, _ = aligned(made(RunnerParams(seed=6, bouts=bouts, slips=(Slip(slip_s, angle_deg, axis),))).block)
    noticed = [block.motion.t_s[0] for block in blocks if block.alignment is not None and block.alignment.mounting == 1]
    assert noticed
    assert slip_s < noticed[0] < slip_s + 10.0


def test_the_first_heading_is_known_after_two_seconds_of_running() -> None:
    recording = runner(Bout(Pace.STAND, 6.0), Bout(Pace.RUN, 10.0))
    known_s = recording.truth.steps[0].t_ic + 3.1
    seen = recording.block.cut(0, int(np.searchsorted(recording.block.t_s, known_s)))
    aligner = Aligner()
    passed = [block for motion in motion_of(seen) for block in aligner.feed(motion)]
    assert passed
    assert passed[-1].alignment is not None
    assert not passed[-1].alignment.settled
    assert abs(heading_error_deg(passed[-1].alignment, recording, UPRIGHT)) < 4.0


def test_an_unslipped_clip_is_never_said_to_have_slipped() -> None:
    bouts = (Bout(Pace.STAND, 6.0), Bout(Pace.RUN, 20.0), Bout(Pace.WALK, 12.0), Bout(Pace.RUN, 12.0, 5.0))
    _, alignment = aligned(runner(*bouts).block)
    assert alignment is not None
    assert alignment.mounting == 0


def test_leaning_into_bends_is_no_slip() -> None:
    turns = tuple(Turn(12.0 + 12.0 * k, (-1) ** k * 180.0, 9.0) for k in range(4))
    bouts = (Bout(Pace.STAND, 6.0), Bout(Pace.RUN, 56.0))
    _, alignment = aligned(made(RunnerParams(seed=8, bouts=bouts, turns=turns)).block)
    assert alignment is not None
    assert (alignment.mounting, alignment.reference) == (0, Reference.STANDING)


def test_a_known_alignment_is_used_from_the_first_sample() -> None:
    recording = runner()
    _, found = aligned(recording.block)
    assert found is not None
    known = replace(found, settled=True)
    aligner = Aligner(known)
    (first, *_) = (block for motion in motion_of(recording.block.cut(0, 400)) for block in aligner.feed(motion))
    assert first.alignment == known
    assert first.motion.t_s[0] == 0.0


def test_a_known_alignment_keeps_its_standing_where_the_stream_has_none() -> None:
    recording = runner(Bout(Pace.STAND, 6.0), Bout(Pace.RUN, 40.0))
    _, found = aligned(recording.block.cut(0, 2200))
    _, alignment = aligned(recording.block.cut(2200, 4600), found)
    assert alignment is not None
    assert (alignment.mounting, alignment.reference) == (0, Reference.STANDING)
    assert abs(heading_error_deg(alignment, recording, UPRIGHT)) < 2.0


@pytest.mark.parametrize("turn_deg", [(0.0, 0.0, 90.0), (0.0, 0.0, 180.0), (40.0, 0.0, 0.0), (180.0, 0.0, 0.0)])
def test_a_known_alignment_of_another_mounting_is_given_up(turn_deg: tuple[float, float, float]) -> None:
    recording = runner()
    _, found = aligned(recording.block)
    assert found is not None
    rotation = Rotation.from_euler("xyz", turn_deg, degrees=True).as_matrix()
    pelvis_from_sensor = matrix_of(recording.truth.q_pelvis_from_sensor)
    remounted = pelvis_from_sensor.T @ rotation @ pelvis_from_sensor
    _, alignment = aligned(turned(recording.block, remounted), replace(found, settled=True))
    assert alignment is not None
    assert alignment.mounting == 1
    assert abs(heading_error_deg(alignment, recording, remounted)) < 3.0


def test_the_pelvis_frame_is_the_true_one() -> None:
    recording = made(RunnerParams(seed=4, bouts=STAND_AND_RUN, sensor=PERFECT))
    blocks, _ = aligned(recording.block)
    t_s = times_of(blocks)
    obliquity_deg = np.rad2deg(np.arcsin(signals_of(blocks)["obliquity_sine"]))
    for step in recording.truth.steps[20:]:
        inside = (t_s >= step.t_ic) & (t_s <= step.t_to)
        sign = 1.0 if step.side.value == "left" else -1.0
        assert abs((sign * obliquity_deg[inside]).max() - step.drop) < 0.35


@settings(max_examples=10, deadline=None)
@given(cut_points(2000))
def test_any_cut_gives_the_same_bits(cuts: list[int]) -> None:
    block = runner().block

    def run(blocks: list[type(block)]) -> tuple[list[bytes], Alignment | None]:  # type: ignore[valid-type]
        front_end, aligner = FrontEnd(), Aligner()
        out = [p for b in blocks for motion in front_end.feed(b).motion for p in aligner.feed(motion)]
        out += [p for motion in front_end.finish().motion for p in aligner.feed(motion)] + aligner.finish()
        signals = [times_of(out), *signals_of(out).values()]
        return [signal.tobytes() for signal in signals], aligner.alignment

    assert run(pieces(block, cuts)) == run([block])
