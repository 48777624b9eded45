"""What is said of two sessions: noise makes no change, and hides none that counts."""

from dataclasses import replace

import numpy as np
import pytest

from sensorhub.analysis.change import Verdict, changes_since, day_to_day_sd_deg, scatter_of_history
from sensorhub.analysis.statistics import mean_of_series
from sensorhub.analysis.summary import _estimate
from tests.support import strides


def session(rng, left_deg=5.0, remount_deg=0.0, n=60):
    """Estimates as a session of n strides a side gives them, without the strides."""
    estimates = (_estimate(mean_of_series(own + 0.7 * rng.standard_normal(n))) for own in (left_deg, 4.0))
    left, right = (
        replace(one, mean=one.mean + s, low=one.low + s, high=one.high + s)
        for one, s in zip(estimates, (remount_deg, -remount_deg), strict=True)
    )
    return strides.summary(
        pelvic_drop_left_deg=left,
        pelvic_drop_right_deg=right,
        pelvic_drop_excursion_left_deg=left,
        pelvic_drop_excursion_right_deg=right,
    )


def verdicts(change_deg, pairs=500, remount_sd_deg=0.24):
    rng = np.random.default_rng(5)
    pairs_of_sides = [
        changes_since(
            session(rng, 5.0, remount_sd_deg * rng.standard_normal()),
            session(rng, 5.0 + change_deg, remount_sd_deg * rng.standard_normal()),
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
    before, now = session(rng, 7.0), session(rng, 4.0)
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
    before, now = session(rng), session(rng, 6.2)
    assert changes_since(before, now)[0].verdict is Verdict.MORE
    assert changes_since(before, now, day_to_day_sd_deg=0.8)[0].verdict is Verdict.NO_CHANGE_SEEN


def test_scatter_is_learnt_from_a_runner_s_own_sessions():
    rng = np.random.default_rng(9)
    steady = [session(rng, 5.0, 0.24 * rng.standard_normal()) for _ in range(20)]
    varied = [session(rng, 5.0 + 0.9 * rng.standard_normal(), 0.0) for _ in range(20)]
    assert scatter_of_history(steady[:2]) == 0.0
    assert scatter_of_history(steady) < 0.3
    assert 0.5 < scatter_of_history(varied) < 1.5
