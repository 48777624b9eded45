"""Frames of a connection to readings: framed, recognised, checked and in SI units. Time is put on them elsewhere."""

import binascii
import math
from collections.abc import Mapping

import msgspec

from sensorhub.model.frames import LINK, RawFrame
from sensorhub.protocol.codec import HeaderCodec, SampleCodec, Vectors
from sensorhub.protocol.commands import BytePattern, holds, parse_pattern
from sensorhub.protocol.framing import Framer, framer_for
from sensorhub.protocol.polar_delta import PolarDeltaCodec
from sensorhub.protocol.profile import BatteryRule, Message, Number, Profile, Samples

_CRC_BYTES = 2


class Reading(msgspec.Struct, frozen=True):
    """One recognised frame.

    fields: its header. vectors: its samples, or None. battery_percent: None where it does not say.
    """

    message: Message
    arrival_ns: int
    fields: Mapping[str, Number]
    vectors: Vectors | None
    battery_percent: float | None


class FrameReader:
    """Reads the frames of one sensor. `variables` holds what settings and the sensor have said so far.

    broken: frames whose checksum or length is wrong. unknown: frames that no message describes. early: samples that
    came before the scale they need.
    """

    def __init__(self, profile: Profile, variables: Mapping[str, Number]) -> None:
        self.variables: dict[str, Number] = dict(variables)
        self.unknown = 0
        self.early = 0
        self._broken = 0
        channels = {channel.characteristic: channel for channel in profile.channel}
        self._framers: dict[str, Framer] = {
            name: framer_for(channels.get(name), variables) for name in profile.characteristics
        }
        self._messages = [_MessageReader(message) for message in profile.message]

    @property
    def broken(self) -> int:
        """Count the frames and scraps that could not be read."""
        return self._broken + sum(framer.broken for framer in self._framers.values())

    def feed(self, frame: RawFrame) -> list[Reading]:
        """Read one payload. A link mark clears what was begun."""
        if frame.characteristic == LINK:
            for framer in self._framers.values():
                framer.reset()
            return []
        framer_of = self._framers.get(frame.characteristic)
        if framer_of is None:
            self.unknown += 1
            return []
        readings = []
        for payload in framer_of.feed(frame.payload):
            reading = self._read(frame.characteristic, payload, frame.arrival_ns)
            if reading is not None:
                readings.append(reading)
        return readings

    def _read(self, characteristic: str, payload: bytes, arrival_ns: int) -> Reading | None:
        for reader in self._messages:
            if reader.fits(characteristic, payload, self.variables):
                break
        else:
            self.unknown += 1
            return None
        fields = reader.header(payload)
        count = None if fields is None else reader.sample_count(payload, fields)
        if fields is None or count is None or not all(map(math.isfinite, fields.values())):
            self._broken += 1
            return None
        for name in reader.message.capture:
            self.variables[name] = fields[name]
        vectors = reader.samples(payload, count, self.variables)
        if count and vectors is None:
            self.early += 1
            return None
        if vectors is not None and reader.has_floats and not vectors.are_finite():
            self._broken += 1
            return None
        return Reading(reader.message, arrival_ns, fields, vectors, _battery(reader.message.battery, fields))


def _codec(samples: Samples, trailer_bytes: int) -> SampleCodec | PolarDeltaCodec:
    return PolarDeltaCodec(samples) if samples.codec == "polar_pmd_delta" else SampleCodec(samples, trailer_bytes)


class _MessageReader:
    """One message, ready to read."""

    def __init__(self, message: Message) -> None:
        self.message = message
        samples = message.samples
        vectors = () if samples is None else (samples.acc, samples.gyr)
        self.has_floats = any(vector is not None and vector.type.startswith("f") for vector in vectors)
        self._pattern: BytePattern = parse_pattern(message.match)
        self._header = HeaderCodec(message.fields)
        self._trailer_bytes = _CRC_BYTES if message.checksum == "crc16_ccitt_false" else 0
        self._codec = None if message.samples is None else _codec(message.samples, self._trailer_bytes)

    def fits(self, characteristic: str, payload: bytes, variables: Mapping[str, Number]) -> bool:
        message = self.message
        return (
            message.characteristic == characteristic
            and self._pattern.fits(payload)
            and (not message.when or holds(message.when, variables))
        )

    def header(self, payload: bytes) -> dict[str, Number] | None:
        """Give the fields, or None where length or checksum is wrong."""
        if not self.message.min_bytes <= len(payload) <= self.message.max_bytes:
            return None
        if self._trailer_bytes:
            crc = int.from_bytes(payload[-_CRC_BYTES:], "little")
            if binascii.crc_hqx(payload[:-_CRC_BYTES], 0xFFFF) != crc:
                return None
        return self._header.decode(payload)

    def sample_count(self, payload: bytes, fields: Mapping[str, Number]) -> int | None:
        return 0 if self._codec is None else self._codec.count(payload, fields)

    def samples(self, payload: bytes, count: int, variables: Mapping[str, Number]) -> Vectors | None:
        if self._codec is None or count == 0:
            return None
        return self._codec.decode(payload, count, variables)


def _battery(rule: BatteryRule | None, fields: Mapping[str, Number]) -> float | None:
    if rule is None or fields[rule.field] == rule.unknown:
        return None
    stored = fields[rule.field]
    if not rule.ladder:
        return float(stored)
    return float(next((percent for at_least, percent in rule.ladder if stored >= at_least), 0))
