"""The ports: what the hub needs from the world, in the hub's words. Adapters have these shapes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from sensorhub.model.session import Record


@dataclass(frozen=True, slots=True)
class RawFrame:
    """One notification as it came: from which characteristic, when by the monotonic clock, and its bytes."""

    characteristic: str
    arrival_ns: int
    payload: bytes


class FrameSource(Protocol):
    """A sensor, real or replayed: frames in the order they came, until it ends. It reconnects by itself."""

    def frames(self) -> AsyncIterator[RawFrame]:
        """Yield frames as they arrive."""
        ...


class RecordSink(Protocol):
    """Takes records. It returns when the record is safe, by its own promise."""

    def put(self, record: Record) -> None:
        """Take one record."""
        ...
