from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings

from sensorhub.analysis.gait.activity import ActivityTimeline
from sensorhub.analysis.gait.contact import NO_CONTACTS, Contacts
from sensorhub.model.alignment import Alignment
from sensorhub.model.gait import Reference
from sensorhub.model.status import Activity, ActivitySpan
from tests.support.cuts import cut_points
from tests.unit.analysis.made import pelvis_block, sliced

RATE_HZ = 50.0
STRAIGHT = Alignment((0.0, 0.0, 1.0), (0.0, 1.0, 0.0), Reference.STANDING, settled=True)


def block(still, up=(0.0, 0.0, 1.0), alignment=STRAIGHT):
    """Motion of one sample for each entry of `still`: unrest shakes the vertical."""
    t_s = np.arange(len(still)) / RATE_HZ
    vertical_mps2 = np.where(still, 0.0, 6.0 * np.sin(40.0 * t_s))
    ups = np.tile(up, (len(still), 1)).T
    return pelvis_block(RATE_HZ, t_s, ups, alignment, vertical_mps2=vertical_mps2)


def steps(start_s, end_s, *, running=True, spin_radps=1.5, sway_rad=0.2):
    time_s = np.arange(start_s, end_s, 0.36)
    none = np.zeros(len(time_s))
    return Contacts(
        *(time_s, time_s + 0.25, none + 0.36, none == running - 1.0, none + 1.0, none + 0.5),
        *(none + spin_radps, none + sway_rad, none, none, none + 2.0),
    )


def timeline(made, contacts, cuts=()):
    stage, spans = ActivityTimeline(), []
    for start, stop in pairwise([0, *cuts, len(made)]):
        part = sliced([made], start, stop)
        if not len(part):
            continue
        known_s = contacts.toe_off_s + 0.08
        told = (part.motion.t_s[0] - 0.5 / RATE_HZ <= known_s) & (known_s < part.motion.t_s[-1] + 0.5 / RATE_HZ)
        spans += stage.feed(part, contacts.rows(told))
    return [*spans, *stage.finish()]


def whole_session():
    still = np.ones(2000, dtype=bool)
    still[500:1500] = False
    return block(still), Contacts.joined([steps(10.0, 20.0), steps(20.0, 30.0, running=False)])


def test_standing_running_walking_in_spans():
    spans = timeline(*whole_session())
    assert [span.activity for span in spans] == [Activity.STAND, Activity.RUN, Activity.WALK, Activity.STAND]
    assert [span.start_s for span in spans] == pytest.approx([0.0, 10.0, 20.0, 30.0], abs=1.0)
    assert spans[0].start_s == 0.0
    assert spans[-1].end_s == pytest.approx(40.0)
    assert all(one.end_s == two.start_s for one, two in pairwise(spans))


def test_a_short_break_is_not_an_activity_of_its_own():
    still = np.ones(2000, dtype=bool)
    spans = timeline(block(still), Contacts.joined([steps(5.0, 20.0), steps(21.0, 35.0)]))
    assert [span.activity for span in spans] == [Activity.STAND, Activity.RUN, Activity.STAND]


def test_lying_still_is_not_standing():
    still = np.ones(500, dtype=bool)
    assert timeline(block(still, up=(1.0, 0.0, 0.0)), NO_CONTACTS) == [ActivitySpan(Activity.OTHER, 0.0, 10.0)]
    assert timeline(block(still, alignment=None), NO_CONTACTS) == [ActivitySpan(Activity.OTHER, 0.0, 10.0)]


@pytest.mark.parametrize("wild", [{"spin_radps": 8.0}, {"sway_rad": 1.5}])
def test_what_no_pelvis_does_is_neither_running_nor_walking(wild):
    unrest = np.zeros(1000, dtype=bool)
    spans = timeline(block(unrest), steps(2.0, 18.0, **wild))
    assert [span.activity for span in spans] == [Activity.OTHER]


@given(cut_points(2000))
@settings(max_examples=25, deadline=None)
def test_any_cut_gives_the_same_spans(cuts):
    session = whole_session()
    assert timeline(*session, cuts) == timeline(*session)
