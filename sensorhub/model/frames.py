"""What a sensor's link says, as it came: notifications, values read, the link's comings and goings, announcements."""

from dataclasses import dataclass
from enum import StrEnum

LINK = "link"
"""The pseudo characteristic of link marks: frames, so that a recording alone tells a replay of every reconnect."""

LINK_UP = b"up"
"""Payload of the mark before the first frame of a connection."""

LINK_READY = b"ready"
"""Payload of the mark after the set-up: from here on the samples are as they were asked for."""

LINK_DOWN = b"down"
"""Payload of the mark after the last frame of a connection."""


ANNOUNCED = "announced"
"""The pseudo characteristic of what the runner is told to do next: a recording holds it, a replay hears it again."""


@dataclass(frozen=True, slots=True)
class RawFrame:
    """One notification, one value read, or a link mark, as it came.

    characteristic: the profile's name for it ("data", "info"), `LINK` or `ANNOUNCED`. arrival_ns: the hub's monotonic
    clock, ns.
    """

    characteristic: str
    arrival_ns: int
    payload: bytes


class LinkState(StrEnum):
    """Where a sensor's link stands."""

    SEARCHING = "searching"
    CONNECTING = "connecting"
    STREAMING = "streaming"
    STALE = "stale"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class LinkReport:
    """A change of a sensor's link, for people and health; it never reaches the decoder.

    detail: one line for a person, or None.
    """

    state: LinkState
    arrival_ns: int
    detail: str | None
    rssi_dbm: float | None = None
