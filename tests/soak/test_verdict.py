"""The verdict at large counts, through the whole chain: each session's clip put on anew."""

from dataclasses import replace

import pytest

from sensorhub.analysis.change import Verdict, changes_since
from tests.yardstick.certainty import runner, session

PAIRS = 200


def verdicts(change_deg):
    for pair in range(PAIRS):
        style = runner(pair)
        after = replace(style, drop_left_deg=style.drop_left_deg + change_deg)
        yield changes_since(session(style, 2 * pair)[0], session(after, 2 * pair + 1)[0])


@pytest.mark.timeout(1800)
def test_where_nothing_changed_at_most_one_in_twenty_is_said_to_have():
    said = [any(one.verdict in {Verdict.MORE, Verdict.LESS} for one in both) for both in verdicts(0.0)]
    assert sum(said) / PAIRS <= 0.05


@pytest.mark.timeout(1800)
def test_a_degree_and_a_half_is_seen_with_sixty_strides_a_side():
    seen = [left.verdict is Verdict.MORE for left, _ in verdicts(1.5)]
    assert sum(seen) / PAIRS >= 0.95
