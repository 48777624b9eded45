import numpy as np
import pytest

from sensorhub.analysis.summary import SummaryBuilder
from sensorhub.model.gait import Flag, Reference, Side
from sensorhub.model.samples import SampleBlock
from sensorhub.model.status import Gap
from tests.support import strides


def stride(seq, drop, *, excursion=2.0, quality=0.9, **changes):
    side = Side.LEFT if seq % 2 == 0 else Side.RIGHT
    return strides.stride(
        seq, side=side, pelvic_drop_deg=drop, pelvic_drop_excursion_deg=excursion, quality=quality, **changes
    )


def session(rng, *, n=60, left=5.0, right=4.0, shift=0.0, drift=0.0):
    builder = SummaryBuilder()
    for seq in range(2 * n):
        own = left + shift if seq % 2 == 0 else right - shift
        builder.add([stride(seq, own + drift * 0.36 * seq / 60 + 0.7 * rng.standard_normal())])
    return builder.result()


def test_means_counts_and_asymmetry():
    summary = session(np.random.default_rng(3), n=200)
    assert (summary.strides, summary.strides_left, summary.strides_right) == (400, 200, 200)
    assert summary.pelvic_drop_left_deg.mean == pytest.approx(5.0, abs=0.2)
    assert summary.pelvic_drop_left_deg.low < 5.0 < summary.pelvic_drop_left_deg.high
    assert summary.asymmetry_deg.mean == pytest.approx(1.0, abs=0.2)
    assert summary.cadence_spm == pytest.approx(166.7)
    assert summary.trusted_share == 1.0
    assert 0.65 < summary.minimal_detectable_change_deg < 0.9


def test_sides_that_never_follow_each_other_have_their_difference_too():
    rng = np.random.default_rng(3)
    builder = SummaryBuilder()
    for seq in (*range(0, 80, 2), *range(101, 181, 2)):
        builder.add([stride(seq, 5.0 - seq % 2 + 0.7 * rng.standard_normal())])
    told = builder.result()
    half_deg = [0.5 * (one.high - one.low) for one in (told.asymmetry_deg, told.pelvic_drop_left_deg)]
    assert told.asymmetry_deg.low < 1.0 < told.asymmetry_deg.high
    assert half_deg[0] > 1.2 * half_deg[1]


def test_nothing_seen_is_nothing_claimed():
    summary = SummaryBuilder().result()
    assert summary.strides == 0
    assert summary.pelvic_drop_left_deg is None
    assert summary.asymmetry_deg is None
    assert summary.trusted_share is None
    assert summary.cadence_spm is None


def test_a_stride_that_comes_again_replaces_itself():
    once, twice = SummaryBuilder(), SummaryBuilder()
    for seq in range(40):
        twice.add([stride(seq, 99.0)])
        once.add([stride(seq, 5.0)])
    for seq in reversed(range(40)):
        twice.add([stride(seq, 5.0, revision=1)])
    assert once.result() == twice.result()


def test_flagged_and_poor_strides_count_but_are_not_believed():
    builder = SummaryBuilder()
    for seq in range(80):
        builder.add([stride(seq, 5.0)])
    builder.add([stride(80, 60.0, flags=(Flag.SLIP,))])
    builder.add([stride(81, 60.0, quality=0.2)])
    summary = builder.result()
    assert summary.strides == 82
    assert summary.trusted_share == pytest.approx(80 / 82)
    assert summary.pelvic_drop_left_deg.mean == pytest.approx(5.0)


def test_against_the_mean_of_the_run_only_the_excursion_is_claimed():
    builder = SummaryBuilder()
    for seq in range(80):
        builder.add([stride(seq, 1.0, reference=Reference.RUN_MEAN)])
    summary = builder.result()
    assert summary.pelvic_drop_left_deg is None
    assert summary.pelvic_drop_excursion_left_deg.mean == pytest.approx(2.0)


def test_drift_is_claimed_after_two_minutes_and_not_before():
    rng = np.random.default_rng(4)
    assert session(rng, n=100, drift=1.0).drift_left_deg_per_min is None
    assert session(rng, n=600, drift=1.0).drift_left_deg_per_min == pytest.approx(1.0, abs=0.15)


def test_samples_and_gaps_are_counted():
    builder = SummaryBuilder()
    zeros = np.zeros((50, 3))
    builder.add_samples(SampleBlock(2.0 + np.arange(50) / 50, zeros, zeros))
    builder.add_samples(SampleBlock(np.empty(0), np.empty((0, 3)), np.empty((0, 3))))
    builder.add_samples(SampleBlock(3.0 + np.arange(50) / 50, zeros, zeros))
    builder.add([Gap(2.5, 2.7, 10)])
    summary = builder.result(rejected_samples=3)
    assert (summary.start_s, summary.duration_s) == (2.0, pytest.approx(1.98))
    assert (summary.samples, summary.rejected_samples, summary.gaps) == (100, 3, 1)
