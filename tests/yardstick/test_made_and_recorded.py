"""The core is not tuned to the made runner: it does as well on recordings of people."""

import os
from pathlib import Path

import pytest

from sensorhub.synthetic.clip import Impact
from sensorhub.synthetic.runner import synthesise_run
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams
from tests.yardstick.certainty import reference, runner
from tests.yardstick.robustness import read_case
from tests.yardstick.scoring import GOALS, Case, goals, met, scored

RECORDINGS = Path(os.environ.get("SENSORHUB_RECORDINGS", "../shared")) / "data" / "running"


def made():
    for seed in range(8):
        params = RunnerParams(
            seed,
            runner(seed),
            (Bout(Pace.STAND, 8.0), Bout(Pace.RUN, 25.0)),
            impact=Impact(shock_g=1.0, wobble_deg=0.2),
        )
        recording = synthesise_run(params)
        yield Case(f"made {seed}", "made", recording.block, reference(recording))


def said(values):
    return ", ".join(f"{name} {values[name]:.3f} (goal {goal})" for name, goal, _ in GOALS)


@pytest.mark.integration
def test_made_runners_are_measured_within_the_goals():
    values = goals([scored(case) for case in made()])
    assert met(values) == len(GOALS), said(values)


@pytest.mark.integration
@pytest.mark.skipif(not RECORDINGS.is_dir(), reason=f"no recordings of people in {RECORDINGS}")
def test_people_are_measured_within_the_same_goals():
    cases = [read_case(path) for path in sorted(RECORDINGS.glob("*.csv"))]
    values = goals([scored(case) for case in cases])
    assert met(values) == len(GOALS), said(values)
