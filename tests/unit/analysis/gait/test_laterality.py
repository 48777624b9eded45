from itertools import pairwise

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhub.analysis.gait.contact import Contacts
from sensorhub.analysis.gait.landings import LandingOrder, Landings
from sensorhub.analysis.gait.laterality import Laterality
from sensorhub.model.gait import Side


def contacts(sides, *, noise=0.0, seed=0, weak=1.0):
    """Contacts 0.36 s apart that turn and roll as a left or a right step does."""
    rng, count = np.random.default_rng(seed), len(sides)
    sign = np.array([1.0 if side is Side.LEFT else -1.0 for side in sides])
    turn, roll = (weak * sign * size + noise * rng.standard_normal(count) for size in (1.8, 0.8))
    time_s, none = 10.0 + 0.36 * np.arange(count), np.zeros(count)
    return Contacts(
        initial_contact_s=time_s,
        toe_off_s=time_s + 0.25,
        step_time_s=np.where(time_s == 10.0, np.nan, 0.36),
        running=np.ones(count, dtype=bool),
        turn_radps=turn,
        roll_radps=roll,
        spin_radps=none + 1.5,
        sway_rad=none + 0.2,
        missing_s=none,
        clipped_s=none,
        roughness_mps2=none + 2.0,
    )


def changed(made, where, **values):
    """The contacts with other values in some rows."""
    columns = {name: getattr(made, name).copy() for name in values}
    for name, value in values.items():
        columns[name][where] = value
    return msgspec.structs.replace(made, **columns)


def feet(count, first=Side.LEFT):
    return [first if number % 2 == 0 else first.other for number in range(count)]


def sides_of(left):
    return [Side.LEFT if one else Side.RIGHT for one in left.tolist()]


def found_sides(made):
    return sides_of(Laterality().feed(made).left)


@given(st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_feet_are_named_through_noise_that_fools_single_steps(seed):
    sides = feet(60)
    assert found_sides(contacts(sides, noise=0.7, seed=seed))[8:] == sides[8:]


@pytest.mark.parametrize("doubled", [False, True])
@given(st.integers(12, 30), st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_after_a_missed_or_doubled_step_it_is_right_within_four(doubled, at, seed):
    sides = feet(50)
    sides = [*sides[:at], sides[at - 1], *sides[at:]] if doubled else [*sides[:at], *sides[at + 1 :]]
    assert found_sides(contacts(sides, noise=0.3, seed=seed))[at + 3 : at + 15] == sides[at + 3 : at + 15]


def test_one_stumble_changes_nothing():
    made = contacts(feet(30))
    found = found_sides(changed(made, 20, turn_radps=-6 * made.turn_radps[20], roll_radps=-6 * made.roll_radps[20]))
    assert all(one is not two for one, two in pairwise(found[:20]))
    assert found[24] is Side.LEFT


def test_no_turn_no_confidence():
    found = Laterality().feed(contacts(feet(40), weak=0.0))
    assert (found.confidence < 0.6).all()
    assert found.evidence == pytest.approx(0.0, abs=1e-9)


def test_mirrored_motion_swaps_the_sides_and_nothing_else():
    made = contacts(feet(30), noise=1.0)
    mirrored = msgspec.structs.replace(made, turn_radps=-made.turn_radps, roll_radps=-made.roll_radps)
    one, two = (Laterality().feed(each) for each in (made, mirrored))
    assert (one.left != two.left).all()
    assert one.confidence == pytest.approx(two.confidence)
    assert one.evidence == pytest.approx(-two.evidence)


def test_the_turn_alone_decides_against_a_roll_from_a_heading_that_is_back_to_front():
    made = contacts(feet(30))
    assert found_sides(msgspec.structs.replace(made, roll_radps=-made.roll_radps))[6:] == feet(30)[6:]


def test_landings_whose_side_was_wrong_come_again():
    sides = feet(30)
    made = contacts(sides)
    # Two steps say nothing, just where a step is missed: only what comes later tells their side.
    made = changed(made, slice(13, 15), turn_radps=0.0, roll_radps=0.0)
    made = made.rows(np.r_[0:12, 13 : len(made)])
    truth = [*sides[:12], *sides[13:]]
    told = LandingOrder().feed(made)
    last = dict(zip(told.seq.tolist(), sides_of(told.left), strict=True))
    assert len(told) > len(last)
    assert [last[seq] for seq in sorted(last)][14:] == truth[14:]
    assert sorted(last) == list(range(len(made)))
    wrong = [seq for seq in last if last[seq] is not truth[seq]]
    assert len(wrong) <= 2


@given(st.lists(st.integers(0, 40), max_size=6).map(sorted), st.integers(0, 50))
@settings(max_examples=40, deadline=None)
def test_any_cut_gives_the_same_landings(cuts, seed):
    sides = feet(40)
    made = contacts([*sides[:13], *sides[14:22], sides[21], *sides[22:]], noise=0.8, seed=seed)
    whole, stage = LandingOrder().feed(made), LandingOrder()
    parts = [made.rows(slice(a, b)) for a, b in pairwise([0, *cuts, len(made)]) if a < b]
    together = Landings.joined([stage.feed(part) for part in parts])
    for one, two in zip(whole.columns, together.columns, strict=True):
        assert one.tobytes() == two.tobytes()
