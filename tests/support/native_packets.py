"""Native packets as bytes, for tests of the decoder: what a sensor would send, with whatever is wrong with it."""

import binascii
import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sensorhub.model.frames import LINK, LINK_READY, LINK_UP, RawFrame

ACC_SCALE, GYR_SCALE = 0.0047856452, 0.0012217305


@dataclass
class NativeSensor:
    """A sensor with its own clock, which starts at `boot_us`. Packets arrive `delay_s` after their last sample."""

    rate_hz: float = 100.0
    samples: int = 5
    boot_us: int = 0
    epoch_id: int = 7
    drift_ppm: float = 0.0
    index: int = 0
    seq: int = 0
    started_s: float = 0.0
    lies_still: bool = False

    def hello(self, at_s: float) -> RawFrame:
        reply = b"\x81\x02\x00" + struct.pack("<HIB", self.epoch_id, self._us(at_s) & 0xFFFFFFFF, 1)
        return frame("control", at_s, reply)

    def config(self, at_s: float) -> RawFrame:
        reply = b"\x82\x03\x00" + struct.pack("<Iff", round(self.rate_hz * 1000), ACC_SCALE, GYR_SCALE)
        return frame("control", at_s, reply)

    def start(self, at_s: float) -> RawFrame:
        self.index, self.started_s = 0, at_s
        reply = b"\x83\x04\x00" + struct.pack("<HII", self.epoch_id, self._us(at_s) & 0xFFFFFFFF, 0)
        return frame("control", at_s, reply)

    def connect(self, at_s: float) -> list[RawFrame]:
        """The frames of a whole set-up."""
        return [
            frame(LINK, at_s, LINK_UP),
            self.hello(at_s),
            self.config(at_s),
            self.start(at_s),
            frame(LINK, at_s, LINK_READY),
        ]

    def packet(self, delay_s: float = 0.002, codes: NDArray[np.int16] | None = None) -> RawFrame:
        """The next packet. Without codes, x rate is the sample's index, or nothing where it lies still."""
        first_s = self.started_s + self.index / self.rate_hz
        spacing_us = round(1e6 / self.rate_hz * (1 + self.drift_ppm * 1e-6))
        if codes is None:
            codes = self._numbered()
        head = struct.pack(
            "<BBHIIHBB", 0x11, 0, self.seq & 0xFFFF, self.index & 0xFFFFFFFF, self._us(first_s) & 0xFFFFFFFF,
            spacing_us if self.samples > 1 else 0, self.samples, 87,
        )  # fmt: skip
        self.index += self.samples
        self.seq += 1
        last_s = first_s + (self.samples - 1) / self.rate_hz
        return frame("data", last_s + delay_s, with_crc(head + codes.tobytes()))

    def _numbered(self) -> NDArray[np.int16]:
        codes = np.zeros((self.samples, 6), dtype="<i2")
        codes[:, 2] = 2049
        if not self.lies_still:
            codes[:, 3] = np.arange(self.index, self.index + self.samples) % 30000
        return codes

    def _us(self, at_s: float) -> int:
        return self.boot_us + round(at_s * 1e6 * (1 + self.drift_ppm * 1e-6))


def with_crc(body: bytes) -> bytes:
    return body + struct.pack("<H", binascii.crc_hqx(body, 0xFFFF))


def frame(characteristic: str, at_s: float, payload: bytes) -> RawFrame:
    return RawFrame(characteristic, round(at_s * 1e9), payload)
