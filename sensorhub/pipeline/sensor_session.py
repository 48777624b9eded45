"""One sensor's session: raw frames in, events out. The same object runs live and in replay."""

from sensorhub.model.events import Event
from sensorhub.model.frames import RawFrame
from sensorhub.pipeline.chain import Chain
from sensorhub.pipeline.decoder import SensorDecoder


class SensorSession:
    """Decoder and chain in a row; a pure function of the frames in their order."""

    def __init__(self, decoder: SensorDecoder, chain: Chain) -> None:
        self.decoder = decoder
        self._chain = chain
        self.battery_percent: float | None = None

    def feed(self, frame: RawFrame) -> list[Event]:
        """Take one frame; give what it settled."""
        decoded = self.decoder.feed(frame)
        if decoded.battery_percent is not None:
            self.battery_percent = decoded.battery_percent
        return [event for block in decoded.blocks for event in self._chain.feed(block)]

    def finish(self) -> list[Event]:
        """Give what the end of the session settles."""
        held = [event for block in self.decoder.finish().blocks for event in self._chain.feed(block)]
        return [*held, *self._chain.finish()]
