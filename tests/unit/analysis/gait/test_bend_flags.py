"""Strides in a bend, and those behind it whose inclination it has pulled off, say so."""

import pytest

from sensorhub.model.gait import Flag, Stride
from sensorhub.pipeline.chain import Chain
from sensorhub.synthetic.runner import synthesise_run
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams, Turn

BEND_START_S, BEND_END_S = 33.0, 36.0
SETTING_OFF_S = 9.5
"""Whoever sets off turns the pelvis as no stride of a run does."""


def strides_of(turns):
    made = synthesise_run(RunnerParams(seed=4, bouts=(Bout(Pace.STAND, 8.0), Bout(Pace.RUN, 60.0)), turns=turns))
    chain = Chain("run")
    events = [*chain.feed(made.block), *chain.finish()]
    latest = {event.seq: event for event in events if isinstance(event, Stride)}
    truth = {round(step.t_ic, 6): step for step in made.truth.steps}
    off = {}
    for stride in latest.values():
        near = min(truth.values(), key=lambda step: abs(step.t_ic - stride.initial_contact_s))
        if stride.pelvic_drop_deg is not None and abs(near.t_ic - stride.initial_contact_s) < 0.06:
            off[stride] = abs(stride.pelvic_drop_deg - near.drop)
    return off


@pytest.fixture(scope="module")
def bent():
    return strides_of((Turn(BEND_START_S, 90.0, BEND_END_S - BEND_START_S),))


def test_what_the_bend_has_pulled_off_is_flagged(bent):
    wrong_and_silent = [s for s, off in bent.items() if off > 1.5 and Flag.TURN not in s.flags]
    assert not wrong_and_silent
    assert any(Flag.TURN in stride.flags and stride.initial_contact_s > BEND_END_S + 1.0 for stride in bent)


def test_a_straight_run_has_no_turn(bent):
    assert not flagged(strides_of(()), SETTING_OFF_S, 70.0)
    assert not flagged(bent, SETTING_OFF_S, BEND_START_S - 1.5)


def flagged(strides, from_s, to_s):
    return [s for s in strides if from_s < s.initial_contact_s < to_s and Flag.TURN in s.flags]
