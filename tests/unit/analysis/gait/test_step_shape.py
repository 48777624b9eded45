"""Shapes where there is hardly a step."""

import numpy as np

from sensorhub.analysis.gait.step_pulses import Pulses
from sensorhub.analysis.gait.step_shape import step_shapes
from sensorhub.model.samples import SampleBlock
from tests.unit.analysis.made import tail_of


def test_a_push_of_which_nothing_is_left_has_a_shape_of_numbers() -> None:
    t_s = np.arange(0.0, 8.0, 0.01)
    still = SampleBlock(t_s, np.tile([0.0, 0.0, 9.80665], (len(t_s), 1)), np.zeros((len(t_s), 3)))
    tail = tail_of(still)
    newest = np.array([tail.end - 1.0])
    one = np.array([1.0])
    pulses = Pulses(newest - 60.0, newest - 30.0, newest - 95.0, 3.0 * one, -3.0 * one, newest)
    shapes = step_shapes(tail, pulses, np.array([0.35]), newest)
    assert np.isfinite([shapes.push_sine, shapes.push_second_cosine]).all()
