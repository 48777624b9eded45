"""What is read for a stance, against a made runner whose numbers are known."""

from collections.abc import Sequence

import numpy as np
import pytest

from sensorhub.analysis.gait.pelvic_drop import measure_stances
from sensorhub.analysis.gait.pelvis_tail import PelvisTail
from sensorhub.analysis.gait.stance_readings import StanceReadings, read_stances
from sensorhub.model.gait import Side
from sensorhub.model.samples import FloatArray, SampleBlock
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams, Turn
from sensorhub.synthetic.truth import TrueStep
from tests.unit.analysis.made import aligned, made, pelvis_block, runner, sliced, tail_of


def spans(steps: Sequence[TrueStep]) -> tuple[FloatArray, ...]:
    """Initial contacts and toe-offs, and those two steps before."""
    own_s = np.array([(step.t_ic, step.t_to) for step in steps]).T
    before_s = np.concatenate((np.full((2, 2), np.nan), own_s), axis=1)
    return (*own_s, *before_s[:, : len(steps)])


def end_s(tail: PelvisTail) -> float:
    """The time of the newest sample."""
    return float(tail.times_s(np.array(tail.end - 1)))


def readings(pace: Pace) -> tuple[tuple[TrueStep, ...], StanceReadings]:
    recording = runner(Bout(Pace.STAND, 6.0), Bout(pace, 30.0))
    return recording.truth.steps, read_stances(tail_of(recording.block), *spans(recording.truth.steps))[2]


@pytest.mark.parametrize(("pace", "spread_m"), [(Pace.RUN, 0.004), (Pace.WALK, 0.0015)])
def test_vertical_oscillation_is_right_to_3_mm_and_does_not_drift(pace: Pace, spread_m: float) -> None:
    steps, found = readings(pace)
    true_m = np.array([step.vertical_oscillation_m for step in steps])
    error_m = found.vertical_oscillation_m - true_m
    error_m = error_m[~np.isnan(error_m)]
    assert len(error_m) >= len(steps) - 3
    assert abs(error_m.mean()) < 0.001
    assert abs(error_m[-15:].mean() - error_m[:15].mean()) < 0.003
    assert error_m.std() < spread_m


def test_rotation_range_is_that_of_the_stride() -> None:
    steps, found = readings(Pace.RUN)
    error_deg = found.rotation_range_deg[2:] - [step.rotation_range_deg for step in steps[2:]]
    error_deg = error_deg[~np.isnan(error_deg)]
    assert len(error_deg) >= len(steps) - 4
    assert abs(np.mean(error_deg)) < 0.5
    assert np.std(error_deg) < 1.0


def test_a_bend_is_told_during_and_after_it() -> None:
    bouts = (Bout(Pace.STAND, 6.0), Bout(Pace.RUN, 44.0))
    recording = made(RunnerParams(seed=6, bouts=bouts, turns=(Turn(20.0, 90.0, 3.0),)))
    where = spans(recording.truth.steps)
    at_s, pull_deg = where[0], read_stances(tail_of(recording.block), *where)[2].bend_deg
    assert pull_deg[at_s < 19.0].max() < 0.6
    assert pull_deg[(at_s > 22.5) & (at_s < 28.0)].min() > 1.0
    assert pull_deg[at_s > 45.0].max() < 0.6


def test_the_stances_read_while_the_samples_come_measure_the_true_drop() -> None:
    recording = runner()
    steps = recording.truth.steps
    blocks, alignment = aligned(recording.block)
    assert alignment is not None
    tail, left = PelvisTail(kept_s=3.0), list(steps)
    errors_deg = []
    for start in range(0, sum(map(len, blocks)), 37):
        tail.feed(sliced(blocks, start, start + 37))
        while left and left[0].t_to < end_s(tail):
            step = left.pop(0)
            stances, up_sensor, _ = read_stances(tail, *spans([step]))
            angles = measure_stances(up_sensor, stances, np.array([step.side is Side.LEFT]), alignment)
            errors_deg.append(angles.pelvic_drop_deg[0] - step.drop)
    assert len(errors_deg) > 30
    assert np.abs(errors_deg).max() < 0.6
    assert np.std(np.abs(errors_deg)) < 0.1


def test_a_gap_is_seen_in_the_stance_and_in_the_same_foots_stance_before() -> None:
    recording = runner()
    block, steps = recording.block, recording.truth.steps
    lost = (block.t_s > steps[20].t_ic + 0.05) & (block.t_s < steps[20].t_to - 0.05)
    tail = tail_of(SampleBlock(block.t_s[~lost], block.acc_mps2[~lost], block.gyr_radps[~lost]))
    where = spans(steps)
    missing = read_stances(tail, *where)[2].missing
    assert missing[[20, 22]].all()
    assert not missing[:20].any()
    assert not missing[23:].any()
    by_itself = read_stances(tail, where[0][22:23], where[1][22:23], *np.full((2, 1), np.nan))[2]
    assert not by_itself.missing.any()


def test_a_stance_that_is_not_all_there_is_not_read() -> None:
    tail = tail_of(runner().block, kept_s=4.0)
    contact_s = np.array([-1.0, end_s(tail) - 0.1, end_s(tail) - 0.6])
    stances, up_sensor, found = read_stances(tail, contact_s, contact_s + 0.3, *np.full((2, 3), np.nan))
    assert (stances.samples > 0).tolist() == [False, False, True]
    assert up_sensor.shape[1] == stances.samples.sum()
    assert np.isnan(found.turn_radps).tolist() == [True, True, False]
    assert found.bend_deg[0] == 0.0


@pytest.mark.parametrize("samples", range(200, 260))
def test_a_stance_that_ends_on_the_newest_sample_is_read(samples: int) -> None:
    rate_hz, start_s = 60.0, 24.9
    t_s = start_s + np.arange(samples) / rate_hz
    up = np.repeat([[0.0], [0.0], [1.0]], samples, axis=1)
    tail = PelvisTail()
    tail.feed(pelvis_block(rate_hz, t_s, up, None))
    stances, _, _ = read_stances(tail, t_s[-20:-19] + 0.001, t_s[-1:], *np.full((2, 1), np.nan))
    assert stances.samples[0] == 20
