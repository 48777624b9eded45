from dataclasses import fields

import numpy as np
import pytest

from sensorhub.analysis.gait.contact_model import (
    RunContactParams,
    WalkContactParams,
    double_support_s,
    run_lead_and_lag,
)
from sensorhub.analysis.gait.step_shape import StepShapes

PARAMS = RunContactParams()
STEP_S = np.array([0.36])


def shapes(**values):
    usual = {"push_g": 1.6, "push_sine": 1.0, "push_second_cosine": 0.0, "drive_sine": 0.3, "brake_sine_g": -0.38}
    usual |= {"brake_cosine_m": -0.04, "nod_cosine": -0.31, "nod_second_sine": 0.17, "dip_share": -0.49}
    chosen = usual | values
    return StepShapes(**{field.name: np.array([chosen.get(field.name, 0.0)]) for field in fields(StepShapes)})


def test_a_usual_step_lands_before_its_rise_and_leaves_after_its_fall():
    lead_s, lag_s = run_lead_and_lag(STEP_S, shapes(), PARAMS)
    assert 0.005 < lead_s[0] < 0.035
    assert 0.015 < lag_s[0] < 0.055


def test_a_stronger_push_means_a_shorter_contact():
    # By the impulse of a step, mean force over contact = body weight * step time / contact time.
    _, weak = run_lead_and_lag(STEP_S, shapes(push_g=1.4), PARAMS)
    _, strong = run_lead_and_lag(STEP_S, shapes(push_g=1.9), PARAMS)
    assert strong[0] < weak[0] - 0.010


def test_an_unknown_shape_leaves_the_step_time_alone():
    lead_s, lag_s = run_lead_and_lag(STEP_S, shapes(brake_sine_g=np.nan, dip_share=np.nan), PARAMS)
    assert lead_s[0] == pytest.approx(0.36 * (-0.153 + 0.587 * 0.36))
    assert lag_s[0] == pytest.approx(0.36 * (-0.371 + 1.298 * 0.36))


@pytest.mark.parametrize("value", [-50.0, 50.0])
def test_an_odd_shape_moves_an_event_only_so_far(value):
    plain = run_lead_and_lag(STEP_S, shapes(brake_sine_g=np.nan, dip_share=np.nan), PARAMS)
    odd = run_lead_and_lag(STEP_S, shapes(brake_sine_g=value, push_g=value), PARAMS)
    for plain_s, odd_s in zip(plain, odd, strict=True):
        assert abs(odd_s[0] - plain_s[0]) == pytest.approx(PARAMS.limit * 0.36)


def test_double_support_shrinks_as_walking_gets_faster():
    support_s = double_support_s(np.array([0.70, 0.54, 0.45]), WalkContactParams())
    assert (np.diff(support_s) < 0).all()
    assert support_s[1] == pytest.approx(0.24 * 0.54)
