import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sensorhub.dsp.table import GrowingTable, Table
from sensorhub.model.samples import BoolArray, FloatArray


class Marks(Table, frozen=True):
    place: FloatArray
    good: BoolArray


def marks(first, count):
    place = np.arange(first, first + count, dtype=float)
    return Marks(place, place % 3 == 0)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=20))
def test_rows_that_are_added_come_in_their_order_with_their_types(counts):
    growing, parts = GrowingTable(Marks), []
    for count in counts:
        parts.append(marks(sum(map(len, parts)), count))
        growing.append(parts[-1])
    whole = Marks.joined(parts)
    for one, two in zip(growing.table.columns, whole.columns, strict=True):
        assert one.dtype == two.dtype
        assert np.array_equal(one, two)


def test_what_is_written_stays_as_the_table_grows():
    growing = GrowingTable(Marks)
    growing.append(marks(0, 5))
    growing.table.put(np.array([1, 3, 3]), marks(50, 3))
    growing.append(marks(5, 40))
    assert growing.table.place[:6].tolist() == [0.0, 50.0, 2.0, 52.0, 4.0, 5.0]
