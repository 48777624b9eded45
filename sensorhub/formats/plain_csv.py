"""The plain IMU recording: a CSV of time, specific force and angular rate in the sensor's own frame."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from sensorhub.model.errors import InputError
from sensorhub.model.samples import MAX_ACC_MPS2, MAX_RATE_RADPS, FloatArray, SampleBlock

HEADER: Final = "time_s,ax_mps2,ay_mps2,az_mps2,gx_radps,gy_radps,gz_radps"
_COLUMNS: Final = 7
_LIMITS: Final = np.array([np.inf, *[MAX_ACC_MPS2] * 3, *[MAX_RATE_RADPS] * 3])
_LEAST_MEAN_MPS2: Final = 5.0
"""Gravity alone is 9.81, and no motion that comes back takes from the mean."""
_MOST_MEAN_RADPS: Final = 12.0
"""Two turns a second all the time: no runner."""
_LEAST_STEP_OF_UNIT: Final = {"nanoseconds": 1e6, "microseconds": 1e3, "milliseconds": 1.0}
"""Between samples at 1 to 1000 Hz; in seconds it is less than all of these."""
_ROWS_THAT_TELL_THE_UNIT: Final = 100
_FEWEST_A_SECOND: Final = 45.0
"""A recording should have 50; some may be lost."""


class PlainCsvReader:
    """Lines of one plain recording in, sample blocks out. Strict, unless `lenient` skips and counts bad rows."""

    def __init__(self, name: str, *, lenient: bool = False) -> None:
        self._name = name
        self._lenient = lenient
        self._line = 0
        self._first_t_s = self._last_t_s = -np.inf
        self.skipped_rows = 0
        self._rows = 0
        self._force_mps2 = self._rate_radps = 0.0  # sums of their sizes

    def feed_header(self, line: str) -> None:
        """Check the first line. Raises InputError where it is not the header."""
        self._line = 1
        if not line:
            raise InputError(f"{self._name}: is empty.")
        header = line.strip().lstrip("\ufeff")
        if header == HEADER:
            return
        if header.replace(";", ",").replace("\t", ",") == HEADER:
            raise InputError(
                f"{self._name}: columns are not separated by commas. Save it with commas, and points in numbers."
            )
        raise InputError(f"{self._name}: line 1 is {header[:80]!r}, a plain recording begins with {HEADER!r}.")

    def feed(self, lines: Sequence[str]) -> SampleBlock:
        """Samples of the next lines. Raises InputError that names file and line, unless lenient."""
        first_line = self._line + 1
        self._line += len(lines)
        rows = self._parse_together(lines)
        if rows is None:
            rows = self._parse_each(lines, first_line)
        if len(rows):
            self._check_time_unit(rows[:, 0])
            self._first_t_s = self._first_t_s if self._rows else float(rows[0, 0])
            self._last_t_s = float(rows[-1, 0])
            self._rows += len(rows)
            self._force_mps2 += float(np.linalg.norm(rows[:, 1:4], axis=1).sum())
            self._rate_radps += float(np.linalg.norm(rows[:, 4:7], axis=1).sum())
        columns = np.ascontiguousarray(rows.T)
        return SampleBlock(columns[0], np.ascontiguousarray(rows[:, 1:4]), np.ascontiguousarray(rows[:, 4:7]))

    def remarks(self) -> list[str]:
        """Say, after the last line, what whoever recorded it should know: rows skipped or few, units that cannot be."""
        remarks = []
        if self.skipped_rows:
            remarks.append(f"{self._name}: skipped {self.skipped_rows} rows that cannot be read.")
        rows = max(self._rows, 1)
        force_mps2, rate_radps = self._force_mps2 / rows, self._rate_radps / rows
        if self._rows and force_mps2 < _LEAST_MEAN_MPS2:
            remarks.append(
                f"{self._name}: specific force is {force_mps2:.2g} m/s2 on average, gravity 9.81. Is it in g?"
            )
        if rate_radps > _MOST_MEAN_RADPS:
            remarks.append(f"{self._name}: it turns by {rate_radps:.0f} rad/s on average. Is it in degrees?")
        span_s = self._last_t_s - self._first_t_s
        if span_s > 1.0 and rows / span_s < _FEWEST_A_SECOND:
            remarks.append(f"{self._name}: holds {rows / span_s:.0f} samples a second, 50 are needed for good numbers.")
        return remarks

    def _check_time_unit(self, t_s: FloatArray) -> None:
        """Complain of times that cannot be seconds: then every later complaint would miss the point."""
        step = float(np.median(np.diff(t_s[:_ROWS_THAT_TELL_THE_UNIT]))) if len(t_s) > 1 else 0.0
        unit = next((name for name, least in _LEAST_STEP_OF_UNIT.items() if step >= least), None)
        if unit is not None:
            raise InputError(f"{self._name}: samples are {step:g} s apart. Is time_s in {unit}? It must be seconds.")

    def _parse_together(self, lines: Sequence[str]) -> FloatArray | None:
        """All rows at once, or None where any of them is not as it should be."""
        try:
            rows = np.loadtxt(lines, delimiter=",", ndmin=2, comments=None) if lines else np.empty((0, _COLUMNS))
        except ValueError:
            return None
        if rows.shape != (len(lines), _COLUMNS) or not (np.abs(rows) < _LIMITS).all():
            return None
        return rows if (np.diff(rows[:, 0], prepend=self._last_t_s) > 0).all() else None

    def _parse_each(self, lines: Sequence[str], first_line: int) -> FloatArray:
        rows: list[list[float]] = []
        last_t_s = self._last_t_s
        for number, line in enumerate(lines, first_line):
            if not line.strip():
                continue
            try:
                row = _parse_row(line, last_t_s)
            except ValueError as fault:
                self._reject(number, str(fault))
                continue
            last_t_s = row[0]
            rows.append(row)
        return np.array(rows, dtype=np.float64).reshape(-1, _COLUMNS)

    def _reject(self, line_number: int, fault: str) -> None:
        if not self._lenient:
            raise InputError(
                f"{self._name}: line {line_number}: {fault}. Mend the row, or skip such rows with --lenient."
            )
        self.skipped_rows += 1


def _parse_row(line: str, last_t_s: float) -> list[float]:
    """The seven numbers of a row. Raises ValueError that says what is wrong with it."""
    cells = line.strip().split(",")
    if len(cells) != _COLUMNS:
        raise ValueError(f"{len(cells)} values where {_COLUMNS} belong")
    row = []
    for cell, name, limit in zip(cells, HEADER.split(","), _LIMITS, strict=True):
        try:
            value = float(cell)
        except ValueError:
            raise ValueError(f"{name} is {cell[:20]!r}, not a number") from None
        if not abs(value) < limit:
            raise ValueError(f"{name} is {cell[:20]}, which no sensor measures")
        row.append(value)
    if row[0] <= last_t_s:
        raise ValueError(f"time does not rise ({row[0]} s after {last_t_s} s)")
    return row


def format_rows(block: SampleBlock) -> str:
    """Rows of a plain recording, each ended by a line end; 6 digits, which is finer than any sensor."""
    table = np.column_stack([block.t_s, block.acc_mps2, block.gyr_radps])
    return "".join(",".join(f"{value:.6f}" for value in row) + "\n" for row in table.tolist())
