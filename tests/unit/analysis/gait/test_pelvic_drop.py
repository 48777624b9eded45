import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhub.analysis.gait.pelvic_drop import StanceAngles, Stances, measure_stances
from sensorhub.model.alignment import Alignment
from sensorhub.model.gait import Reference, Side

STRAIGHT = Alignment((0.0, 0.0, 1.0), (0.0, 1.0, 0.0), Reference.STANDING, settled=True)


def stance(
    obliquity_deg: np.ndarray, tilt_deg: float = 0.0, contact: float = 2.0, toe_off: float = 22.0
) -> tuple[np.ndarray, float, float]:
    """A stance in which the sensor sits straight: up in the sensor frame for obliquity and tilt, contact, toe-off."""
    left = np.sin(np.deg2rad(obliquity_deg))
    ahead = np.full(len(left), -np.sin(np.deg2rad(tilt_deg)))
    return np.stack([ahead, left, np.sqrt(1 - left**2 - ahead**2)]), contact, toe_off


def measured(
    stances: list[tuple[np.ndarray, float, float]], sides: list[Side], alignment: Alignment = STRAIGHT
) -> StanceAngles:
    up, contact, toe_off = zip(*stances, strict=True)
    samples = np.array([one.shape[1] for one in up])
    where = Stances(np.cumsum(samples) - samples, samples, np.array(contact), np.array(toe_off))
    return measure_stances(np.concatenate(up, axis=1), where, np.array(sides) == Side.LEFT, alignment)


def bump(peak_deg: float, start_deg: float, samples: int = 25) -> np.ndarray:
    return start_deg + (peak_deg - start_deg) * np.sin(np.linspace(0, np.pi, samples))


def test_drop_is_the_peak_with_the_swing_side_down() -> None:
    both = measured([stance(bump(5.0, -1.0)), stance(-bump(5.0, -1.0))], [Side.LEFT, Side.RIGHT])
    assert both.pelvic_drop_deg == pytest.approx(5.0, abs=1e-3)
    assert both.obliquity_at_contact_deg[0] == pytest.approx(-both.obliquity_at_contact_deg[1])
    at_contact = bump(5.0, -1.0)[2]
    assert both.pelvic_drop_excursion_deg == pytest.approx(5.0 - at_contact, abs=1e-3)


def test_a_peak_between_samples_is_not_missed() -> None:
    samples = np.arange(12.0)
    obliquity = 4.0 - 0.5 * (samples - 5.5) ** 2
    angles = measured([stance(obliquity, contact=1.0, toe_off=10.0)], [Side.LEFT])
    assert angles.pelvic_drop_deg == pytest.approx(4.0, abs=2e-3)


def test_what_is_outside_the_stance_does_not_count() -> None:
    obliquity = bump(3.0, 0.0)
    obliquity[:2], obliquity[23:] = 9.0, 9.0
    assert measured([stance(obliquity)], [Side.LEFT]).pelvic_drop_deg == pytest.approx(3.0, abs=0.01)


def test_without_standing_no_drop_is_claimed_but_its_excursion_is() -> None:
    alignment = Alignment((0.0, 0.0, 1.0), (0.0, 1.0, 0.0), Reference.RUN_MEAN, settled=True)
    angles = measured([stance(bump(5.0, -1.0), tilt_deg=7.0)], [Side.LEFT], alignment)
    assert np.isnan(angles.pelvic_drop_deg).all()
    assert angles.pelvic_drop_excursion_deg[0] > 4.0
    assert angles.pelvic_tilt_deg == pytest.approx(7.0)


def test_without_a_heading_or_samples_nothing_is_measured() -> None:
    alignment = Alignment((0.0, 0.0, 1.0), None, Reference.RUN_MEAN, settled=False)
    unknown = measured([stance(bump(5.0, 0.0))], [Side.LEFT], alignment)
    unread = measured([stance(np.empty(0)), stance(bump(5.0, 0.0))], [Side.LEFT] * 2)
    assert all(np.isnan(column[0]) for angles in (unknown, unread) for column in angles.columns)
    assert unread.pelvic_drop_deg[1] == pytest.approx(5.0, abs=1e-3)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(12, 60), min_size=1, max_size=6), st.integers(0, 1000))
def test_a_stance_measures_the_same_alone_and_among_others(lengths: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    stances = [
        stance(rng.normal(0, 3, n), 5.0, contact=float(rng.uniform(0, 3)), toe_off=n - 1 - float(rng.uniform(0, 3)))
        for n in lengths
    ]
    sides = [Side.LEFT if flip else Side.RIGHT for flip in rng.integers(0, 2, len(stances))]
    together = measured(stances, sides)
    alone = StanceAngles.joined([measured([one], [side]) for one, side in zip(stances, sides, strict=True)])
    for one, two in zip(together.columns, alone.columns, strict=True):
        assert one.tobytes() == two.tobytes()
