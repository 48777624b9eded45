"""Events and records as JSON, one object a line: what MQTT, the stores, the page and `--json` show."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec

from sensorhub.model.errors import InputError
from sensorhub.model.events import Event
from sensorhub.model.exercise import BandWalkSet, ClamshellSet, Drill, DrillRep, SidePlankSet
from sensorhub.model.gait import Stride
from sensorhub.model.session import Record, Session
from sensorhub.model.status import ActivitySpan, Gap, SensorStatus
from sensorhub.model.summary import Summary

DECIMALS: Final = 6
"""Digits kept behind the point: a microsecond, a micrometre; far below what any of it is known to."""


class _Shape(NamedTuple):
    """How one kind of event looks outside: its record type, and the attribute that is its own time."""

    record_type: str
    instant: str


_SHAPES: Final[dict[type, _Shape]] = {
    Stride: _Shape("stride", "initial_contact_s"),
    DrillRep: _Shape("drill_rep", "t_s"),
    BandWalkSet: _Shape("drill_set", "start_s"),
    SidePlankSet: _Shape("drill_set", "start_s"),
    ClamshellSet: _Shape("drill_set", "start_s"),
    Gap: _Shape("gap", "start_s"),
    ActivitySpan: _Shape("activity", "start_s"),
    SensorStatus: _Shape("sensor", "t_s"),
    Summary: _Shape("summary", "start_s"),
}
_DRILLS: Final[dict[type, Drill]] = {cls: cls.drill for cls in (BandWalkSet, SidePlankSet, ClamshellSet)}
_HEADS: Final = {
    cls: {"type": shape.record_type, **({"drill": _DRILLS[cls].value} if cls in _DRILLS else {})}
    for cls, shape in _SHAPES.items()
}
"""What a record begins with, and what its event does not say itself."""

_encoder = msgspec.json.Encoder()


class _Envelope(msgspec.Struct):
    """What every record says of itself, whatever its event."""

    type: str
    hub: str
    sensor: str
    runner: str
    session: str
    seq: int
    time: str | None = None
    drill: str | None = None


_envelopes: Final = msgspec.json.Decoder(_Envelope)
_events: Final[dict[tuple[str, Drill | None], msgspec.json.Decoder[Any]]] = {
    (shape.record_type, _DRILLS.get(cls)): msgspec.json.Decoder(cls) for cls, shape in _SHAPES.items()
}


def record_type(event: Event) -> str:
    """The `type` of an event's record, which is also the last level of its topic."""
    return _SHAPES[type(event)].record_type


def event_instant_s(event: Event) -> float:
    """The session time that an event carries as its own, s."""
    return float(getattr(event, _SHAPES[type(event)].instant))


def event_mapping(event: Event) -> dict[str, Any]:
    """An event as the JSON object of the contract: `type` first, floats rounded to DECIMALS."""
    mapping = _HEADS[type(event)] | msgspec.to_builtins(event)
    # Most values are plain floats, and this is done for every record: no call for those.
    return {key: round(value, DECIMALS) if type(value) is float else _rounded(value) for key, value in mapping.items()}


def encode_event(event: Event) -> bytes:
    """One line of `analyze --json`, without the line end."""
    return _encoder.encode(event_mapping(event))


def encode_record(record: Record) -> bytes:
    """One record as it goes over MQTT and into the stores: the event, and who, where and when."""
    session = record.session
    mapping = event_mapping(record.event)
    mapping |= {"hub": session.hub, "sensor": session.sensor, "runner": session.runner, "session": session.session}
    mapping["seq"] = record.seq
    if session.start_unix_ns is not None:
        mapping["time"] = rfc3339(session.start_unix_ns + _since_start_ns(record.event))
    return _encoder.encode(mapping)


def decode_record(line: bytes | str) -> Record:
    """The record of one JSON object. Keys it does not know are passed over, so that a newer hub can be read.

    Raises InputError where the object is no record.
    """
    try:
        said = _envelopes.decode(line)  # read twice, each time into a type: half the time of once into a mapping
        drill = Drill(said.drill) if said.type == "drill_set" and said.drill is not None else None
        event: Event = _events[said.type, drill].decode(line)
        start_unix_ns = None if said.time is None else unix_ns(said.time) - _since_start_ns(event)
        return Record(Session(said.hub, said.sensor, said.runner, said.session, start_unix_ns), said.seq, event)
    except (msgspec.MsgspecError, KeyError, ValueError, TypeError) as error:
        raise InputError(f"Not a sensorhub record: {error!r} in {line[:80]!r}.") from error


def rfc3339(unix_ns_value: int) -> str:
    """Wall time as RFC 3339 in UTC with nanoseconds.

    >>> rfc3339(1_000_000_001)
    '1970-01-01T00:00:01.000000001Z'
    """
    seconds, nanoseconds = divmod(unix_ns_value, 1_000_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{nanoseconds:09d}Z"


def unix_ns(text: str) -> int:
    """Nanoseconds since 1970 of an RFC 3339 instant in UTC.

    >>> unix_ns('1970-01-01T00:00:01.000000001Z')
    1000000001
    """
    whole, _, fraction = text.removesuffix("Z").partition(".")
    return _unix_s(whole) * 1_000_000_000 + int(fraction.ljust(9, "0")[:9] or 0)


@lru_cache(maxsize=1024)
def _unix_s(whole: str) -> int:
    return int(datetime.fromisoformat(whole + "+00:00").timestamp())


def _since_start_ns(event: Event) -> int:
    return round(event_instant_s(event) * 1e9)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    return value
