"""Every kind of recording by its name."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tests.yardstick.other_bodies.between_sets import stand_about
from tests.yardstick.other_bodies.body import Body
from tests.yardstick.other_bodies.recording import MadeSet, Recording
from tests.yardstick.other_bodies.sensor import felt
from tests.yardstick.other_bodies.walking import Manner, walk

LONGEST_S = 420.0


def walks(body: Body) -> tuple[MadeSet, ...]:
    """Three walks, with standing between."""
    rng, t = body.rng, body.rng.uniform(2, 6)
    for manner in rng.choice(list(Manner), 3, replace=False):
        t = walk(body, t, rng.uniform(20, 90), Manner(manner))
        pause_s = rng.uniform(2, 8)
        stand_about(body, t, t + pause_s)
        body.did("standing about", t, t + pause_s)
        t += pause_s
    body.sway(0, t, rng.uniform(0.2, 0.4))
    body.end(t)
    return ()


KINDS: dict[str, Callable[[Body], tuple[MadeSet, ...]]] = {"walk": walks}
DRILLS = ("band_walk", "side_plank", "standing_clamshell")


def made(kind: str, seed: int, *, mirrored: bool = False) -> Recording:
    """One recording; the same kind and seed give the same bits. A mirrored body's sets change sides."""
    rng = np.random.default_rng([*kind.encode(), seed])
    body = Body(LONGEST_S, rng)
    sets = KINDS[kind](body)
    if mirrored:
        body.mirror()
        sets = tuple(replace(one, side=one.side.other) for one in sets)
    return Recording(felt(body, rng), sets, tuple(body.doings))
