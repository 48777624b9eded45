import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sensorhub.analysis.exercise.alternation import legs_take_turns
from sensorhub.analysis.exercise.drill_frames import QUANTITIES, DrillFrames

RATE_HZ = 25.0


def frames(stride_s: float, surge, heave) -> tuple[DrillFrames, np.ndarray]:
    """Eight strides of a pelvis that swings and turns to and fro, with what it does aside and up in each."""
    made = DrillFrames(np.zeros((QUANTITIES, round(8 * stride_s * RATE_HZ) + 1)))
    made.t_s[:] = np.arange(len(made)) / RATE_HZ
    phase = 2 * np.pi * made.t_s / stride_s
    made.up[:, 1] = 0.08 * np.sin(phase + 0.4)
    made.turn_radps[:] = 0.1 * np.cos(phase)
    made.surge_mps2[:, 1] = surge(phase)
    made.heave_mps2[:] = heave(phase)
    return made, stride_s * np.arange(8)


@given(st.floats(0.8, 3.0), st.floats(0.0, 6.0), st.floats(0.2, 3.0), st.floats(-0.2, 0.2))
def test_who_sways_once_and_heaves_twice_a_stride_walks(stride_s, later, heave_mps2, tilted_mps2) -> None:
    walk = frames(stride_s, lambda p: 0.6 * np.sin(p) + tilted_mps2, lambda p: heave_mps2 * np.cos(2 * p + later))
    assert legs_take_turns(*walk)


@given(st.floats(0.8, 3.0), st.floats(0.0, 6.0), st.floats(0.2, 3.0))
def test_who_sinks_once_a_step_as_the_legs_open_steps_aside(stride_s, later, heave_mps2) -> None:
    steps = frames(stride_s, lambda p: 0.6 * np.sin(p), lambda p: heave_mps2 * np.cos(p + later))
    assert not legs_take_turns(*steps)


@given(st.floats(0.8, 3.0), st.floats(0.0, 6.0))
def test_who_pushes_again_with_the_other_foot_steps_aside(stride_s, later) -> None:
    steps = frames(stride_s, lambda p: np.sin(p) + np.sin(2 * p + later), lambda p: np.cos(2 * p))
    assert not legs_take_turns(*steps)


def test_a_single_step_tells_nothing() -> None:
    walk, strides_s = frames(1.0, np.sin, lambda p: np.cos(2 * p))
    assert not legs_take_turns(walk, strides_s[:1])
