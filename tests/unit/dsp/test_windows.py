import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhub.dsp.windows import extent, inside, value_at

COLUMNS = np.random.default_rng(3).standard_normal((40, 5))


def test_the_extent_is_of_the_rows_from_begin_to_end():
    begin, end = np.array([0.0, 3.5, 10.0, 20.0, 38.1]), np.array([39.0, 8.0, 10.0, 30.9, 39.0])
    whole = [
        column[rows].max() - column[rows].min()
        for column, rows in zip(
            COLUMNS.T, (slice(0, 40), slice(4, 9), slice(10, 11), slice(20, 31), slice(39, 40)), strict=True
        )
    ]
    assert extent(COLUMNS, inside(40, begin, end)).tolist() == whole
    later = extent(COLUMNS[10:], inside(30, begin, end, first=10))
    assert later.tolist()[2:] == whole[2:]


@given(st.lists(st.floats(0.0, 39.0), min_size=5, max_size=5).map(np.array))
@settings(deadline=None)
def test_values_lie_on_straight_lines_also_at_the_last_row(rows):
    straight = [np.interp(row, np.arange(40), column) for row, column in zip(rows, COLUMNS.T, strict=True)]
    assert np.allclose(value_at(COLUMNS, rows), straight, rtol=0.0, atol=1e-12)
