"""Days of one clip, in simulated time: worn and lying still, in reach and out of it, running, walking and drilling."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sensorhub.model.frames import LINK, LINK_DOWN, LinkReport, LinkState, RawFrame
from sensorhub.synthetic.band_walk import BandWalkParams, synthesise_band_walk
from sensorhub.synthetic.negatives import NegativeParams, Scene, synthesise_negative
from sensorhub.synthetic.runner import synthesise_run
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams
from sensorhub.synthetic.sensor import SensorParams
from sensorhub.synthetic.side_plank import SidePlankParams, synthesise_side_plank
from sensorhub.synthetic.standing_clamshell import ClamshellParams, synthesise_clamshell
from sensorhub.synthetic.truth import SyntheticRecording
from tests.support.native_packets import ACC_SCALE, GYR_SCALE, NativeSensor, frame

HOUR_S: Final = 3600.0
RATE_HZ: Final = 100.0
PACKET: Final = 18
LOST_SHARE: Final = 0.01
RECONNECTS_EVERY_S: Final = 1800.0
SENSOR = SensorParams(rate_hz=RATE_HZ, mount=(0.5, 0.5, -0.5, 0.5))

Plan = tuple[tuple[str, float], ...]
DAY: Final[Plan] = (
    ("lying", 7.0), ("walk", 0.2), ("drills", 0.3), ("run", 1.0), ("lying", 0.5), ("off", 1.0), ("walk", 0.2),
    ("worn", 1.5), ("off", 4.0), ("worn", 0.5), ("off", 0.1), ("worn", 0.5), ("off", 3.0), ("run", 0.5),
    ("drills", 0.3), ("worn", 0.9), ("lying", 2.5),
)  # fmt: skip
"""What a day is made of, with hours; 24 in all."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Codes of a sensor, shape (packets, PACKET, 6), and the steps of a run in each packet."""

    codes: NDArray[np.int16]
    steps: NDArray[np.int64]


class ClipDays:
    """Frames, link reports and moments of silence (s) of a plan. `steps`: of runs, while it was connected."""

    def __init__(self, plan: Plan, seed: int) -> None:
        self.steps = 0
        self.now_s = 10.0
        self._plan = plan
        self._chance = random.Random(seed)
        self._sensor = NativeSensor(rate_hz=RATE_HZ, samples=PACKET, drift_ppm=20.0)

    def items(self) -> Iterator[RawFrame | LinkReport | float]:
        """All of it, in order of time."""
        for kind, hours in self._plan:
            until_s = self.now_s + hours * HOUR_S
            if kind == "off":
                yield from self._silence(until_s)
                continue
            yield from self._connect()
            while self.now_s < until_s:
                yield from self._play(self._chance.choice(pieces(kind)), lost_share=LOST_SHARE)
                if self._chance.random() < 100.0 / RECONNECTS_EVERY_S:
                    yield from self._silence(self.now_s + self._chance.uniform(2.0, 60.0))
                    yield from self._connect()
            yield from self._silence(self.now_s + 1.0)

    def _connect(self) -> Iterator[RawFrame | LinkReport]:
        yield from self._sensor.connect(self.now_s)
        yield LinkReport(LinkState.STREAMING, round(self.now_s * 1e9), None, -60.0)

    def _play(self, piece: Piece, lost_share: float) -> Iterator[RawFrame]:
        for codes, steps in zip(piece.codes, piece.steps.tolist(), strict=True):
            packet = self._sensor.packet(codes=codes)
            self.now_s = packet.arrival_ns * 1e-9
            self.steps += steps
            if self._chance.random() >= lost_share:
                yield packet

    def _silence(self, until_s: float) -> Iterator[RawFrame | LinkReport | float]:
        yield frame(LINK, self.now_s, LINK_DOWN)
        yield LinkReport(LinkState.GONE, round(self.now_s * 1e9), "the link was lost")
        while self.now_s < until_s:
            self.now_s += min(60.0, until_s - self.now_s)
            yield self.now_s


@cache
def pieces(kind: str) -> tuple[Piece, ...]:
    """What a part of the day is put together from, in any order; a minute or some each."""
    return tuple(_piece(recording) for recording in _recordings(kind))


def _recordings(kind: str) -> list[SyntheticRecording]:
    if kind == "run":
        bouts = (Bout(Pace.STAND, 8.0), Bout(Pace.RUN, 240.0))
        return [synthesise_run(RunnerParams(seed=seed, bouts=bouts, sensor=SENSOR)) for seed in range(4)]
    if kind == "drills":
        return [
            synthesise_band_walk(BandWalkParams(sensor=SENSOR)),
            synthesise_side_plank(SidePlankParams(sensor=SENSOR)),
            synthesise_clamshell(ClamshellParams(sensor=SENSOR)),
        ]
    scenes = {
        "walk": [Scene.WALKING, Scene.STAIRS],
        "worn": [Scene.STANDING_ABOUT, Scene.SITTING_DOWN, Scene.BENDING, Scene.STANDING_ABOUT],
        "lying": [Scene.LYING_STILL],
    }
    return [
        synthesise_negative(NegativeParams(scene, seed, duration_s=100.0, sensor=SENSOR))
        for seed, scene in enumerate(scenes[kind])
    ]


def _piece(recording: SyntheticRecording) -> Piece:
    block = recording.block
    scaled = np.hstack([block.acc_mps2 / ACC_SCALE, block.gyr_radps / GYR_SCALE])
    packets = len(block) // PACKET
    codes = np.clip(np.rint(scaled), -32768, 32767).astype("<i2")[: packets * PACKET].reshape(packets, PACKET, 6)
    runs = bool(recording.truth.steps) and recording.truth.steps[0].activity == "run"
    contacts_s = [step.t_ic for step in recording.truth.steps] if runs else []
    edges_s = block.t_s[0] + np.arange(packets + 1) * PACKET / RATE_HZ
    return Piece(codes, np.histogram(contacts_s, edges_s)[0])
