"""What the runner was doing, and what the signal lacked."""

from dataclasses import dataclass
from enum import StrEnum


class Activity(StrEnum):
    """What a span of a session was."""

    RUN = "run"
    WALK = "walk"
    STAND = "stand"
    BAND_WALK = "band_walk"
    SIDE_PLANK = "side_plank"
    STANDING_CLAMSHELL = "standing_clamshell"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Gap:
    """Samples that never came, from the last sample before to the first one after."""

    start_s: float
    end_s: float
    samples: int


@dataclass(frozen=True, slots=True)
class ActivitySpan:
    """One activity from start to end."""

    activity: Activity
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class SensorStatus:
    """How one sensor and the way from it to the hub fare, a few times a minute.

    `rate_hz` is the rate that was asked for, or that the sensor says it has; `loss_share` is of the samples due since
    the last status, `latency_s` the longest since then from a notification's arrival until what it tells of was kept,
    `outbox_depth` the records of this hub that are not yet known to be stored. Unknown is None.
    """

    t_s: float
    connected: bool
    battery_percent: float | None
    rssi_dbm: float | None
    rate_hz: float | None
    loss_share: float | None
    latency_s: float | None
    outbox_depth: int | None


class Part(StrEnum):
    """What must be there for a live view: each can go and come back while the rest works on."""

    SENSOR = "sensor"
    BROKER = "broker"
    STORE = "store"


class Health(StrEnum):
    """How a part fares."""

    OK = "ok"
    WAITING = "waiting"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """How a part fares now, told when it changes; `detail` is one line for people (what, and what to do)."""

    part: Part
    health: Health
    detail: str
