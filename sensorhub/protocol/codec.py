"""Numbers of a frame: its header fields one by one, its samples as whole arrays."""

import struct
from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from sensorhub.model.samples import FloatArray
from sensorhub.model.units import GRAVITY_MPS2, RAD_PER_DEG
from sensorhub.protocol.profile import FieldSpec, Number, Samples, VectorSpec

STRUCT_CODES = {
    "u8": "B", "i8": "b", "u16": "H", "i16": "h", "i24": "3s", "u32": "I",
    "i32": "i", "u64": "Q", "i64": "q", "f32": "f", "f64": "d",
}  # fmt: skip
"""Kinds of numbers in the letters of `struct`, which numpy knows too, save for i24."""
SI = {"m/s2": 1.0, "g": GRAVITY_MPS2, "mg": GRAVITY_MPS2 / 1000.0, "rad/s": 1.0, "deg/s": RAD_PER_DEG}


def number_bytes(kind: str) -> int:
    """Count the bytes of a number kind.

    >>> number_bytes("i24")
    3
    """
    return struct.calcsize("<" + STRUCT_CODES[kind])


class HeaderCodec:
    """The header fields of one message, unpacked in one go. All numbers are little-endian."""

    def __init__(self, fields: Mapping[str, FieldSpec]) -> None:
        self._fields = sorted(fields.items(), key=lambda item: item[1].offset)
        layout, place = "<", 0
        for _, field in self._fields:
            layout += f"{field.offset - place}x{STRUCT_CODES[field.type]}"
            place = field.offset + number_bytes(field.type)
        self._struct = struct.Struct(layout)
        self._names = [name for name, _ in self._fields]
        self._converted = [
            (name, field)
            for name, field in self._fields
            if field.type == "i24" or field.scale != 1 or field.q_bits != 0
        ]

    def decode(self, payload: bytes) -> dict[str, Number] | None:
        """Give every field's value, or None where the payload is too short."""
        if len(payload) < self._struct.size:
            return None
        values = dict(zip(self._names, self._struct.unpack_from(payload), strict=True))
        for name, field in self._converted:
            values[name] = _value(field, values[name])
        return values


def _value(field: FieldSpec, raw: Number | bytes) -> Number:
    number: Number = int.from_bytes(raw, "little", signed=True) if isinstance(raw, bytes) else raw
    if field.scale == 1 and field.q_bits == 0:
        return number
    return number * field.scale / (1 << field.q_bits)


class Vectors(msgspec.Struct, frozen=True):
    """The samples of one frame in SI units, shape (n, 3) each; None where the frame does not carry it."""

    count: int
    acc_mps2: FloatArray | None
    gyr_radps: FloatArray | None

    def are_finite(self) -> bool:
        """Tell whether every number is one."""
        return all(bool(np.isfinite(one).all()) for one in (self.acc_mps2, self.gyr_radps) if one is not None)

    def joined(self, later: "Vectors") -> "Vectors":
        """Give these samples and later ones of the same kind."""
        return Vectors(
            self.count + later.count, _joined(self.acc_mps2, later.acc_mps2), _joined(self.gyr_radps, later.gyr_radps)
        )


def _joined(first: FloatArray | None, later: FloatArray | None) -> FloatArray | None:
    return None if first is None or later is None else np.concatenate([first, later])


class SampleCodec:
    """The samples of one message, as plain numbers."""

    def __init__(self, samples: Samples, trailer_bytes: int) -> None:
        self._samples = samples
        self._trailer_bytes = trailer_bytes
        self._acc = _Vector(samples.acc, samples) if samples.acc is not None else None
        self._gyr = _Vector(samples.gyr, samples) if samples.gyr is not None else None

    def count(self, payload: bytes, fields: Mapping[str, Number]) -> int | None:
        """Count the samples of a frame, or None where its length cannot be.

        A counted frame has exactly its length; one with a fixed count may be padded at its end (Movella DOT).
        """
        samples = self._samples
        room = len(payload) - samples.offset - self._trailer_bytes
        if isinstance(samples.count, int):
            return samples.count if room >= samples.count * samples.stride else None
        if samples.count == "rest":
            return room // samples.stride if room >= 0 and room % samples.stride == 0 else None
        count = int(fields[samples.count])
        return count if room == count * samples.stride else None

    def decode(self, payload: bytes, count: int, variables: Mapping[str, Number]) -> Vectors | None:
        """Give the samples in SI units, or None while a scale they need has not been read from the sensor."""
        acc = self._acc.decode(payload, count, variables) if self._acc is not None else None
        gyr = self._gyr.decode(payload, count, variables) if self._gyr is not None else None
        if (self._acc is not None and acc is None) or (self._gyr is not None and gyr is None):
            return None
        return Vectors(count, acc, gyr)


class _Vector:
    """One vector of all samples of a frame."""

    def __init__(self, spec: VectorSpec, samples: Samples) -> None:
        self._scale = spec.scale
        self._si = SI[spec.unit] / (1 << spec.q_bits)
        self._offset = samples.offset
        self._interleaved = samples.order == "interleaved"
        self._vector_offset = spec.offset
        self._dtype = np.dtype("<" + STRUCT_CODES[spec.type])
        width = 3 * self._dtype.itemsize
        self._strides = (samples.stride if self._interleaved else width, self._dtype.itemsize)
        self._is_float = spec.type.startswith("f")

    def decode(self, payload: bytes, count: int, variables: Mapping[str, Number]) -> FloatArray | None:
        scale = variables.get(self._scale) if isinstance(self._scale, str) else self._scale
        if scale is None:
            return None
        offset = self._offset + self._vector_offset * (1 if self._interleaved else count)
        stored: NDArray[Any] = np.ndarray((count, 3), self._dtype, payload, offset, self._strides)
        if self._is_float:
            with np.errstate(invalid="ignore"):  # a damaged float may be a signalling NaN; the reader refuses it
                stored = stored.astype(np.float64)
        return stored * float(scale * self._si)
