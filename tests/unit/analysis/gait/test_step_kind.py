import numpy as np
import pytest

from sensorhub.analysis.gait.step_kind import NO_STEP, RUN_STEP, WALK_STEP, StepKindParams, step_kinds
from sensorhub.analysis.gait.step_pulses import Pulses


@pytest.mark.parametrize(
    ("trough", "peak", "step_s", "kind"),
    [
        (-11.0, 14.0, 0.36, RUN_STEP),
        (-6.0, 6.0, 0.40, RUN_STEP),  # a slow jog
        (-14.0, 20.0, 0.22, RUN_STEP),  # a sprint
        (-2.5, 2.5, 0.55, WALK_STEP),
        (-5.0, 6.0, 0.44, WALK_STEP),  # brisk
        (-0.4, 0.5, 0.60, NO_STEP),  # swaying
        (-12.0, 15.0, 0.15, NO_STEP),  # faster than legs
        (-12.0, 15.0, 0.90, NO_STEP),  # jumping
        (np.nan, 12.0, 0.36, RUN_STEP),  # the first step
        (np.nan, 4.0, 0.36, NO_STEP),
    ],
)
def test_what_kind_of_step(trough, peak, step_s, kind):
    one = np.array([0.0])
    pulses = Pulses(one, one + 20.0, one, np.array([peak]), np.array([trough]), one + 25.0)
    assert step_kinds(pulses, np.array([step_s]), StepKindParams()).tolist() == [kind]
