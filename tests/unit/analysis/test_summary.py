from dataclasses import replace

import numpy as np
import pytest

from sensorhub.analysis.change import Verdict, changes_since, day_to_day_sd_deg, scatter_of_history
from sensorhub.analysis.statistics import mean_of_series
from sensorhub.analysis.summary import SummaryBuilder, _estimate
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


def quick_session(rng, left_deg, remount_deg, n=60):
    """Estimates as a session of n strides a side gives them, without the strides."""
    left, right = (_estimate(mean_of_series(own + 0.7 * rng.standard_normal(n))) for own in (left_deg, 4.0))
    shifted = [
        replace(one, mean=one.mean + s, low=one.low + s, high=one.high + s)
        for one, s in ((left, remount_deg), (right, -remount_deg))
    ]
    return strides.summary(pelvic_drop_left_deg=shifted[0], pelvic_drop_right_deg=shifted[1])


def verdicts(change_deg, pairs=500, remount_sd_deg=0.24):
    rng = np.random.default_rng(5)
    pairs_of_sides = [
        changes_since(
            quick_session(rng, 5.0, remount_sd_deg * rng.standard_normal()),
            quick_session(rng, 5.0 + change_deg, remount_sd_deg * rng.standard_normal()),
        )
        for _ in range(pairs)
    ]
    if change_deg:
        return np.mean([left.verdict is Verdict.MORE for left, _ in pairs_of_sides])
    return np.mean([any(one.verdict is not Verdict.NO_CHANGE_SEEN for one in both) for both in pairs_of_sides])


def test_no_change_cries_wolf_in_at_most_one_of_twenty():
    assert verdicts(0.0) <= 0.05


def test_a_degree_and_a_half_is_seen_in_nineteen_of_twenty():
    assert verdicts(1.5) >= 0.95


def test_twice_the_remounting_error_assumed_does_cry_wolf():
    assert verdicts(0.0, remount_sd_deg=0.48) > 0.1


def test_a_smaller_drop_is_said_to_be_less_and_strides_lacking_is_said():
    rng = np.random.default_rng(6)
    before, now = session(rng, left=7.0), session(rng, left=4.0)
    assert changes_since(before, now)[0].verdict is Verdict.LESS
    gone = replace(now, pelvic_drop_left_deg=None, pelvic_drop_excursion_left_deg=None)
    left, right = changes_since(before, gone)
    assert left.verdict is Verdict.UNKNOWN
    assert "this time" in left.reason
    assert right.measure == "pelvic_drop_excursion"


def test_a_runner_who_varies_from_day_to_day_is_given_more_room():
    days = 4.0 + 0.8 * np.random.default_rng(8).standard_normal(60)
    assert day_to_day_sd_deg(list(days), 0.2) == pytest.approx(0.78, abs=0.25)
    assert day_to_day_sd_deg([4.0, 4.1], 0.2) == 0.0
    rng = np.random.default_rng(7)
    before, now = session(rng), session(rng, left=6.2)
    assert changes_since(before, now)[0].verdict is Verdict.MORE
    assert changes_since(before, now, day_to_day_sd_deg=0.8)[0].verdict is Verdict.NO_CHANGE_SEEN


def test_scatter_is_learnt_from_a_runner_s_own_sessions():
    rng = np.random.default_rng(9)
    steady = [quick_session(rng, 5.0, 0.24 * rng.standard_normal()) for _ in range(20)]
    varied = [quick_session(rng, 5.0 + 0.9 * rng.standard_normal(), 0.0) for _ in range(20)]
    assert scatter_of_history(steady[:2]) == 0.0
    assert scatter_of_history(steady) < 0.3
    assert 0.5 < scatter_of_history(varied) < 1.5
