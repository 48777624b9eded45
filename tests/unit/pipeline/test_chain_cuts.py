"""The whole chain, cut as a radio cuts and not at all: the same settled events, whoever runs."""

import pytest

from sensorhub.pipeline.chain import Chain
from sensorhub.pipeline.recut import recut
from sensorhub.pipeline.settled import settled
from sensorhub.synthetic.runner import synthesise_run
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams


def settled_events(blocks):
    chain = Chain()
    return settled([*(event for block in blocks for event in chain.feed(block)), *chain.finish()])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_live_blocks_give_the_events_of_the_whole_recording(seed):
    made = synthesise_run(RunnerParams(seed=seed, bouts=(Bout(Pace.STAND, 8.0), Bout(Pace.RUN, 30.0))))
    assert settled_events(recut([made.block], 50.0)) == settled_events([made.block])
