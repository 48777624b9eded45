"""OpenSim's tables: storage files (`.mot`, `.sto`) and marker files (`.trc`).

OpenSim's axes are x forward, y up, z right. Layouts as in the OpenSim user's guide, "Preparing Your Data".
"""

from dataclasses import dataclass

import numpy as np

from sensorhub.model.errors import InputError
from sensorhub.model.samples import FloatArray


@dataclass(frozen=True, slots=True)
class Table:
    """A table of one row an instant. t_s: shape (n,). columns: each shape (n,), in the file's own units."""

    name: str
    t_s: FloatArray
    columns: dict[str, FloatArray]
    in_degrees: bool


def decode_storage(text: str, name: str) -> Table:
    """Read a `.mot` or `.sto`. Raises InputError that names the file and what is missing."""
    lines = text.splitlines()
    ends = [number for number, line in enumerate(lines) if line.strip().lower() == "endheader"]
    if not ends or ends[0] + 2 > len(lines):
        raise InputError(f"{name}: has no `endheader` with a table after it. Is it a .mot or .sto of OpenSim?")
    header = [line.replace(" ", "").lower() for line in lines[: ends[0]]]
    labels = lines[ends[0] + 1].split()
    if not labels or labels[0].lower() != "time":
        raise InputError(f"{name}: its first column is {labels[:1]}, not time.")
    values = _numbers(lines[ends[0] + 2 :], len(labels), name, ends[0] + 3)
    columns = {label: values[:, i] for i, label in enumerate(labels) if i}
    return Table(name, values[:, 0], columns, in_degrees="indegrees=yes" in header)


def decode_markers(text: str, name: str) -> dict[str, FloatArray]:
    """Read a `.trc`: each marker's place in m, shape (n, 3), and under "time" the instants, shape (n,)."""
    lines = text.splitlines()
    if len(lines) < 6 or not lines[0].startswith("PathFileType"):
        raise InputError(f"{name}: is no .trc marker file (it should begin with PathFileType).")
    about = dict(zip(lines[1].split(), lines[2].split(), strict=False))
    scale = {"mm": 0.001, "m": 1.0, "cm": 0.01}.get(about.get("Units", "mm"))
    if scale is None:
        raise InputError(f"{name}: Units is {about['Units']!r}; mm, cm or m can be read.")
    names = [label for label in lines[3].rstrip("\n").split("\t")[2:] if label.strip()]
    body = [line for line in lines[5:] if line.strip()]
    values = _padded(body, 2 + 3 * len(names), name)
    markers = {label.strip(): scale * values[:, 2 + 3 * i : 5 + 3 * i] for i, label in enumerate(names)}
    return {"time": values[:, 1], **markers}


def _numbers(lines: list[str], width: int, name: str, first_line: int) -> FloatArray:
    rows = []
    for number, line in enumerate(lines, first_line):
        if not line.strip():
            continue
        try:
            row = [float(cell) for cell in line.split()]
        except ValueError:
            raise InputError(f"{name}: line {number} holds what is no number.") from None
        if len(row) != width:
            raise InputError(f"{name}: line {number} has {len(row)} values where {width} belong.")
        rows.append(row)
    if not rows:
        raise InputError(f"{name}: its table is empty.")
    return np.array(rows, dtype=np.float64)


def _padded(lines: list[str], width: int, name: str) -> FloatArray:
    """Rows with tabs, in which an empty cell is a marker that was not seen."""
    values = np.full((len(lines), width), np.nan)
    for row, line in enumerate(lines):
        for column, cell in enumerate(line.split("\t")[:width]):
            if cell.strip():
                try:
                    values[row, column] = float(cell)
                except ValueError:
                    raise InputError(f"{name}: row {row + 1} of the table holds {cell.strip()[:20]!r}.") from None
    if not len(values):
        raise InputError(f"{name}: its table is empty.")
    return values
