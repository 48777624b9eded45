"""Damaged packets: what radios, stacks and enemies make of whole ones."""

import binascii
import random
import struct
from collections.abc import Iterator

import numpy as np

from sensorhub.model.frames import LINK, LINK_READY, LINK_UP, RawFrame
from sensorhub.pipeline.decoder import DecodeCounts, SensorDecoder
from sensorhub.protocol.profile import Profile
from tests.support.native_packets import ACC_SCALE, GYR_SCALE

NATIVE_MOTION, NATIVE_HEADER_AND_CRC, NATIVE_SAMPLE_BYTES = 0x11, 18, 12


def mutated(payload: bytes, chance: random.Random) -> bytes:
    """One payload with one to three things wrong; sometimes with a checksum that is right again."""
    out = bytearray(payload)
    for _ in range(chance.randint(1, 3)):
        match chance.randrange(7):
            case 0:
                out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
            case 1:
                del out[chance.randrange(1, len(out) + 1) :]
            case 2:
                out += chance.randbytes(chance.randint(1, 40))
            case 3:
                place = chance.randrange(len(out))
                out[place : place + 4] = struct.pack("<I", chance.choice([0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]))
            case 4:
                out[chance.randrange(len(out))] = chance.randrange(256)
            case 5:
                out = bytearray(chance.randbytes(chance.randint(1, 244)))
            case 6:
                place = chance.randrange(len(out))
                out[place:place] = out[: chance.randint(1, len(out))]
    if chance.random() < 0.1 and len(out) > 2:
        out[-2:] = struct.pack("<H", binascii.crc_hqx(bytes(out[:-2]), 0xFFFF))
    return bytes(out)


def native_is_whole(payload: bytes) -> bool:
    """Whether a native motion packet has its length and checksum, judged without the project's decoder."""
    return (
        len(payload) >= NATIVE_HEADER_AND_CRC
        and payload[0] == NATIVE_MOTION
        and len(payload) == NATIVE_HEADER_AND_CRC + NATIVE_SAMPLE_BYTES * payload[14]
        and binascii.crc_hqx(payload[:-2], 0xFFFF) == int.from_bytes(payload[-2:], "little")
    )


def fuzz(profile: Profile, seeds: list[RawFrame], packets: int, chance: random.Random) -> DecodeCounts:
    """Feed so many mutated packets among whole ones; every sample that comes out must be finite and rightly taken."""
    decoder = SensorDecoder(profile)
    decoder.feed(RawFrame(LINK, 0, LINK_UP))
    decoder.feed(RawFrame(LINK, 0, LINK_READY))
    for number, payload in enumerate(_payloads(seeds, packets, chance)):
        characteristic, damaged = payload
        blocks = decoder.feed(RawFrame(characteristic, number * 20_000_000, damaged)).blocks
        if blocks and profile.name == "sensorhub_native":
            assert native_is_whole(damaged), damaged.hex()
        for block in blocks:
            assert np.isfinite(block.t_s).all()
            assert np.isfinite(block.acc_mps2).all()
            assert np.isfinite(block.gyr_radps).all()
    decoder.finish()
    return decoder.counts


def _payloads(seeds: list[RawFrame], packets: int, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    for _ in range(packets):
        seed = chance.choice(seeds)
        whole = chance.random() < 0.2
        yield seed.characteristic, seed.payload if whole else mutated(seed.payload, chance)


def example_frames(profile: Profile) -> list[RawFrame]:
    """The payloads of a profile's examples, and for the native one a reply that carries scales."""
    frames = [RawFrame(example.characteristic, 0, bytes.fromhex(example.hex)) for example in profile.example]
    if profile.name == "sensorhub_native":
        config = b"\x82\x03\x00" + struct.pack("<Iff", 100_000, ACC_SCALE, GYR_SCALE)
        frames.append(RawFrame("control", 0, config))
    return frames
