"""The run as a whole, on a made runner whose contacts are known, cut anyhow."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings

from sensorhub.analysis.running import RunAnalysis
from sensorhub.model.gait import Stride
from sensorhub.model.samples import MotionBlock, SampleBlock
from sensorhub.model.status import Activity, ActivitySpan
from sensorhub.synthetic.negatives import NOT_A_PERSONS_PELVIS, NegativeParams, Scene, synthesise_negative
from sensorhub.synthetic.runner_params import Bout, Pace
from sensorhub.synthetic.truth import SyntheticRecording, Truth
from tests.support.cuts import cut_points, run_stage
from tests.unit.analysis.made import motion_of, one_motion, runner


def made_recording() -> SyntheticRecording:
    return runner(Bout(Pace.STAND, 6.0), Bout(Pace.RUN, 14.0), Bout(Pace.STAND, 3.0))


@cache
def made_run() -> tuple[MotionBlock, Truth]:
    recording = made_recording()
    return one_motion(recording.block), recording.truth


def last_of_each(events: list[Stride | ActivitySpan]) -> list[Stride]:
    return list({event.seq: event for event in events if isinstance(event, Stride)}.values())


def by_kind(events: list[Stride | ActivitySpan]) -> list[Stride | ActivitySpan]:
    """Strides before activities: only within its kind the order of a live stream means anything."""
    return sorted(events, key=lambda event: isinstance(event, ActivitySpan))


def test_each_step_is_found_once_with_its_foot():
    block, truth = made_run()
    strides = last_of_each(run_stage(RunAnalysis, [block]))
    contacts = np.array([stride.initial_contact_s for stride in strides])
    for step in truth.steps:
        near = np.flatnonzero(np.abs(contacts - step.t_ic) < 0.03)
        assert len(near) == 1
        assert strides[near[0]].side is step.side


def test_standing_and_running_are_told_apart():
    block, _ = made_run()
    spans = [event for event in run_stage(RunAnalysis, [block]) if isinstance(event, ActivitySpan)]
    assert [span.activity for span in spans] == [Activity.STAND, Activity.RUN, Activity.STAND]
    assert abs(spans[0].end_s - 6.0) < 1.0
    assert abs(spans[1].end_s - 20.5) < 1.5


def test_a_stride_comes_soon_after_its_toe_off():
    block, _ = made_run()
    stage, delays = RunAnalysis(), []
    for start in range(0, len(block), 5):
        part = block.cut(start, start + 5)
        delays += [part.t_s[-1] - s.toe_off_s for s in stage.feed(part) if isinstance(s, Stride) and s.revision == 0]
    assert np.median(delays) < 0.12 + 0.05


def test_no_stride_comes_while_none_is_said_to_come_and_that_is_most_of_a_step():
    block, _ = made_run()
    stage, said_s, waits_s = RunAnalysis(), -np.inf, []
    for start in range(0, len(block), 2):
        part = block.cut(start, start + 2)
        told = [event for event in stage.feed(part) if isinstance(event, Stride)]
        assert not told or part.t_s[-1] >= said_s
        if stage.no_stride_before_s > said_s:
            said_s = stage.no_stride_before_s
            waits_s.append(said_s - part.t_s[-1])
    assert len(waits_s) > 25
    assert np.median(waits_s) > 0.2


def test_the_next_stride_of_walking_may_always_come():
    recording = runner(Bout(Pace.STAND, 6.0), Bout(Pace.RUN, 14.0), Bout(Pace.WALK, 14.0))
    stage = RunAnalysis()
    stage.feed(one_motion(recording.block))
    assert stage.no_stride_before_s == -np.inf


def test_the_stance_in_which_a_run_ends_is_not_trusted():
    block, _ = made_run()
    strides = last_of_each(run_stage(RunAnalysis, [block]))
    assert strides[-1].ground_contact_time_s > 1.4 * strides[-2].ground_contact_time_s
    assert strides[-1].quality < 0.1
    assert strides[-2].quality > 0.7


@given(cut_points(2100))
@settings(max_examples=12, deadline=None)
def test_any_cut_gives_the_same_strides(cuts):
    block, _ = made_run()
    parts = [block.cut(a, b) for a, b in pairwise([0, *cuts, len(block)])]
    assert by_kind(run_stage(RunAnalysis, parts)) == by_kind(run_stage(RunAnalysis, [block]))


def without(block: SampleBlock, start_s: float, stop_s: float) -> SampleBlock:
    """The recording with a piece cut out and the ends joined: a step that never was."""
    kept = (block.t_s < start_s) | (block.t_s >= stop_s)
    return SampleBlock(block.t_s[: int(kept.sum())], block.acc_mps2[kept], block.gyr_radps[kept])


def doubled(block: SampleBlock, start_s: float, stop_s: float) -> SampleBlock:
    """The recording with a piece played twice."""
    rows = np.concatenate((np.flatnonzero(block.t_s < stop_s), np.flatnonzero(block.t_s >= start_s)))
    step_s = float(block.t_s[1] - block.t_s[0])
    return SampleBlock(block.t_s[0] + step_s * np.arange(len(rows)), block.acc_mps2[rows], block.gyr_radps[rows])


@pytest.mark.parametrize("change", [without, doubled])
def test_after_a_missed_or_doubled_step_the_foot_is_right_within_four(change):
    recording = made_recording()
    steps = recording.truth.steps
    cut_s, next_s = steps[20].t_ic - 0.05, steps[21].t_ic - 0.05
    shift_s = cut_s - next_s if change is without else next_s - cut_s
    block = one_motion(change(recording.block, cut_s, next_s))
    strides = last_of_each(run_stage(RunAnalysis, [block]))
    contacts = np.array([stride.initial_contact_s for stride in strides])
    for step in steps[25:35]:
        nearest = int(np.abs(contacts - (step.t_ic + shift_s)).argmin())
        assert abs(contacts[nearest] - (step.t_ic + shift_s)) < 0.04
        assert strides[nearest].side is step.side


def test_mirrored_motion_swaps_sides_and_drops_and_nothing_else():
    block = made_recording().block
    mirror = SampleBlock(block.t_s, block.acc_mps2 * [1.0, -1.0, 1.0], block.gyr_radps * [-1.0, 1.0, -1.0])
    one, two = (last_of_each(run_stage(RunAnalysis, [one_motion(each)])) for each in (block, mirror))
    assert len(one) == len(two)
    for stride, image in zip(one, two, strict=True):
        assert stride.side is image.side.other
        assert stride.initial_contact_s == pytest.approx(image.initial_contact_s, abs=0.002)
        assert stride.toe_off_s == pytest.approx(image.toe_off_s, abs=0.002)
        assert stride.pelvic_drop_deg == pytest.approx(image.pelvic_drop_deg, abs=0.1)


@pytest.mark.parametrize("scene", [*NOT_A_PERSONS_PELVIS, Scene.CYCLING, Scene.SHAKEN_IN_HAND])
def test_what_has_no_steps_gives_no_stride_that_is_trusted(scene):
    recording = synthesise_negative(NegativeParams(scene, duration_s=60.0))
    strides = last_of_each(run_stage(RunAnalysis, motion_of(recording.block)))
    assert all(stride.quality < 0.3 for stride in strides)


@pytest.mark.parametrize("scene", [Scene.ROPE_SKIPPING, Scene.JUMPING_JACKS])
def test_two_feet_that_jump_at_once_are_hardly_ever_trusted(scene):
    recording = synthesise_negative(NegativeParams(scene, seed=2, duration_s=120.0))
    strides = last_of_each(run_stage(RunAnalysis, motion_of(recording.block)))
    assert sum(stride.quality >= 0.3 for stride in strides) < 0.06 * max(len(strides), 100)
