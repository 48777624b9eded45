"""Made runs as motion, shared by the tests of alignment and pelvis."""

from functools import cache

import numpy as np

from sensorhub.analysis.alignment.aligner import Aligner
from sensorhub.analysis.alignment.pelvis import PelvisBlock
from sensorhub.dsp.front_end import FrontEnd
from sensorhub.model.alignment import Alignment
from sensorhub.model.samples import FloatArray, MotionBlock, SampleBlock
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
