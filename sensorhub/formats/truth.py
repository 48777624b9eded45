"""Truth files: the JSON that `sensorhub synth` writes, and a CSV of one stance a row."""

import csv
import io
import math
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from sensorhub.model.errors import InputError
from sensorhub.model.gait import Side
from sensorhub.model.truth import ReferenceStride

_NAMES: Final = {
    "initial_contact_s": ("initial_contact_s", "t_ic"),
    "toe_off_s": ("toe_off_s", "t_to"),
    "side": ("side",),
    "pelvic_drop_deg": ("pelvic_drop_deg", "drop"),
    "pelvic_drop_excursion_deg": ("pelvic_drop_excursion_deg", "exc"),
}


def encode_truth(truth: Mapping[str, Any]) -> bytes:
    r"""Write a truth file.

    >>> encode_truth({"rate_hz": 100.0, "steps": []})
    b'{"rate_hz":100.0,"steps":[]}\n'
    """
    return msgspec.json.encode(truth) + b"\n"


def decode_truth_json(content: bytes, name: str) -> list[ReferenceStride]:
    """Read the `steps` of a truth file. Raises InputError that names the file and the step."""
    try:
        steps = msgspec.json.decode(content, type=dict[str, Any])["steps"]
    except (ValueError, KeyError) as error:  # msgspec's errors are ValueErrors, as bytes that are no UTF-8 are
        raise InputError(f'{name}: is no truth file ({error!s}); it needs {{"steps": [...]}}.') from None
    if not isinstance(steps, list):
        raise InputError(f"{name}: `steps` is no list.")
    return _sorted([_stride(step, f"{name}: step {i}") for i, step in enumerate(steps, 1)], name)


def decode_truth_csv(text: str, name: str) -> list[ReferenceStride]:
    r"""Read one stance a row, columns by name. Raises InputError that names file and line.

    >>> decode_truth_csv("initial_contact_s,side\n1.5,left\n", "x.csv")[0].side.value
    'left'
    """
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    strides = [_stride(row, f"{name}: line {rows.line_num}") for row in rows]
    return _sorted(strides, name)


def _stride(row: Any, where: str) -> ReferenceStride:
    if not isinstance(row, Mapping):
        raise InputError(f"{where} is no object with t_ic and side.")
    contact = _number(row, "initial_contact_s", where)
    if contact is None:
        raise InputError(f"{where} has no initial_contact_s (or t_ic): without contact times nothing can be compared.")
    return ReferenceStride(
        contact,
        _number(row, "toe_off_s", where),
        _side(row, where),
        _number(row, "pelvic_drop_deg", where),
        _number(row, "pelvic_drop_excursion_deg", where),
    )


def _value(row: Mapping[str, Any], name: str) -> Any:
    return next((row[key] for key in _NAMES[name] if row.get(key) not in (None, "")), None)


def _number(row: Mapping[str, Any], name: str, where: str) -> float | None:
    value = _value(row, name)
    if value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"{where}: {name} is {value!r}, not a number.")
    return number


def _side(row: Mapping[str, Any], where: str) -> Side | None:
    value = _value(row, "side")
    if value is None:
        return None
    known = {"left": Side.LEFT, "l": Side.LEFT, "right": Side.RIGHT, "r": Side.RIGHT}
    side = known.get(str(value).strip().lower())
    if side is None:
        raise InputError(f"{where}: side is {value!r}, neither left nor right.")
    return side


def _sorted(strides: list[ReferenceStride], name: str) -> list[ReferenceStride]:
    if not strides:
        raise InputError(f"{name}: holds no stance.")
    return sorted(strides, key=lambda stride: stride.initial_contact_s)
