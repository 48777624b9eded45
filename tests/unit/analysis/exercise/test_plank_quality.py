import numpy as np

from sensorhub.analysis.exercise.plank_quality import plank_quality

RATE_HZ = 25.0
T_S = np.arange(0.0, 25.0, 1 / RATE_HZ)
LEVEL = np.zeros_like(T_S)


def test_sag_is_the_slow_loss_of_height() -> None:
    quality = plank_quality(18.0 - 4.0 * T_S / T_S[-1], LEVEL, RATE_HZ)
    assert quality.sag_deg is not None
    assert abs(quality.sag_deg - 4.0) < 0.6
    assert quality.leg_lift is None


def test_shake_is_what_is_quicker_than_the_hold() -> None:
    calm = plank_quality(18.0 + 0.0 * T_S, LEVEL, RATE_HZ).shake_deg
    shaky = plank_quality(18.0 + 0.5 * np.sin(2 * np.pi * 4.0 * T_S), LEVEL, RATE_HZ).shake_deg
    assert calm is not None
    assert shaky is not None
    assert calm < 1e-9
    assert 0.3 < shaky < 0.4


def test_a_leg_that_goes_up_is_told_with_a_confidence() -> None:
    step = np.clip((T_S - 12.0) / 1.0, 0.0, 1.0)
    sway = 0.2 * np.sin(2 * np.pi * 0.3 * T_S)
    quality = plank_quality(18.0 - 2.5 * step + sway, 3.0 * step, RATE_HZ)
    assert quality.leg_lift is True
    assert quality.leg_lift_confidence is not None
    assert 0.5 < quality.leg_lift_confidence <= 0.95


def test_a_short_hold_is_not_judged() -> None:
    assert plank_quality(LEVEL[:60], LEVEL[:60], RATE_HZ).sag_deg is None


def test_hips_that_dip_and_come_back_are_no_leg_that_goes_up() -> None:
    dip = np.where(np.abs(T_S - 12.0) < 0.4, 10.0, 0.0)
    sway = 0.2 * np.sin(2 * np.pi * 0.3 * T_S)
    assert plank_quality(18.0 - dip + sway, LEVEL, RATE_HZ).leg_lift is None
