"""One sensor's session: raw frames in, events out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sensorhub.dsp.limits import within
from sensorhub.model.events import Event
from sensorhub.model.frames import ANNOUNCED, LINK, RawFrame
from sensorhub.model.samples import SampleBlock
from sensorhub.pipeline.announcements import announced_in
from sensorhub.pipeline.decoder import SensorDecoder

if TYPE_CHECKING:  # whoever builds a session loads the analysis, which takes a second or two
    from sensorhub.pipeline.chain import Chain

MOVES_RADPS: Final = 0.15
"""Nobody who wears a clip stays below 9 deg/s for long; a clip that lies on a charger has its bias, up to 5 deg/s."""


class SensorSession:
    """Decoder and chain in a row; a pure function of the frames in their order.

    battery_percent: as last said, or None. still_ns: how long the sensor has lain still by now, as far as it was heard.
    """

    def __init__(self, decoder: SensorDecoder, chain: "Chain") -> None:
        self.decoder = decoder
        self._chain = chain
        self._heard_ns: int | None = None
        self.battery_percent: float | None = None
        self.still_ns = 0

    def feed(self, frame: RawFrame) -> list[Event]:
        """Take one frame; give what it settled."""
        if frame.characteristic == ANNOUNCED:
            self._chain.announce(announced_in(frame, self.decoder.origin_ns))
            return []
        decoded = self.decoder.feed(frame)
        if decoded.battery_percent is not None:
            self.battery_percent = decoded.battery_percent
        self._watch_stillness(frame, decoded.blocks)
        return [event for block in decoded.blocks for event in self._chain.feed(block)]

    def moves(self, frame: RawFrame) -> bool:
        """Whether the sensor moves in this frame; for a session that has ended, and measures no more."""
        return any(map(_moves, self.decoder.feed(frame).blocks))

    def finish(self) -> list[Event]:
        """Give what the end of the session settles."""
        held = [event for block in self.decoder.finish().blocks for event in self._chain.feed(block)]
        return [*held, *self._chain.finish()]

    def _watch_stillness(self, frame: RawFrame, blocks: Sequence[SampleBlock]) -> None:
        if any(map(_moves, blocks)):
            self.still_ns = 0
        elif blocks and self._heard_ns is not None:
            self.still_ns += frame.arrival_ns - self._heard_ns
        if frame.characteristic == LINK:
            self._heard_ns = None
        elif blocks:
            self._heard_ns = frame.arrival_ns


def _moves(block: SampleBlock) -> bool:
    return not within(block.gyr_radps, MOVES_RADPS)
