"""Who, where and when: what the hub adds to each event to make a record that stands alone."""

from dataclasses import dataclass

from sensorhub.model.events import Event


@dataclass(frozen=True, slots=True)
class Session:
    """One runner with one sensor, from clip on to clip off. `start_unix_ns` is the wall clock at session time 0."""

    hub: str
    sensor: str
    runner: str
    session: str
    start_unix_ns: int | None


@dataclass(frozen=True, slots=True)
class Record:
    """An event with its place: `seq` counts the hub's records and is never used twice for different strides."""

    session: Session
    seq: int
    event: Event
