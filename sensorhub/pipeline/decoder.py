"""One sensor's frames to samples in session time: reading, loss accounting and clock in a row; pure."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from sensorhub.dsp.clock import DeviceClock
from sensorhub.model.errors import UsageError
from sensorhub.model.frames import LINK, LINK_UP, RawFrame
from sensorhub.model.samples import SampleBlock
from sensorhub.pipeline.sample_stream import SampleStream, TimedVectors, true_rate_hz
from sensorhub.pipeline.time_pairing import TimePairing
from sensorhub.protocol.commands import Variables, resolve_settings
from sensorhub.protocol.decoder import FrameReader, Reading
from sensorhub.protocol.profile import Message, Number, Profile


@dataclass(frozen=True, slots=True)
class DecodeCounts:
    """What has happened to a sensor's frames so far. lost: by the sensor's counters, or judged from arrival times."""

    frames: int
    samples: int
    broken: int
    unknown: int
    duplicate: int
    implausible: int
    packets_lost: int
    samples_lost: int
    reboots: int
    connections: int


class Decoded(msgspec.Struct, frozen=True):
    """What one frame gave: blocks in session time (none while it is not certain), and the battery where it says."""

    blocks: tuple[SampleBlock, ...] = ()
    battery_percent: float | None = None


_NOTHING = Decoded()


class SensorDecoder:
    """Decodes one sensor for one session: a pure function of its frames in order, so a replay gives the same bits.

    settings: what was chosen of the profile's settings. origin_ns: the monotonic clock at session time 0.
    Raises UsageError for a setting or a codec that cannot be.
    """

    def __init__(self, profile: Profile, settings: Variables | None = None, origin_ns: int = 0) -> None:
        self.origin_ns = origin_ns
        self._variables = resolve_settings(profile, settings or {})
        self._reader = FrameReader(profile, self._variables)
        motions = [message for message in profile.message if message.samples is not None]
        self._pairing = TimePairing(true_rate_hz(self._variables)) if profile.pairing == "time" else None
        self._streams = _streams(profile, motions, self._reader.variables)
        self._frames = self._connections = self._reboots = 0
        self._epoch: Number | None = None

    @property
    def rate_hz(self) -> float:
        """The rate that was asked for, or that the sensor says it really has."""
        return true_rate_hz(self._reader.variables)

    @property
    def counts(self) -> DecodeCounts:
        """What has happened so far."""
        streams = list(self._streams.values())
        return DecodeCounts(
            frames=self._frames,
            samples=sum(stream.samples for stream in streams if stream.has_acc),
            broken=self._reader.broken,
            unknown=self._reader.unknown + self._reader.early,
            duplicate=sum(stream.duplicate for stream in streams),
            implausible=sum(stream.implausible for stream in streams),
            packets_lost=sum(stream.packets_lost for stream in streams),
            samples_lost=sum(stream.samples_lost for stream in streams),
            reboots=self._reboots,
            connections=self._connections,
        )

    def feed(self, frame: RawFrame) -> Decoded:
        """Decode one frame."""
        self._frames += 1
        readings = self._reader.feed(frame)
        if frame.characteristic == LINK:
            return self._link(frame)
        blocks: list[SampleBlock] = []
        battery: float | None = None
        for reading in _whole(readings):
            battery = reading.battery_percent if reading.battery_percent is not None else battery
            blocks.extend(self._take(reading))
        return Decoded(tuple(blocks), battery) if blocks or battery is not None else _NOTHING

    def finish(self) -> Decoded:
        """Give the samples still held at the end of the session."""
        return Decoded(tuple(self._blocks([one for stream in self._streams.values() for one in stream.flush()])))

    def _link(self, frame: RawFrame) -> Decoded:
        if frame.payload == LINK_UP:
            self._connections += 1
        timed = [one for stream in self._streams.values() for one in stream.link_changed(frame.payload)]
        return Decoded(tuple(self._blocks(timed)))

    def _blocks(self, timed: list[TimedVectors]) -> list[SampleBlock]:
        if self._pairing is not None:
            return [block for one in timed for block in self._pairing.feed(one)]
        return [
            SampleBlock(one.t_s, one.acc_mps2, one.gyr_radps)
            for one in timed
            if one.acc_mps2 is not None and one.gyr_radps is not None
        ]

    def _take(self, reading: Reading) -> list[SampleBlock]:
        message = reading.message
        if message.epoch is not None:
            self._note_epoch(reading.fields[message.epoch])
        if message.restarts_index:
            for stream in self._streams.values():
                stream.restart_index()
        stream_of = self._streams.get(message.name)
        if stream_of is None or reading.vectors is None:
            return []
        arrival_s = (reading.arrival_ns - self.origin_ns) * 1e-9
        return self._blocks(stream_of.feed(reading, reading.vectors, arrival_s))

    def _note_epoch(self, epoch: Number) -> None:
        if self._epoch is not None and epoch != self._epoch:
            self._reboots += 1
            for stream in self._streams.values():
                stream.rebooted()
        self._epoch = epoch


def _streams(profile: Profile, motions: list[Message], variables: Mapping[str, Number]) -> dict[str, SampleStream]:
    """Build a stream for each message with samples; where streams are paired, they share the sensor's clock."""
    streams: dict[str, SampleStream] = {}
    shared: DeviceClock | None = None
    for message in motions:
        samples, time = message.samples, message.time
        assert samples is not None  # noqa: S101 - parse_profile has seen to both
        assert time is not None  # noqa: S101
        if profile.pairing == "none" and (samples.acc is None or samples.gyr is None):
            raise UsageError(f"{profile.name}: message {message.name}: acc without gyr needs pairing = 'time'")
        clock = None if time.stamp == "none" else DeviceClock(time.tick_s or 1.0, time.wrap_bits)
        if profile.pairing == "time":
            shared = shared or clock
            clock = shared if clock is not None else None
        streams[message.name] = SampleStream(message, variables, clock)
    return streams


def _whole(readings: list[Reading]) -> list[Reading]:
    """Join the samples that several frames of one notification carry, where nothing tells the frames apart."""
    joined: list[Reading] = []
    for reading in readings:
        before = joined[-1] if joined else None
        if before is None or before.message is not reading.message or reading.fields or reading.vectors is None:
            joined.append(reading)
        elif before.vectors is not None:
            joined[-1] = msgspec.structs.replace(before, vectors=before.vectors.joined(reading.vectors))
    return joined
