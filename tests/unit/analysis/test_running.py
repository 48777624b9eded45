"""The run as a whole, on a made runner whose contacts are known, cut anyhow."""

from functools import cache
from itertools import pairwise

import numpy as np
from hypothesis import given, settings

from sensorhub.analysis.running import RunAnalysis
from sensorhub.dsp.front_end import FrontEnd
from sensorhub.model.gait import Stride
from sensorhub.model.samples import MotionBlock
from sensorhub.model.status import Activity, ActivitySpan
from sensorhub.synthetic.runner import synthesise_run
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams
from sensorhub.synthetic.truth import Truth
from tests.support.cuts import cut_points, run_stage


@cache
def made_run() -> tuple[MotionBlock, Truth]:
    bouts = (Bout(Pace.STAND, 6.0), Bout(Pace.RUN, 14.0), Bout(Pace.STAND, 3.0))
    recording = synthesise_run(RunnerParams(seed=3, bouts=bouts))
    front_end = FrontEnd()
    blocks = [*front_end.feed(recording.block).motion, *front_end.finish().motion]
    return joined(blocks), recording.truth


def joined(blocks: list[MotionBlock]) -> MotionBlock:
    columns = ("t_s", "acc_mps2", "gyr_radps", "q_earth_from_sensor", "missing", "clipped")
    return MotionBlock(blocks[0].rate_hz, *(np.concatenate([getattr(b, c) for b in blocks]) for c in columns))


def cut(block: MotionBlock, start: int, stop: int) -> MotionBlock:
    columns = (block.t_s, block.acc_mps2, block.gyr_radps, block.q_earth_from_sensor, block.missing, block.clipped)
    return MotionBlock(block.rate_hz, *(column[start:stop] for column in columns))


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
        part = cut(block, start, start + 5)
        delays += [part.t_s[-1] - s.toe_off_s for s in stage.feed(part) if isinstance(s, Stride) and s.revision == 0]
    assert np.median(delays) < 0.12 + 0.05


@given(cut_points(2100))
@settings(max_examples=12, deadline=None)
def test_any_cut_gives_the_same_strides(cuts):
    block, _ = made_run()
    parts = [cut(block, a, b) for a, b in pairwise([0, *cuts, len(block)])]
    assert by_kind(run_stage(RunAnalysis, parts)) == by_kind(run_stage(RunAnalysis, [block]))
