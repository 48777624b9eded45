import msgspec
import numpy as np
import pytest

from sensorhub.analysis.gait.laterality import Laterality
from sensorhub.analysis.gait.stride_quality import StrideQuality, Trust, quality_of
from tests.unit.analysis.gait.test_laterality import changed, contacts, feet


def quality(trust, *, lean_deg=0.0, bend_deg=0.0, slipped=False, unsettled=False):
    return quality_of(trust, lean_deg=lean_deg, bend_deg=bend_deg, slipped=slipped, unsettled=unsettled)


def qualities(made):
    return quality(StrideQuality().feed(made, Laterality().feed(made)))


def test_a_steady_run_is_trusted_after_a_few_steps():
    found = qualities(contacts(feet(20)))
    assert found[0] < 0.3
    assert found[8] > 0.55
    assert ((found[15:] > 0.8) & (found[15:] <= 1.0)).all()


@pytest.mark.parametrize(
    ("doubt", "most"),
    [
        ({"spin_radps": 8.0}, 0.15),  # a wrist
        ({"sway_rad": 1.2}, 0.15),  # something that is shaken
        ({"step_time_s": 0.60}, 0.30),
        ({"toe_off_s": 10.0 + 15 * 0.36 + 0.4}, 0.15),  # a stance that goes over into standing
        ({"missing_s": 0.2}, 0.40),
        ({"clipped_s": 0.2}, 0.40),
        ({"roughness_mps2": 80.0}, 0.30),
    ],
)
def test_each_doubt_costs_trust(doubt, most):
    assert qualities(changed(contacts(feet(20)), 15, **doubt))[15] < most


def test_a_gap_is_doubted_for_some_steps_after_it():
    found = qualities(changed(contacts(feet(30)), 15, missing_s=0.2))
    assert found[15] < found[17] < found[20] < found[25]
    assert found[25] > 0.8


def test_feet_that_do_not_alternate_are_never_trusted():
    found = qualities(contacts(feet(300), weak=0.0, noise=1.5))
    assert np.mean(found >= 0.3) < 0.05


def test_what_throws_the_drop_off_costs_trust_by_how_far():
    sure = Trust(np.array([1.0]), np.array([0.1]))
    assert quality(sure) > 0.95
    lean = quality(sure, lean_deg=-12.0)
    assert 0.65 < lean < 0.8  # 0.3 deg by the heading alone
    assert quality(sure, lean_deg=-12.0, unsettled=True) < lean
    assert quality(sure, bend_deg=3.0) < 0.2
    assert quality(sure, slipped=True) < 0.02


def test_a_pause_begins_anew_and_what_was_lost_before_it_is_forgotten():
    made = contacts(feet(40))
    later = msgspec.structs.replace(
        made, initial_contact_s=np.where(np.arange(40) < 20, 0.0, 60.0) + made.initial_contact_s
    )
    found = qualities(changed(changed(later, 19, missing_s=1.0), 20, step_time_s=np.nan))
    assert found[19] < 0.1
    assert found[20] < 0.3
    assert found[30] > 0.8
