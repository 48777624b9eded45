import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sensorhub.dsp.tail import Tail

SAMPLES = np.random.default_rng(2).standard_normal((2, 60))


@given(st.integers(0, 30), st.integers(41, 60), st.lists(st.floats(30, 40), min_size=1, max_size=5))
def test_what_is_read_does_not_depend_on_how_much_is_kept(start, end, places):
    whole, part = Tail(2), Tail(2)
    whole.append(SAMPLES)
    part.append(SAMPLES[:, :20])
    part.append(SAMPLES[:, 20:end])
    part.forget_before(start)
    assert part.start == start
    assert part.end == end
    assert part.between(np.array(places)).tobytes() == whole.between(np.array(places)).tobytes()


def test_a_whole_place_is_a_sample_also_at_the_end():
    tail = Tail(2)
    tail.append(SAMPLES)
    assert tail.between(np.array([59.0])).tobytes() == SAMPLES[:, 59:].tobytes()


def test_places_outside_are_held_at_the_ends():
    tail = Tail(2)
    tail.append(SAMPLES)
    tail.forget_before(10)
    assert np.array_equal(tail.between(np.array([3.0, 70.0])), SAMPLES[:, [10, 59]])
