"""Made runs as motion, shared by the tests of alignment and pelvis."""

from functools import cache

import numpy as np

from sensorhub.analysis.alignment.aligner import Aligner
from sensorhub.analysis.alignment.pelvis import PelvisBlock, pelvis_signals
from sensorhub.analysis.gait.pelvis_tail import PelvisTail
from sensorhub.dsp.front_end import FrontEnd
from sensorhub.model.alignment import Alignment
from sensorhub.model.samples import FloatArray, MotionBlock, SampleBlock
from sensorhub.model.units import GRAVITY_MPS2
from sensorhub.synthetic.runner import synthesise_run
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams, Style
from sensorhub.synthetic.sensor import matrix_of
from sensorhub.synthetic.truth import SyntheticRecording

STAND_AND_RUN = (Bout(Pace.STAND, 6.0), Bout(Pace.RUN, 16.0))


@cache
def made(params: RunnerParams) -> SyntheticRecording:
    return synthesise_run(params)


def runner(*bouts: Bout, seed: int = 3, **style: float) -> SyntheticRecording:
    return made(RunnerParams(seed=seed, style=Style(**style), bouts=bouts or STAND_AND_RUN))


def motion_of(block: SampleBlock) -> list[MotionBlock]:
    front_end = FrontEnd()
    return [*front_end.feed(block).motion, *front_end.finish().motion]


def one_motion(block: SampleBlock) -> MotionBlock:
    """All of the motion of a recording without open gaps."""
    return MotionBlock.joined(motion_of(block))


def aligned(block: SampleBlock, known: Alignment | None = None) -> tuple[list[PelvisBlock], Alignment | None]:
    aligner = Aligner(known)
    blocks = [part for motion in motion_of(block) for part in aligner.feed(motion)]
    return [*blocks, *aligner.finish()], aligner.alignment


def tail_of(block: SampleBlock, kept_s: float = 60.0) -> PelvisTail:
    """The pelvis at the end of a recording."""
    tail = PelvisTail(kept_s)
    for part in aligned(block)[0]:
        tail.feed(part)
    return tail


def turned(block: SampleBlock, rotation: FloatArray) -> SampleBlock:
    """The same motion with the sensor mounted otherwise; no matmul, to keep the layout."""
    acc = np.ascontiguousarray(block.acc_mps2 @ rotation.T)
    return SampleBlock(block.t_s, acc, np.ascontiguousarray(block.gyr_radps @ rotation.T))


def heading_error_deg(alignment: Alignment | None, recording: SyntheticRecording, rotation: FloatArray) -> float:
    """Angle from the true left axis to the one found, about the one up found."""
    assert alignment is not None
    assert alignment.left_sensor is not None
    true_left = rotation @ matrix_of(recording.truth.q_pelvis_from_sensor)[1]
    left, up = np.array(alignment.left_sensor), np.array(alignment.up_sensor)
    return float(np.rad2deg(np.arctan2(true_left @ np.cross(left, up), true_left @ left)))


SIGNALS = ("forward", "roll_rate", "pitch_rate", "yaw_rate", "obliquity_sine", "tilt_sine")


def signals_of(blocks: list[PelvisBlock]) -> dict[str, FloatArray]:
    """How the pelvis moved in blocks end to end, by name."""
    parts = [pelvis_signals(block.motion.vectors, block.alignment) for block in blocks]
    vertical = np.concatenate([block.vertical_mps2 for block in blocks])
    return {"vertical": vertical, **dict(zip(SIGNALS, np.concatenate(parts, axis=1), strict=True))}


def times_of(blocks: list[PelvisBlock]) -> FloatArray:
    """The times of blocks end to end."""
    return np.concatenate([block.motion.t_s for block in blocks])


def sliced(blocks: list[PelvisBlock], start: int, stop: int) -> PelvisBlock:
    """Samples start to stop of blocks end to end, with the alignment of the first."""
    return PelvisBlock.of(MotionBlock.joined([block.motion for block in blocks]).cut(start, stop), blocks[0].alignment)


def pelvis_block(
    rate_hz: float,
    t_s: FloatArray,
    up: FloatArray,
    alignment: Alignment | None,
    *,
    vertical_mps2: float | FloatArray = 0.0,
    yaw_radps: float = 0.0,
) -> PelvisBlock:
    """A pelvis with this up, shape (3, n), that turns about it and is accelerated along it."""
    nothing = np.zeros(len(t_s), dtype=bool)
    vectors = np.array((yaw_radps * up, (GRAVITY_MPS2 + vertical_mps2) * up, up))
    return PelvisBlock.of(MotionBlock(rate_hz, t_s, vectors, nothing, nothing), alignment)
