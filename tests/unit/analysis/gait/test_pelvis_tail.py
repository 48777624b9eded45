"""What is read for a stance, against a made runner whose numbers are known."""

from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest

from sensorhub.analysis.alignment.pelvis import PelvisBlock
from sensorhub.analysis.gait.pelvic_drop import measure_stances
from sensorhub.analysis.gait.pelvis_tail import PelvisTail, StanceReading, StanceSpan
from sensorhub.model.samples import SampleBlock
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams, Turn
from sensorhub.synthetic.truth import TrueStep
from tests.unit.analysis.made import aligned, made, runner


def spans(steps: tuple[TrueStep, ...]) -> list[StanceSpan]:
    before = [None, None, *(step.t_to for step in steps)]
    return [StanceSpan(step.t_ic, step.t_to, start) for step, start in zip(steps, before, strict=False)]


def sliced(blocks: list[PelvisBlock], start: int, stop: int) -> PelvisBlock:
    """Samples start to stop of blocks end to end."""
    arrays = {
        field.name: np.concatenate([getattr(block, field.name) for block in blocks])[start:stop]
        for field in fields(PelvisBlock)
        if isinstance(getattr(blocks[0], field.name), np.ndarray)
    }
    return replace(blocks[0], **arrays)


def readings(pace: Pace) -> tuple[tuple[TrueStep, ...], list[StanceReading | None]]:
    recording = runner(Bout(Pace.STAND, 6.0), Bout(pace, 30.0))
    tail = PelvisTail(kept_s=60.0)
    for block in aligned(recording.block)[0]:
        tail.feed(block)
    return recording.truth.steps, tail.read(spans(recording.truth.steps))


@pytest.mark.parametrize(("pace", "spread_m"), [(Pace.RUN, 0.004), (Pace.WALK, 0.0015)])
def test_vertical_oscillation_is_right_to_3_mm_and_does_not_drift(pace: Pace, spread_m: float) -> None:
    steps, found = readings(pace)
    error_m = np.array(
        [
            reading.vertical_oscillation_m - step.vertical_oscillation_m
            for step, reading in zip(steps, found, strict=True)
            if reading is not None and reading.vertical_oscillation_m is not None
        ]
    )
    assert len(error_m) >= len(steps) - 3
    assert abs(error_m.mean()) < 0.001
    assert abs(error_m[-15:].mean() - error_m[:15].mean()) < 0.003
    assert error_m.std() < spread_m


def test_rotation_range_is_that_of_the_stride() -> None:
    steps, found = readings(Pace.RUN)
    pairs = [(s.rotation_range_deg, r.rotation_range_deg) for s, r in zip(steps, found, strict=True) if r is not None]
    error_deg = [got - true for true, got in pairs[2:] if got is not None]
    assert abs(np.mean(error_deg)) < 0.5
    assert np.std(error_deg) < 1.0


def test_a_bend_is_told_during_and_after_it() -> None:
    bouts = (Bout(Pace.STAND, 6.0), Bout(Pace.RUN, 44.0))
    recording = made(RunnerParams(seed=6, bouts=bouts, turns=(Turn(20.0, 90.0, 3.0),)))
    tail = PelvisTail(kept_s=60.0)
    for block in aligned(recording.block)[0]:
        tail.feed(block)
    at = {
        step.t_ic: reading
        for step, reading in zip(recording.truth.steps, tail.read(spans(recording.truth.steps)), strict=True)
    }
    pull = {t_s: reading.bend_pull_deg for t_s, reading in at.items() if reading is not None}
    assert max(p for t_s, p in pull.items() if t_s < 19.0) < 0.6
    assert min(p for t_s, p in pull.items() if 22.5 < t_s < 28.0) > 1.0
    assert max(p for t_s, p in pull.items() if t_s > 45.0) < 0.6


def test_the_stances_read_while_the_samples_come_measure_the_true_drop() -> None:
    recording = runner()
    steps = recording.truth.steps
    blocks, alignment = aligned(recording.block)
    assert alignment is not None
    tail, left = PelvisTail(kept_s=3.0), list(zip(steps, spans(steps), strict=False))
    errors_deg = []
    for start in range(0, sum(map(len, blocks)), 37):
        tail.feed(sliced(blocks, start, start + 37))
        while left and left[0][1].toe_off_s < tail.end_s:
            step, span = left.pop(0)
            (reading,) = tail.read([span])
            assert reading is not None
            (angles,) = measure_stances([reading.motion], [step.side], alignment)
            assert angles is not None
            assert angles.pelvic_drop_deg is not None
            errors_deg.append(angles.pelvic_drop_deg - step.drop)
    assert len(errors_deg) > 30
    assert np.abs(errors_deg).max() < 0.6
    assert np.std(np.abs(errors_deg)) < 0.1


def test_a_gap_in_the_stride_before_the_stance_is_seen() -> None:
    recording = runner()
    block, steps = recording.block, recording.truth.steps
    here = 20
    before, after = next((a.t_to, b.t_ic) for a, b in pairwise(steps[here - 1 :]))
    keep = (block.t_s < before + 0.01) | (block.t_s > after - 0.01)
    blocks, _ = aligned(SampleBlock(block.t_s[keep], block.acc_mps2[keep], block.gyr_radps[keep]))
    tail = PelvisTail(kept_s=60.0)
    for part in blocks:
        tail.feed(part)
    missing = [reading.missing for reading in tail.read(spans(steps)) if reading is not None]
    assert any(missing)
    assert not all(missing)


def test_a_gap_in_the_same_foots_stance_before_is_seen() -> None:
    recording = runner()
    block, steps = recording.block, recording.truth.steps
    before, own = steps[20], steps[22]
    lost = (block.t_s > before.t_ic + 0.05) & (block.t_s < before.t_to - 0.05)
    blocks, _ = aligned(SampleBlock(block.t_s[~lost], block.acc_mps2[~lost], block.gyr_radps[~lost]))
    tail = PelvisTail(kept_s=60.0)
    for part in blocks:
        tail.feed(part)
    without, whole = (StanceSpan(own.t_ic, own.t_to, before.t_to, since_s) for since_s in (None, before.t_ic))
    assert [reading is not None and reading.missing for reading in tail.read([without, whole])] == [False, True]


def test_a_stance_that_is_not_all_there_is_not_read() -> None:
    recording = runner()
    tail = PelvisTail(kept_s=4.0)
    for block in aligned(recording.block)[0]:
        tail.feed(block)
    end_s = tail.end_s
    early, late = StanceSpan(-1.0, -0.7, None), StanceSpan(end_s - 0.1, end_s + 0.1, None)
    inside = StanceSpan(end_s - 0.6, end_s - 0.3, None)
    assert [reading is None for reading in tail.read([early, late, inside])] == [True, True, False]
    assert PelvisTail().end_s == -np.inf
