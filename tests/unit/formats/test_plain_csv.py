from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorhub.formats.plain_csv import HEADER, PlainCsvReader, format_rows
from sensorhub.model.errors import InputError
from sensorhub.model.samples import SampleBlock

GOOD = [f"{i * 0.01:.2f},0,0,9.81,0,0,0\n" for i in range(10)]


def reader(**options):
    made = PlainCsvReader("run.csv", **options)
    made.feed_header(HEADER + "\n")
    return made


def test_rows_become_samples_in_si():
    block = reader().feed(["0.0,1,2,3,4,5,6\n", "0.01,7,8,9,10,11,12\n"])
    assert block.t_s.tolist() == [0.0, 0.01]
    assert block.acc_mps2.tolist() == [[1, 2, 3], [7, 8, 9]]
    assert block.gyr_radps.tolist() == [[4, 5, 6], [10, 11, 12]]


BAD_ROWS = {
    "a word": ("x,0,0,9.81,0,0,0", "time_s is 'x', not a number"),
    "nan": ("0.105,nan,0,9.81,0,0,0", "ax_mps2 is nan, which no sensor measures"),
    "infinite": ("0.105,0,0,inf,0,0,0", "az_mps2 is inf"),
    "absurd": ("0.105,0,0,1e6,0,0,0", "az_mps2 is 1e6"),
    "short": ("0.105,0,0", "3 values where 7 belong"),
    "time back": ("0.05,0,0,9.81,0,0,0", "time does not rise"),
}


@pytest.mark.parametrize("row, says", BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_row_names_file_and_line(row, says):
    with pytest.raises(InputError) as error:
        reader().feed([*GOOD, row + "\n"])
    assert "run.csv: line 12: " in str(error.value)
    assert says in str(error.value)


@pytest.mark.parametrize("row", [row for row, _ in BAD_ROWS.values()], ids=BAD_ROWS)
def test_lenient_skips_and_counts(row):
    lenient = reader(lenient=True)
    block = lenient.feed([*GOOD, row + "\n", "0.2,0,0,9.81,0,0,0\n"])
    assert len(block) == len(GOOD) + 1
    assert lenient.skipped_rows == 1
    assert lenient.remarks() == ["run.csv: skipped 1 rows that cannot be read."]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("0,0.0,0.0,1.0,0,0,0", ["run.csv: specific force is 1 m/s2 on average, gravity 9.81. Is it in g?"]),
        ("0,0.0,0.0,9.8,0,60,0", ["run.csv: it turns by 60 rad/s on average. Is it in degrees?"]),
        ("0,0.0,0.0,9.8,0,3,0", []),
    ],
)
def test_units_that_cannot_be_are_remarked_on(row, says):
    plain = reader()
    plain.feed([row + "\n"])
    assert plain.remarks() == says


@pytest.mark.parametrize(("a_second", "unit"), [(1e3, "milliseconds"), (1e6, "microseconds"), (1e9, "nanoseconds")])
@pytest.mark.parametrize("rate_hz", [25, 400])
def test_times_that_are_no_seconds_are_refused_with_their_unit(a_second, unit, rate_hz):
    with pytest.raises(InputError, match=f"Is time_s in {unit}"):
        reader().feed([f"{n / rate_hz * a_second},0,0,9.81,0,0,0\n" for n in range(9)])


@pytest.mark.parametrize(
    ("rate_hz", "says"), [(25, ["run.csv: holds 25 samples a second, 50 are needed for good numbers."]), (50, [])]
)
def test_too_few_samples_are_remarked_on(rate_hz, says):
    plain = reader()
    plain.feed([f"{n / rate_hz},0,0,9.81,0,0,0\n" for n in range(4 * rate_hz)])
    assert plain.remarks() == says


def test_an_empty_recording_has_no_units():
    assert reader().remarks() == []


def test_time_may_not_go_back_from_one_piece_to_the_next():
    csv = reader()
    csv.feed(GOOD)
    with pytest.raises(InputError, match="line 12: time does not rise"):
        csv.feed(GOOD)


def test_an_empty_file_is_called_empty():
    with pytest.raises(InputError, match=r"run.csv: is empty"):
        PlainCsvReader("run.csv").feed_header("")


@pytest.mark.parametrize("line", ["\n", "a,b,c\n", HEADER.replace("_s,", ",", 1)])
def test_another_header_is_refused(line):
    with pytest.raises(InputError, match=r"run.csv: line 1 is .* a plain recording begins with"):
        PlainCsvReader("run.csv").feed_header(line)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_header_with_other_separators_is_told_so(separator):
    with pytest.raises(InputError, match="not separated by commas"):
        PlainCsvReader("run.csv").feed_header(HEADER.replace(",", separator) + "\r\n")


@given(st.lists(st.integers(0, len(GOOD)), max_size=5).map(sorted))
def test_any_cut_of_the_lines_gives_the_same_samples(cuts):
    whole, cut = reader(), reader()
    edges = [0, *cuts, len(GOOD)]
    blocks = [cut.feed(GOOD[a:b]) for a, b in pairwise(edges)]
    assert np.concatenate([b.t_s for b in blocks]).tobytes() == whole.feed(GOOD).t_s.tobytes()


def test_written_rows_read_back():
    block = SampleBlock(np.array([0.0, 0.01]), np.array([[0.1, -9.81, 3.5]] * 2), np.array([[0.25, 0.5, -1.0]] * 2))
    back = reader().feed(format_rows(block).splitlines(keepends=True))
    assert np.array_equal(back.acc_mps2, block.acc_mps2)
    assert np.array_equal(back.gyr_radps, block.gyr_radps)
