"""What a runner is told to do next, as a frame among the sensor's own."""

from sensorhub.model.errors import InputError
from sensorhub.model.exercise import Announcement, Drill
from sensorhub.model.frames import ANNOUNCED, RawFrame
from sensorhub.model.gait import Side


def announcing(now_ns: int, drill: Drill | None, side: Side | None) -> RawFrame:
    """Put an announcement into a frame. now_ns: the hub's monotonic clock."""
    words = [] if drill is None else [drill.value] if side is None else [drill.value, side.value]
    return RawFrame(ANNOUNCED, now_ns, " ".join(words).encode())


def announced_in(frame: RawFrame, origin_ns: int) -> Announcement:
    """Read it again. origin_ns: the monotonic clock at session time 0. Raises InputError.

    >>> announced_in(announcing(3_000_000_000, Drill.BAND_WALK, Side.LEFT), 1_000_000_000)
    Announcement(from_s=2.0, drill=<Drill.BAND_WALK: 'band_walk'>, side=<Side.LEFT: 'left'>)
    """
    from_s = (frame.arrival_ns - origin_ns) * 1e-9
    try:
        words = frame.payload.decode().split()
        drill = Drill(words[0]) if words else None
        side = Side(words[1]) if words[1:] else None
    except ValueError:
        raise InputError(f"announcement {frame.payload!r}: made by another version of sensorhub.") from None
    return Announcement(from_s, drill, side)
