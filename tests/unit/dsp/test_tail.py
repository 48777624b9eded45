import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sensorhub.dsp.tail import Tail, between

SAMPLES = np.random.default_rng(2).standard_normal((2, 60))


@given(st.integers(0, 30), st.integers(41, 60), st.lists(st.floats(30, 40), min_size=1, max_size=5))
def test_what_is_read_does_not_depend_on_how_much_is_kept(start, end, places):
    tail = Tail(2)
    tail.append(SAMPLES[:, :20])
    tail.append(SAMPLES[:, 20:end])
    tail.forget_before(start)
    assert tail.start == start
    assert tail.end == end
    assert between(tail.kept, np.array(places) - start).tobytes() == between(SAMPLES, np.array(places)).tobytes()


def test_a_whole_place_is_a_sample_also_at_the_end():
    assert between(SAMPLES, np.array([59.0])).tobytes() == SAMPLES[:, 59:].tobytes()


def test_places_outside_are_held_at_the_ends():
    assert np.array_equal(between(SAMPLES, np.array([-3.0, 70.0])), SAMPLES[:, [0, 59]])
