import numpy as np
import pytest

from sensorhub.analysis.gait.laterality import Laterality
from sensorhub.analysis.gait.stride_quality import StrideQuality, Trust, quality_of
from tests.unit.analysis.gait.test_laterality import contacts, feet


def qualities(made):
    sides, stage = Laterality(), StrideQuality()
    trusts = [stage.feed(contact, sides.feed(contact)) for contact in made]
    return [quality_of(one, lean_deg=0.0, bend_deg=0.0, slipped=False, unsettled=False) for one in trusts]


def test_a_steady_run_is_trusted_after_a_few_steps():
    found = qualities(contacts(feet(20)))
    assert found[0] < 0.3
    assert found[8] > 0.55
    assert all(0.8 < one <= 1.0 for one in found[15:])


@pytest.mark.parametrize(
    ("doubt", "most"),
    [
        ({"spin_radps": 8.0}, 0.15),  # a wrist
        ({"sway_rad": 1.2}, 0.15),  # something that is shaken
        ({"step_time_s": 0.60}, 0.30),
        ({"missing_s": 0.2}, 0.40),
        ({"clipped_s": 0.2}, 0.40),
        ({"roughness_mps2": 80.0}, 0.30),
    ],
)
def test_each_doubt_costs_trust(doubt, most):
    made = contacts(feet(20))
    made[15] = made[15]._replace(**doubt)
    assert qualities(made)[15] < most


def test_a_gap_is_doubted_for_some_steps_after_it():
    made = contacts(feet(30))
    made[15] = made[15]._replace(missing_s=0.2)
    found = qualities(made)
    assert found[15] < found[17] < found[20] < found[25]
    assert found[25] > 0.8


def test_feet_that_do_not_alternate_are_never_trusted():
    found = qualities(contacts(feet(300), weak=0.0, noise=1.5))
    assert np.mean([one >= 0.3 for one in found]) < 0.05


def test_what_throws_the_drop_off_costs_trust_by_how_far():
    sure = Trust(1.0, 0.1)
    calm = {"lean_deg": 0.0, "bend_deg": 0.0, "slipped": False, "unsettled": False}
    best = quality_of(sure, **calm)
    assert best > 0.95
    lean = quality_of(sure, **calm | {"lean_deg": -12.0})
    assert 0.65 < lean < 0.8  # 0.3 deg by the heading alone
    assert quality_of(sure, **calm | {"lean_deg": -12.0, "unsettled": True}) < lean
    assert quality_of(sure, **calm | {"bend_deg": 3.0}) < 0.2
    assert quality_of(sure, **calm | {"slipped": True}) < 0.02
