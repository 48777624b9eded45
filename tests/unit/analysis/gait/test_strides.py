import numpy as np
import pytest

from sensorhub.analysis.gait.landings import LandingOrder
from sensorhub.analysis.gait.laterality import LateralityParams
from sensorhub.analysis.gait.pelvic_drop import StanceAngles
from sensorhub.analysis.gait.strides import CLIPPED, GAP, SLIP, TURN, UNSETTLED, UNSURE, Entries, strides_of
from sensorhub.model.gait import Flag, Reference, Side
from tests.unit.analysis.gait.test_laterality import changed, contacts, feet

LEFT, RIGHT = Side.LEFT, Side.RIGHT


def landings(made):
    """Landings whose side is what their own step says."""
    return LandingOrder(LateralityParams(slip=0.5)).feed(made)


def told(landed, doubts=0):
    """The strides of these landings where nothing else was read."""
    count = len(landed)
    unknown, zero, none = np.full(count, np.nan), np.zeros(count), np.zeros(count, dtype=np.int64)
    trust = (landed.trust_in_gait, landed.error_deg, zero)
    entries = Entries(none, none, zero, zero, landed.left, none, *trust, unknown, unknown, none + doubts)
    return strides_of(landed, entries, StanceAngles(*(unknown,) * 4), Reference.STANDING)


def test_times_of_a_stride_in_a_steady_run():
    stride = told(landings(contacts(feet(3))))[2]
    assert stride.side is Side.LEFT
    assert stride.step_time_s == pytest.approx(0.36)
    assert stride.stride_time_s == pytest.approx(0.72)
    assert stride.ground_contact_time_s == pytest.approx(0.25)
    assert stride.flight_time_s == pytest.approx(0.11)
    assert stride.duty_factor == pytest.approx(0.25 / 0.72)
    assert stride.cadence_spm == pytest.approx(60 / 0.36)
    assert stride.pelvic_drop_deg is None
    assert stride.reference is None


def test_the_first_stride_and_one_after_a_pause_have_no_times_from_before():
    made = changed(contacts(feet(6)), 4, step_time_s=np.nan)
    strides = told(landings(made))
    for stride in (strides[0], strides[4]):
        assert (stride.step_time_s, stride.stride_time_s, stride.flight_time_s, stride.cadence_spm) == (None,) * 4
        assert stride.ground_contact_time_s == pytest.approx(0.25)
    assert strides[5].step_time_s == pytest.approx(0.36)
    assert strides[5].stride_time_s is None


def test_where_the_feet_did_not_alternate_no_stride_is_measured():
    same = told(landings(contacts([RIGHT, LEFT, LEFT])))[-1]
    assert same.step_time_s is None
    after = told(landings(contacts([RIGHT, RIGHT, LEFT])))[-1]
    assert after.step_time_s == pytest.approx(0.36)
    assert after.stride_time_s is None


def test_doubts_are_flagged_and_cost_quality():
    landed = landings(contacts(feet(20)))
    sure, doubted = told(landed)[-1], told(landed, TURN | SLIP | UNSETTLED)[-1]
    assert sure.flags == ()
    assert doubted.flags == (Flag.TURN, Flag.SLIP, Flag.UNSETTLED)
    assert doubted.quality < 0.1 * sure.quality
    assert told(landed, GAP | CLIPPED)[-1].flags == (Flag.GAP, Flag.CLIPPED)
    assert told(landed, UNSURE)[-1].flags == (Flag.UNSETTLED,)


def test_a_gap_counts_in_the_step_of_the_landing_before_too():
    made = contacts(feet(20))
    for name, found in (("missing_s", "missing"), ("clipped_s", "clipped")):
        landed = landings(changed(made, 10, **{name: 0.1}))
        assert np.flatnonzero(getattr(landed, found)).tolist() == [10, 11]
