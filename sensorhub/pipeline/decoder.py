"""One sensor's frames to samples in session time: reading, loss accounting and clock in a row; pure."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sensorhub.dsp.clock import CounterClock, DeviceClock, FrameTime
from sensorhub.model.errors import UsageError
from sensorhub.model.frames import LINK, LINK_READY, LINK_UP, RawFrame
from sensorhub.model.samples import FloatArray, SampleBlock
from sensorhub.protocol.codec import Vectors
from sensorhub.protocol.commands import Variables, resolve_settings
from sensorhub.protocol.decoder import FrameReader, Reading
from sensorhub.protocol.loss import LossCounter, Verdict
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


@dataclass(frozen=True, slots=True)
class Decoded:
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
        self._origin_ns = origin_ns
        self._variables = resolve_settings(profile, settings or {})
        self._reader = FrameReader(profile, self._variables)
        motions = [message for message in profile.message if message.samples is not None]
        self._streams = {message.name: _Stream(message, self._reader.variables) for message in motions}
        self._frames = self._connections = self._reboots = 0
        self._epoch: Number | None = None

    @property
    def rate_hz(self) -> float:
        """The rate that was asked for, or that the sensor says it really has."""
        variables = self._reader.variables
        if "odr_mhz" in variables:
            return variables["odr_mhz"] / 1000.0
        return float(variables["rate_hz"])

    @property
    def counts(self) -> DecodeCounts:
        """What has happened so far."""
        streams = list(self._streams.values())
        return DecodeCounts(
            frames=self._frames,
            samples=sum(stream.samples for stream in streams),
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
        for reading in readings:
            battery = reading.battery_percent if reading.battery_percent is not None else battery
            blocks.extend(self._take(reading))
        return Decoded(tuple(blocks), battery) if blocks or battery is not None else _NOTHING

    def finish(self) -> Decoded:
        """Give the samples still held at the end of the session."""
        return Decoded(tuple(block for stream in self._streams.values() for block in stream.flush()))

    def _link(self, frame: RawFrame) -> Decoded:
        if frame.payload == LINK_UP:
            self._connections += 1
        return Decoded(
            tuple(block for stream in self._streams.values() for block in stream.link_changed(frame.payload))
        )

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
        return stream_of.feed(reading, reading.vectors, (reading.arrival_ns - self._origin_ns) * 1e-9)

    def _note_epoch(self, epoch: Number) -> None:
        if self._epoch is not None and epoch != self._epoch:
            self._reboots += 1
            for stream in self._streams.values():
                stream.rebooted()
        self._epoch = epoch


class _Stream:
    """The samples of one message: loss, clock, blocks."""

    def __init__(self, message: Message, variables: Mapping[str, Number]) -> None:
        assert message.samples is not None  # noqa: S101 - chosen so by SensorDecoder
        assert message.time is not None  # noqa: S101 - parse_profile has seen to it
        if message.samples.acc is None or message.samples.gyr is None:
            raise UsageError(f"message {message.name}: acc without gyr (or the reverse) cannot be measured with")
        self._time = message.time
        self._loss_rule = message.loss
        rate_hz = float(variables["rate_hz"])
        self._rate_hz = rate_hz
        self._loss = LossCounter(message.loss, rate_hz) if message.loss is not None else None
        counted = message.time.stamp == "none"
        self._counter = CounterClock(rate_hz) if counted else None
        self._device = None if counted else DeviceClock(message.time.tick_s or 1.0, message.time.wrap_bits)
        self._held: deque[Vectors] = deque()
        self._index: int | None = None
        self._open = True
        self.samples = self.duplicate = self.implausible = self.packets_lost = self.samples_lost = 0

    def feed(self, reading: Reading, vectors: Vectors, arrival_s: float) -> list[SampleBlock]:
        """Place one frame in time, unless its counters say that it came twice."""
        verdict = self._judge(reading, vectors)
        if not verdict.fresh or not self._open:
            return []
        self.samples += vectors.count
        if self._counter is not None:
            self._held.append(vectors)
            return self._release(self._counter.feed(vectors.count, arrival_s))
        return [self._stamp(reading, vectors, verdict, arrival_s)]

    def _judge(self, reading: Reading, vectors: Vectors) -> Verdict:
        if self._loss is None:
            return Verdict(fresh=True)
        verdict = self._loss.check(reading.fields, vectors.count, reading.arrival_ns)
        self.packets_lost += verdict.packets_lost
        self.samples_lost += verdict.samples_lost
        if not verdict.fresh:
            self.implausible += verdict.implausible
            self.duplicate += not verdict.implausible
            if verdict.restarted:
                self.rebooted()
        return verdict

    def _stamp(self, reading: Reading, vectors: Vectors, verdict: Verdict, arrival_s: float) -> SampleBlock:
        assert self._device is not None  # noqa: S101 - feed has chosen
        time, fields = self._time, reading.fields
        tick_s = time.tick_s or 1.0
        step_s = 1.0 / self._rate_hz
        if time.step_field is not None and fields[time.step_field]:
            step_s = float(fields[time.step_field]) * tick_s
        elapsed = None
        if verdict.index is not None and self._index is not None:
            elapsed = round((verdict.index - self._index) * step_s / tick_s)
        self._index = verdict.index
        last = vectors.count - 1
        stamped = last if time.stamp == "last" else 0
        ticks = int(fields[time.field]) if time.field is not None else 0
        t_stamped_s = self._device.stamp(ticks, elapsed, arrival_s, (last - stamped) * step_s)
        return _block(FrameTime(t_stamped_s - stamped * step_s, step_s), vectors)

    def _release(self, times: list[FrameTime]) -> list[SampleBlock]:
        blocks = []
        for time in times:
            self.samples_lost += round(time.lost_s * self._rate_hz)
            blocks.append(_block(time, self._held.popleft()))
        return blocks

    def flush(self) -> list[SampleBlock]:
        return [] if self._counter is None else self._release(self._counter.flush())

    def link_changed(self, mark: bytes) -> list[SampleBlock]:
        """Place counted samples anew; those sent before the set-up was done have another rate and are left out."""
        if self._counter is None:
            return []
        self._open = mark == LINK_READY
        return self._release(self._counter.restart())

    def restart_index(self) -> None:
        """Count samples from 0 again; the sensor's clock runs on."""
        self._index = None
        if self._loss is not None:
            self._loss.restart()

    def rebooted(self) -> None:
        """Begin anew with the sensor's clock and counters."""
        self.restart_index()
        if self._device is not None:
            self._device.restart()


def _block(time: FrameTime, vectors: Vectors) -> SampleBlock:
    """Put times on vectors."""
    assert vectors.acc_mps2 is not None  # noqa: S101 - _Stream has seen to it
    assert vectors.gyr_radps is not None  # noqa: S101
    t_s: FloatArray = time.t_first_s + np.arange(vectors.count, dtype=np.float64) * time.step_s
    return SampleBlock(t_s, vectors.acc_mps2, vectors.gyr_radps)
