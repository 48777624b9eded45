import pytest

from sensorhub.analysis.gait.laterality import SideBelief
from sensorhub.analysis.gait.stride_quality import Trust
from sensorhub.analysis.gait.strides import Doubts, Landing, assembled, own_of
from sensorhub.model.gait import Flag, Side
from tests.unit.analysis.gait.test_laterality import contacts, feet

NO_DOUBTS = Doubts(turning=False, slipped=False, unsettled=False)


def landing(sides=(Side.LEFT, Side.RIGHT, Side.LEFT), **changes):
    made = contacts(feet(3))
    before_that, before, contact = made
    belief = SideBelief(sides[2], 0.99, 4.0, 4.0)
    one = Landing(7, contact, belief, Trust(0.9, 0.1), (sides[1], before), (sides[0], before_that))
    return one._replace(**changes)


def told(one, doubts):
    return assembled(one, None, own_of(one, None), None, doubts)


def test_times_of_a_stride_in_a_steady_run():
    stride = told(landing(), NO_DOUBTS)
    assert stride.side is Side.LEFT
    assert stride.step_time_s == pytest.approx(0.36)
    assert stride.stride_time_s == pytest.approx(0.72)
    assert stride.ground_contact_time_s == pytest.approx(0.25)
    assert stride.flight_time_s == pytest.approx(0.11)
    assert stride.duty_factor == pytest.approx(0.25 / 0.72)
    assert stride.cadence_spm == pytest.approx(60 / 0.36)
    assert stride.flags == ()


def test_the_first_stride_has_no_times_from_before():
    stride = told(landing(before=None, before_that=None), NO_DOUBTS)
    assert (stride.step_time_s, stride.stride_time_s, stride.flight_time_s, stride.cadence_spm) == (None,) * 4
    assert stride.ground_contact_time_s == pytest.approx(0.25)


def test_where_the_feet_did_not_alternate_no_stride_is_measured():
    same = told(landing((Side.RIGHT, Side.LEFT, Side.LEFT)), NO_DOUBTS)
    assert same.step_time_s is None
    after = told(landing((Side.RIGHT, Side.RIGHT, Side.LEFT)), NO_DOUBTS)
    assert after.step_time_s == pytest.approx(0.36)
    assert after.stride_time_s is None


def test_doubts_are_flagged_and_cost_quality():
    one = landing()
    gap = one._replace(contact=one.contact._replace(missing_s=0.1))
    assert told(gap, NO_DOUBTS).flags == (Flag.GAP,)
    side, before = one.before
    gap_before = one._replace(before=(side, before._replace(missing_s=0.1)))
    assert told(gap_before, NO_DOUBTS).flags == (Flag.GAP,)
    turning = told(one, Doubts(turning=True, slipped=True, unsettled=True))
    assert turning.flags == (Flag.TURN, Flag.SLIP, Flag.UNSETTLED)
    assert turning.quality < 0.1
    unsure = one._replace(belief=SideBelief(Side.LEFT, 0.6, 0.1, 0.1))
    assert told(unsure, NO_DOUBTS).flags == (Flag.UNSETTLED,)
