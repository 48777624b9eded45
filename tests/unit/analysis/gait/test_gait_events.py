"""Contacts against the truth of made runners, whose pelvis is their centre of mass: a bias of 15 ms is allowed."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings

from sensorhub.analysis.alignment.pelvis import PelvisBlock
from sensorhub.analysis.gait.contact import Contacts
from sensorhub.analysis.gait.gait_events import GaitEvents
from sensorhub.analysis.gait.pelvis_tail import PelvisTail
from sensorhub.model.samples import MotionBlock
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams, Style
from sensorhub.synthetic.sensor import SensorParams
from tests.support.cuts import cut_points
from tests.unit.analysis.made import aligned, made, sliced


@cache
def pelvis_and_truth(pace=Pace.RUN, rate_hz=100.0, duty_factor=0.34, cadence_spm=165.0):
    style = Style(duty_factor=duty_factor, cadence_spm=cadence_spm)
    bouts = (Bout(Pace.STAND, 6.0), Bout(pace, 12.0), Bout(Pace.STAND, 2.0))
    recording = made(RunnerParams(seed=5, style=style, bouts=bouts, sensor=SensorParams(rate_hz=rate_hz)))
    blocks, alignment = aligned(recording.block)
    motion = MotionBlock.joined([block.motion for block in blocks])
    return PelvisBlock.of(motion, alignment), recording.truth.steps


def contacts_of(parts):
    stage, tail = GaitEvents(), PelvisTail()
    return Contacts.joined([*(fed(stage, tail, one) for one in parts), stage.finish(tail)])


def fed(stage, tail, block):
    tail.feed(block)
    return stage.feed(tail)


def errors_s(contacts, steps):
    """Errors of contact and toe-off of each true step but the first two and the last, by the nearest contact."""
    times_s = np.array([step.t_ic for step in steps[2:-1]])
    nearest = contacts.rows(np.abs(contacts.initial_contact_s[:, None] - times_s).argmin(axis=0))
    return nearest.initial_contact_s - times_s, nearest.toe_off_s - np.array([step.t_to for step in steps[2:-1]])


@pytest.mark.parametrize("rate_hz", [50.0, 104.0, 400.0])
def test_running_contacts_at_any_rate(rate_hz):
    block, steps = pelvis_and_truth(rate_hz=rate_hz)
    contacts = contacts_of([block])
    contacts = contacts.rows(contacts.running)
    contact_s, toe_off_s = errors_s(contacts, steps)
    assert len(contacts) == pytest.approx(len(steps), abs=2)
    for error_s in (contact_s, toe_off_s):
        assert abs(error_s.mean()) < 0.015
        assert error_s.std() < 0.008


@pytest.mark.parametrize(("duty_factor", "cadence_spm"), [(0.26, 185.0), (0.40, 155.0)])
def test_short_and_long_contacts(duty_factor, cadence_spm):
    block, steps = pelvis_and_truth(duty_factor=duty_factor, cadence_spm=cadence_spm)
    contact_s, toe_off_s = errors_s(contacts_of([block]), steps)
    assert abs(contact_s.mean()) < 0.020
    assert abs(toe_off_s.mean()) < 0.020


def test_walking_has_double_support_and_no_flight():
    block, steps = pelvis_and_truth(Pace.WALK)
    contacts = contacts_of([block])
    contacts = contacts.rows(~contacts.running)
    contact_s, toe_off_s = errors_s(contacts, steps)
    assert np.abs(contact_s).max() < 0.05
    assert np.abs(toe_off_s).max() < 0.06
    assert (contacts.toe_off_s[1:-1] > contacts.initial_contact_s[2:]).all()


def test_a_contact_is_told_soon_after_its_toe_off():
    block, _ = pelvis_and_truth()
    stage, tail, delays = GaitEvents(), PelvisTail(), []
    for start in range(len(block)):
        sample = sliced([block], start, start + 1)
        delays += (sample.motion.t_s[0] - fed(stage, tail, sample).toe_off_s).tolist()
    assert np.median(delays) < 0.12
    assert np.quantile(delays, 0.99) < 0.20


@given(cut_points(1900))
@settings(max_examples=15, deadline=None)
def test_any_cut_gives_the_same_bits(cuts):
    block, _ = pelvis_and_truth()
    parts = [sliced([block], a, b) for a, b in pairwise([0, *cuts, len(block)])]
    for one, two in zip(contacts_of(parts).columns, contacts_of([block]).columns, strict=True):
        assert one.tobytes() == two.tobytes()


def test_without_a_heading_contacts_still_come_from_the_vertical():
    block, steps = pelvis_and_truth()
    contacts = contacts_of([PelvisBlock.of(block.motion, None)])
    contact_s, _ = errors_s(contacts, steps)
    assert np.abs(contact_s).max() < 0.04
    assert np.isnan(contacts.roll_radps).all()


def test_a_stance_that_the_end_of_the_stream_cuts_off_lacks_samples():
    block, steps = pelvis_and_truth()
    middle = steps[len(steps) // 2]
    first, last = np.searchsorted(block.motion.t_s, [middle.t_to - 0.05, middle.t_to + 0.05])
    lacking_s = []
    for cut in range(int(first), int(last)):
        contacts = contacts_of([sliced([block], 0, cut)])
        assert contacts.toe_off_s[-1] <= block.motion.t_s[cut - 1]
        assert not contacts.missing_s[:-1].any()
        lacking_s.append(contacts.missing_s[-1])
    assert 0.0 < max(lacking_s) < 0.05
    assert lacking_s[-1] == 0.0
