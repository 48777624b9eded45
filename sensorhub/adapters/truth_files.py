"""Truth on disk: a truth JSON, a CSV of stances, or what OpenSim and a laboratory left behind."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sensorhub.analysis.reference import (
    Obliquity,
    obliquity_of_coordinates,
    obliquity_of_markers,
    sides_by_alternation,
    stances_of_force,
    with_drop,
)
from sensorhub.formats.opensim import Table, decode_markers, decode_storage
from sensorhub.formats.truth import decode_truth_csv, decode_truth_json
from sensorhub.model.errors import InputError
from sensorhub.model.gait import Side
from sensorhub.model.truth import ReferenceStride
from sensorhub.model.units import RAD_PER_DEG

_LEFT_MARKERS = ("L.ASIS", "LASI", "LASIS", "L_ASIS", "L.PSIS", "LPSI", "LPSIS", "L_PSIS")
_VERTICAL_FORCE = re.compile(r"(?:v|_f|force)y$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TruthOptions:
    """What the files themselves do not say.

    standing_s: where in the kinematics the person stood. first_side: the side of the first stance, where one plate saw
    both feet.
    """

    standing_s: tuple[float, float] | None = None
    first_side: Side | None = None


def read_truth(paths: Sequence[Path], options: TruthOptions | None = None) -> list[ReferenceStride]:
    """Read reference stances from one or more files: contacts and sides from one, kinematics from another.

    Raises InputError that names the file and what is missing.
    """
    options = options or TruthOptions()
    stances: list[ReferenceStride] = []
    obliquity: Obliquity | None = None
    for path in paths:
        kind = path.suffix.lower()
        if kind == ".json":
            stances += decode_truth_json(_content(path), str(path))
        elif kind == ".csv":
            stances += decode_truth_csv(_text(path), str(path))
        elif kind == ".trc":
            obliquity = _marker_obliquity(path)
        elif kind in {".mot", ".sto"}:
            table = decode_storage(_text(path), str(path))
            if "pelvis_list" in table.columns:
                obliquity = _coordinate_obliquity(table)
            else:
                stances += _force_stances(table, options)
        else:
            raise InputError(f"{path}: truth is .json, .csv, .mot, .sto or .trc.")
    if not stances:
        raise InputError(f"{paths[0]}: says nothing of contacts. Add a file with ground forces or contact times.")
    stances.sort(key=lambda stance: stance.initial_contact_s)
    if obliquity is None:
        return stances
    standing = None if options.standing_s is None else obliquity.standing_deg(options.standing_s)
    return [with_drop(stance, obliquity, standing) for stance in stances]


def _coordinate_obliquity(table: Table) -> Obliquity:
    names = ("pelvis_tilt", "pelvis_list", "pelvis_rotation")
    missing = [name for name in names if name not in table.columns]
    if missing:
        raise InputError(f"{table.name}: has no column {missing[0]}, which the obliquity needs.")
    rad = RAD_PER_DEG if table.in_degrees else 1.0
    tilt, roll, turn = (rad * table.columns[name] for name in names)
    return obliquity_of_coordinates(table.t_s, tilt, roll, turn)


def _marker_obliquity(path: Path) -> Obliquity:
    markers = decode_markers(_text(path), str(path))
    pairs = [
        (markers[name], markers["R" + name[1:]])
        for name in _LEFT_MARKERS
        if name in markers and "R" + name[1:] in markers
    ]
    if not pairs:
        raise InputError(f"{path}: has no pair of pelvis markers such as L.ASIS and R.ASIS, or LPSI and RPSI.")
    left, right = np.mean(np.array(pairs), axis=0)
    return obliquity_of_markers(markers["time"], left, right)


def _force_stances(table: Table, options: TruthOptions) -> list[ReferenceStride]:
    """Stances of each vertical force; its name says the foot, or the feet alternate on one plate."""
    vertical = {name: values for name, values in table.columns.items() if _VERTICAL_FORCE.search(name)}
    if not vertical:
        raise InputError(f"{table.name}: has neither pelvis_list nor a vertical force such as ground_force_vy.")
    stances: list[ReferenceStride] = []
    for name, values in vertical.items():
        stances += stances_of_force(table.t_s, values, _side_of(name))
    stances.sort(key=lambda stance: stance.initial_contact_s)
    if any(stance.side is None for stance in stances):
        if options.first_side is None:
            raise InputError(f"{table.name}: does not say whose foot it was; name the first with --first-side.")
        stances = sides_by_alternation(stances, options.first_side)
    return stances


def _side_of(name: str) -> Side | None:
    """The side that a column names, as in ground_force_left_vy or r_ground_force_vy; plates are not feet."""
    words = re.split(r"[_.\s]", name.lower())
    if {"l", "left"} & set(words):
        return Side.LEFT
    return Side.RIGHT if {"r", "right"} & set(words) else None


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError.unreadable(path, error) from None


def _text(path: Path) -> str:
    try:
        return _content(path).decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(f"{path}: is no text.") from None
