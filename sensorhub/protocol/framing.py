"""Payloads of a characteristic to frames: one each, several of a fixed size, or two joined."""

import re
from collections.abc import Mapping
from typing import Protocol

from sensorhub.protocol.commands import BytePattern, parse_pattern
from sensorhub.protocol.profile import Channel, Number


class Framer(Protocol):
    """Takes payloads in order, gives whole frames; `broken` counts what fitted nowhere."""

    broken: int

    def feed(self, payload: bytes) -> list[bytes]:
        """Give the frames that this payload completes."""
        ...

    def reset(self) -> None:
        """Forget what was not complete: the link was lost."""
        ...


def framer_for(channel: Channel | None, variables: Mapping[str, Number]) -> Framer:
    """Build the framer of a channel; without one, each payload is a frame."""
    if channel is None or channel.framing == "notification":
        return WholeFramer()
    if channel.framing == "fixed":
        assert channel.frame_bytes is not None  # noqa: S101 - parse_profile has seen to it
        return FixedFramer(channel.frame_bytes, [parse_pattern(header) for header in channel.headers])
    assert channel.first is not None  # noqa: S101 - parse_profile has seen to it
    assert channel.continuation is not None  # noqa: S101
    whole = variables.get(channel.whole_bytes) if isinstance(channel.whole_bytes, str) else channel.whole_bytes
    return JoinedFramer(parse_pattern(channel.first), parse_pattern(channel.continuation), channel.skip, whole)


class WholeFramer:
    """Each payload is one frame."""

    def __init__(self) -> None:
        self.broken = 0

    def feed(self, payload: bytes) -> list[bytes]:
        """Give the payload."""
        return [payload]

    def reset(self) -> None:
        """Nothing is kept."""


class FixedFramer:
    """Frames of one size one after the other, cut anywhere; found again by their headers after rubbish."""

    def __init__(self, frame_bytes: int, headers: list[BytePattern]) -> None:
        self.broken = 0
        self._size = frame_bytes
        self._header = re.compile(b"|".join(header.expression() for header in headers), re.DOTALL)
        self._header_bytes = max(len(header.mask) for header in headers)
        self._kept = bytearray()
        self._lost_sync = False

    def feed(self, payload: bytes) -> list[bytes]:
        """Give every frame that is now whole."""
        self._kept += payload
        frames, place = [], 0
        while (found := self._header.search(self._kept, place)) is not None:
            if found.start() > place:
                self._note_rubbish()
            place = found.start()
            if len(self._kept) - place < self._size:
                break
            frames.append(bytes(self._kept[place : place + self._size]))
            self._lost_sync = False
            place += self._size
        else:
            place = self._after_rubbish(place)
        del self._kept[:place]
        return frames

    def _after_rubbish(self, place: int) -> int:
        """Pass over what holds no header; its last bytes may be the beginning of one."""
        keep = max(place, len(self._kept) - self._header_bytes + 1)
        if keep > place:
            self._note_rubbish()
        return keep

    def _note_rubbish(self) -> None:
        """Count a stretch of rubbish once, however it was cut."""
        self.broken += not self._lost_sync
        self._lost_sync = True

    def reset(self) -> None:
        """Drop a frame begun."""
        self._kept.clear()
        self._lost_sync = False


class JoinedFramer:
    """A first part waits for its continuation, unless it has the size of a whole frame.

    One that does not continue is given when the next payload shows it; what it lacks then shows in its length.
    """

    def __init__(
        self, first: BytePattern, continuation: BytePattern, skip: int, whole_bytes: Number | None = None
    ) -> None:
        self.broken = 0
        self._first = first
        self._continuation = continuation
        self._skip = skip
        self._whole_bytes = whole_bytes
        self._begun: bytes | None = None

    def feed(self, payload: bytes) -> list[bytes]:
        """Give the frame that this payload ends, if any."""
        if self._continuation.fits(payload):
            if self._begun is None:
                self.broken += 1
                return []
            whole, self._begun = self._begun + payload[self._skip :], None
            return [whole]
        done = [] if self._begun is None else [self._begun]
        waits = self._first.fits(payload) and len(payload) != self._whole_bytes
        self._begun = payload if waits else None
        return done if waits else [*done, payload]

    def reset(self) -> None:
        """Drop a part begun."""
        self._begun = None
