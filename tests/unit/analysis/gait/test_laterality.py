from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhub.analysis.gait.contact import Contact
from sensorhub.analysis.gait.landings import Landings
from sensorhub.analysis.gait.laterality import Laterality
from sensorhub.model.gait import Gait, Side


def contacts(sides, *, noise=0.0, seed=0, weak=1.0):
    """Contacts 0.36 s apart that turn and roll as a left or a right step does."""
    rng = np.random.default_rng(seed)
    made = []
    for number, side in enumerate(sides):
        sign = 1.0 if side is Side.LEFT else -1.0
        turn, roll = (weak * sign * size + noise * rng.standard_normal() for size in (1.8, 0.8))
        time_s = 10.0 + 0.36 * number
        step_s = None if number == 0 else 0.36
        made.append(
            Contact(time_s, time_s + 0.25, step_s, time_s + 0.33, Gait.RUN, turn, roll, 1.5, 0.2, 25.0, 0.0, 0.0, 2.0)
        )
    return made


def feet(count, first=Side.LEFT):
    return [first if number % 2 == 0 else first.other for number in range(count)]


def beliefs(made):
    stage = Laterality()
    return [stage.feed(contact) for contact in made]


@given(st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_feet_are_named_through_noise_that_fools_single_steps(seed):
    sides = feet(60)
    found = beliefs(contacts(sides, noise=0.7, seed=seed))
    assert [one.side for one in found[8:]] == sides[8:]


@pytest.mark.parametrize("doubled", [False, True])
@given(st.integers(12, 30), st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_after_a_missed_or_doubled_step_it_is_right_within_four(doubled, at, seed):
    sides = feet(50)
    sides = [*sides[:at], sides[at - 1], *sides[at:]] if doubled else [*sides[:at], *sides[at + 1 :]]
    found = beliefs(contacts(sides, noise=0.3, seed=seed))
    assert [one.side for one in found[at + 3 : at + 15]] == sides[at + 3 : at + 15]


def test_one_stumble_changes_nothing():
    made = contacts(feet(30))
    stumble = made[20]
    made[20] = stumble._replace(turn_radps=-6 * stumble.turn_radps, roll_radps=-6 * stumble.roll_radps)
    found = beliefs(made)
    assert all(one.side is not two.side for one, two in pairwise(found[:20]))
    assert found[24].side is Side.LEFT


def test_no_turn_no_confidence():
    found = beliefs(contacts(feet(40), weak=0.0))
    assert all(one.confidence < 0.6 for one in found)
    assert all(abs(one.evidence) < 1e-9 for one in found)


def test_mirrored_motion_swaps_the_sides_and_nothing_else():
    made = contacts(feet(30), noise=1.0)
    mirrored = [one._replace(turn_radps=-one.turn_radps, roll_radps=-one.roll_radps) for one in made]
    for one, two in zip(beliefs(made), beliefs(mirrored), strict=True):
        assert one.side is two.side.other
        assert (one.confidence, one.evidence) == pytest.approx((two.confidence, -two.evidence))


def test_the_turn_alone_decides_against_a_roll_from_a_heading_that_is_back_to_front():
    made = [one._replace(roll_radps=-one.roll_radps) for one in contacts(feet(30))]
    assert [one.side for one in beliefs(made)[6:]] == feet(30)[6:]


def test_landings_whose_side_was_wrong_come_again():
    sides = feet(30)
    made = contacts(sides)
    # Two steps say nothing, just where a step is missed: only what comes later tells their side.
    made = [*made[:12], *(one._replace(turn_radps=0.0, roll_radps=0.0) for one in made[13:15]), *made[15:]]
    truth = [*sides[:12], *sides[13:]]
    stage = Landings()
    told = [landing for contact in made for landing in stage.feed(contact)]
    last = {landing.seq: landing for landing in told}
    assert len(told) > len(last)
    assert [last[seq].belief.side for seq in sorted(last)][14:] == truth[14:]
    assert sorted(last) == list(range(len(made)))
    wrong = [seq for seq in last if last[seq].belief.side is not truth[seq]]
    assert len(wrong) <= 2
