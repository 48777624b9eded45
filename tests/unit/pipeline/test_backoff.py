"""Waits between tries stay within their bounds."""

from hypothesis import given
from hypothesis import strategies as st

from sensorhub.pipeline.backoff import Backoff, BackoffParams


@given(st.floats(0.0, 0.999), st.integers(1, 300))
def test_a_backoff_stays_within_its_bounds(chance, failures):
    backoff = Backoff(BackoffParams(first_s=0.1, longest_s=5.0, jitter=0.5))
    waits = [backoff.failed(chance) for _ in range(failures)]
    assert all(0.05 <= wait <= 5.0 for wait in waits)
    assert waits == sorted(waits)
