"""Bodies of another make do what their truth says, and a mirrored one does it on the other side."""

import numpy as np
import pytest
from scipy.signal import find_peaks

from sensorhub.model.gait import Side
from tests.yardstick.other_bodies.body import Body
from tests.yardstick.other_bodies.kinds import DRILLS, LONGEST_S, NO_DRILLS, made
from tests.yardstick.other_drills import drills_table, others_table, sets_found

SEEDS = range(2)


def done(kind, seed):
    body = Body(LONGEST_S, np.random.default_rng(seed))
    sets = DRILLS[kind](body)
    return [(body, one, body.span(one.start_s, one.end_s), 1 if one.side is Side.LEFT else -1) for one in sets]


def swings(course, largest):
    return len(find_peaks(course, prominence=0.25 * largest)[0])


@pytest.mark.parametrize("seed", SEEDS)
def test_band_walks_go_to_their_side_with_a_swing_of_obliquity_a_step(seed):
    for body, one, span, left in done("band_walk", seed):
        yaw = np.radians(body.at("yaw", one.start_s))
        way = [body.place[axis][span.stop] - body.place[axis][span.start] for axis in "xy"]
        assert left * (way[1] * np.cos(yaw) - way[0] * np.sin(yaw)) > 0.1 * one.count
        roll = body.place["roll"][span] - body.at("roll", one.start_s)
        first = np.sign(roll[np.abs(roll).argmax()])
        assert swings(first * roll, np.abs(roll).max()) == one.count


@pytest.mark.parametrize("seed", SEEDS)
def test_side_planks_lift_the_hips_off_the_side_that_is_down(seed):
    for body, one, span, left in done("side_plank", seed):
        lying, held = (-left * body.at("roll", t_s) for t_s in (one.start_s - 2, one.start_s + 2))
        assert 75 < lying < 95
        assert 4 < lying - held < 21
        assert 10 <= (span.stop - span.start) * 0.002 <= 40.01


@pytest.mark.parametrize("seed", SEEDS)
def test_clamshells_turn_to_the_knee_that_opens(seed):
    for body, one, span, left in done("standing_clamshell", seed):
        around = slice(span.start - 100, span.stop + 100)
        yaw = left * body.place["yaw"][around]
        assert swings(yaw, np.ptp(yaw)) == one.count


def test_a_mirrored_body_holds_its_planks_on_the_other_side():
    plain, mirrored = (made("side_plank", 0, mirrored=mirrored) for mirrored in (False, True))
    others = [one.side.other for one in plain.sets]
    assert [one.side for one in mirrored.sets] == others
    assert [one.side for one in sets_found(mirrored, [])] == others


def test_what_the_body_does_fills_the_recording_from_end_to_end():
    for kind in NO_DRILLS:
        body = Body(LONGEST_S, np.random.default_rng(2))
        NO_DRILLS[kind](body)
        starts_s, ends_s = ([getattr(one, name) for one in body.doings] for name in ("start_s", "end_s"))
        assert starts_s[1:] == pytest.approx(ends_s[:-1])
        assert ends_s[-1] - starts_s[0] > len(body.place["x"]) * 0.002 - 10


def test_the_tables_have_a_row_for_each_kind_told_and_each_activity():
    rows = list(drills_table(["side_plank"], range(1), None))
    assert [row.split(" | ")[:2] for row in rows[2:]] == [["| side plank", told] for told in ("nothing", "announced")]
    assert all(" | 4 | 100.0 % | " in row for row in rows[2:])
    assert any(row.startswith("| stairs | 2 |") for row in others_table(["stairs"], range(1), None))


@pytest.mark.parametrize("seed", [3, 15, 29])
def test_whoever_walks_does_no_drill(seed):
    """Somebody shuffles, and walks on a wide base: each was a drill before it was asked whether legs take turns."""
    assert sets_found(made("walk", seed), []) == []
