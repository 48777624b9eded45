"""Records as InfluxDB line protocol: contract.md's schema, docs/adr/0014-influx-schema.md.

A point's place (measurement, tags, time) comes from the record alone, so writing it twice changes nothing. Numbers are
always floats, since a field that is once an integer refuses floats for ever. Unknown is a field that is not there.
"""

import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import isfinite
from operator import attrgetter
from typing import Any, Final

import msgspec

from sensorhub.formats.records import decode_record, event_instant_s
from sensorhub.model.errors import InputError
from sensorhub.model.events import Event
from sensorhub.model.gait import Stride
from sensorhub.model.metrics import INTERVAL_SUFFIXES, MEASUREMENTS, METRICS
from sensorhub.model.session import Record, Session
from sensorhub.model.summary import Estimate, Summary

SESSION_SLOTS: Final = 4
"""Values of the tag `session`. A tag with a new value a session would make 10 000 series a year of 50 runners."""

SUPERSEDED: Final = "superseded"
"""Field of strides: 1 on a point that a later revision took back by changing its side or activity."""

LONGEST_SESSION_S: Final = 1e9
"""An instant farther from its session's start than thirty years is damage."""

_MEASUREMENT: Final = {record: measurement for measurement, records in MEASUREMENTS.items() for record in records}
_GETTERS: Final = {record: attrgetter(*(entry.name for entry in entries)) for record, entries in METRICS.items()}
_FIELDS: Final = {record: tuple(entry.influx_field for entry in entries) for record, entries in METRICS.items()}
_WORDS: Final = ("activity", "direction", "drill", "side")
"""Tags that an event may say itself, already safe: words of enumerations."""
_FIRST_PRINTABLE: Final = " "
_DELETE: Final = "\x7f"
_TAG_SPECIALS: Final = str.maketrans({",": r"\,", "=": r"\=", " ": r"\ "})


def line_of_json(payload: bytes) -> str:
    """The line (or lines, see `record_line`) of one JSON record. Raises InputError where it is no record."""
    return record_line(decode_record(payload))


def record_line(record: Record) -> str:
    """The point of one record as line protocol, without the line end.

    A stride that was revised is followed by a second line for each place in which an earlier revision may stand.
    Raises InputError where the record has no wall time, no number or a name that line protocol cannot carry.
    """
    event, session = record.event, record.session
    if session.start_unix_ns is None:
        raise InputError(
            f"Record {record.seq} of session {session.session!r} has no wall time, so no place in InfluxDB."
        )
    instant_s = event_instant_s(event)
    if not abs(instant_s) <= LONGEST_SESSION_S:
        raise InputError(
            f"Record {record.seq} of session {session.session!r} lies at {instant_s} s, which is no session."
        )
    time_ns = session.start_unix_ns + round(instant_s * 1e9)
    fields = ",".join(_fields(record))
    line = f"{_series(session, event)} {fields} {time_ns}"
    if not isinstance(event, Stride) or event.revision == 0:
        return line
    return "\n".join((line, *_taken_back(session, event, time_ns)))


def session_slot(session_id: str) -> str:
    """The tag `session`: one of SESSION_SLOTS values, the same for the same session for ever.

    >>> session_slot("2026-11-22T06-40") in {"s0", "s1", "s2", "s3"}
    True
    """
    return f"s{zlib.crc32(session_id.encode()) % SESSION_SLOTS}"


@lru_cache(maxsize=4096)
def escaped_tag(value: str) -> str:
    r"""Escape a tag's value for line protocol.

    Raises InputError for what it has no way to write: control characters, and a backslash at the end or before one
    of `, = space`.

    >>> print(escaped_tag("Ada, 2nd = best"))
    Ada\,\ 2nd\ \=\ best
    """
    if any(character < _FIRST_PRINTABLE or character == _DELETE for character in value):
        raise InputError(f"The name {value!r} has a control character, which InfluxDB cannot store.")
    if value.endswith("\\") or any(f"\\{special}" in value for special in ",= "):
        raise InputError(f"The name {value!r} has a backslash where InfluxDB cannot store one.")
    return value.translate(_TAG_SPECIALS)


def escaped_string(value: str) -> str:
    """Quote and escape a string field's value."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _series(session: Session, event: Event) -> str:
    """Measurement and tags, sorted by key as InfluxDB likes them best; a side comes last, the rest first."""
    *leading, side = (f",{word}={said}" if (said := getattr(event, word, None)) is not None else "" for word in _WORDS)
    tags = (*leading, _session_tags(session.runner, session.sensor, session.session), side)
    return _MEASUREMENT[type(event)] + "".join(tags)


@lru_cache(maxsize=4096)
def _session_tags(runner: str, sensor: str, session_id: str) -> str:
    named = {"runner": runner, "sensor": sensor, "session": session_slot(session_id)}
    return "".join(f",{key}={escaped_tag(value)}" for key, value in named.items() if value)


def _fields(record: Record) -> list[str]:
    event = record.event
    texts = []
    for field, value in _numbers(event):
        if value is None:
            continue
        number = float(value)
        if not isfinite(number):
            raise InputError(f"{field} is {number}, which is no number that can be stored.")
        texts.append(f"{field}={number!r}")
    texts.append(f"session_id={escaped_string(record.session.session)}")
    if isinstance(event, Stride):
        texts.append(f'flags="{",".join(event.flags)}",{SUPERSEDED}=0.0')
        if event.reference is not None:
            texts.append(f'reference="{event.reference}"')
    return texts


def _numbers(event: Event) -> Iterator[tuple[str, Any]]:
    """Every numeric field of an event, unknown ones as None."""
    kind = type(event)
    values = zip(_FIELDS[kind], _GETTERS[kind](event), strict=True)
    return _with_intervals(values) if kind is Summary else values


def _with_intervals(values: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    for field, value in values:
        if isinstance(value, Estimate):
            parts = (value.mean, value.low, value.high, value.n)
            yield from zip((field, *(field + suffix for suffix in INTERVAL_SUFFIXES)), parts, strict=True)
        else:
            yield field, value


def _taken_back(session: Session, stride: Stride, time_ns: int) -> Iterator[str]:
    """Mark where earlier revisions may stand: the same instant with the other side or activity."""
    for activity in type(stride.activity):
        for side in type(stride.side):
            if (activity, side) != (stride.activity, stride.side):
                before = msgspec.structs.replace(stride, activity=activity, side=side)
                yield f"{_series(session, before)} {SUPERSEDED}=1.0 {time_ns}"
