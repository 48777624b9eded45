from dataclasses import replace

import msgspec
import numpy as np
import pytest

from sensorhub.analysis.agreement import agreement, intraclass_correlation, left_right_difference_error_deg
from sensorhub.model.gait import Side
from sensorhub.model.truth import ReferenceStride
from tests.support import strides


def stances(n=40):
    rng = np.random.default_rng(1)
    return [
        ReferenceStride(
            10 + 0.35 * i, 10.25 + 0.35 * i, (Side.LEFT, Side.RIGHT)[i % 2], 5.0 + float(rng.standard_normal()), 2.0
        )
        for i in range(n)
    ]


def stride(true, i, *, late_s=0.0, more_deg=0.0):
    return strides.stride(
        i,
        side=true.side,
        initial_contact_s=true.initial_contact_s + late_s,
        toe_off_s=true.toe_off_s + late_s,
        pelvic_drop_deg=true.pelvic_drop_deg + more_deg,
        pelvic_drop_excursion_deg=2.0 + more_deg,
    )


def test_a_perfect_sensor_agrees_perfectly():
    true = stances()
    result = agreement([stride(one, i) for i, one in enumerate(true)], true)
    assert result.f1 == 1.0
    assert result.sides_right == 1.0
    assert result.limit("drop").rmse == pytest.approx(0.0)
    assert result.limit("drop").icc == pytest.approx(1.0)


def test_bias_spread_and_limits_are_those_put_in():
    true, rng = stances(400), np.random.default_rng(2)
    found = [stride(one, i, late_s=0.01, more_deg=0.5 + 0.2 * rng.standard_normal()) for i, one in enumerate(true)]
    drop = agreement(found, true).limit("drop")
    assert drop.bias == pytest.approx(0.5, abs=0.03)
    assert drop.high - drop.low == pytest.approx(2 * 1.96 * 0.2, rel=0.1)
    assert agreement(found, true).limit("initial contact").bias == pytest.approx(0.01)


def test_the_left_right_difference_shows_what_each_side_hides():
    true = stances()
    found = [stride(one, i, more_deg=0.4 if one.side is Side.LEFT else -0.4) for i, one in enumerate(true)]
    result = agreement(found, true)
    assert result.limit("drop").bias == pytest.approx(0.0, abs=1e-9)
    assert left_right_difference_error_deg(result) == pytest.approx(0.8)


def test_missing_extra_and_wrongly_named_strides_cost():
    true = stances()
    found = [stride(one, i) for i, one in enumerate(true)]
    found[5] = msgspec.structs.replace(found[5], side=found[5].side.other)
    del found[20:24]
    found.append(msgspec.structs.replace(found[0], initial_contact_s=found[0].initial_contact_s + 0.15))
    result = agreement(found, true)
    assert (result.found, result.true, len(result.pairs)) == (37, 40, 36)
    assert result.f1 == pytest.approx(2 * 36 / 77)
    assert result.sides_right == pytest.approx(35 / 36)


def test_strides_outside_the_truth_do_not_count():
    true = stances()
    late = msgspec.structs.replace(stride(true[0], 0), initial_contact_s=200.0)
    assert agreement([*(stride(one, i) for i, one in enumerate(true)), late], true).found == 40


def test_what_the_truth_does_not_know_is_not_compared():
    true = [replace(one, pelvic_drop_deg=None, side=None) for one in stances()]
    found = [stride(one, i) for i, one in enumerate(stances())]
    result = agreement(found, true)
    assert result.sides_right is None
    assert result.limit("drop") is None
    assert left_right_difference_error_deg(result) is None


def test_icc_counts_a_constant_offset_as_disagreement():
    # By hand: between targets 2, between raters 1.5, error 0, so 2 / (2 + 2 * 1.5 / 3).
    one = np.array([1.0, 2.0, 3.0])
    assert intraclass_correlation(one, one + 1.0) == pytest.approx(2 / 3)
