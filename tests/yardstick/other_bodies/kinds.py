"""Every kind of recording by its name, and how one is made."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tests.yardstick.other_bodies import pastimes
from tests.yardstick.other_bodies.band_walk import band_walk
from tests.yardstick.other_bodies.between_sets import stand_about
from tests.yardstick.other_bodies.body import Body
from tests.yardstick.other_bodies.recording import MadeSet, Recording
from tests.yardstick.other_bodies.sensor import felt
from tests.yardstick.other_bodies.side_plank import side_plank
from tests.yardstick.other_bodies.standing_clamshell import standing_clamshell
from tests.yardstick.other_bodies.walking import Manner, walk

LONGEST_S = 420.0
PASTIMES_S = 110.0


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


def only(*chosen: pastimes.Pastime) -> Callable[[Body], tuple[MadeSet, ...]]:
    """Two minutes of these, in any order, with a pause after each."""

    def scene(body: Body) -> tuple[MadeSet, ...]:
        rng, t = body.rng, body.rng.uniform(2, 5)
        while t < PASTIMES_S:
            pastime, start_s = chosen[rng.integers(len(chosen))], t
            t = pastime(body, start_s) + rng.uniform(1, 4)
            body.did(pastime.__name__.replace("_", " "), start_s, t)
        body.sway(0, t + 3, rng.uniform(0.2, 0.4))
        body.end(t + 3)
        return ()

    return scene


DRILLS: dict[str, Callable[[Body], tuple[MadeSet, ...]]] = {
    "band_walk": band_walk,
    "side_plank": side_plank,
    "standing_clamshell": standing_clamshell,
}
NO_DRILLS: dict[str, Callable[[Body], tuple[MadeSet, ...]]] = {
    "walk": walks,
    "stand": only(pastimes.standing_about),
    "stairs": only(pastimes.stairs),
    "sit": only(pastimes.sitting_down),
    "bend": only(pastimes.bending),
    "lie": only(pastimes.lying_down),
    "get_up": only(pastimes.getting_up),
    "sidestep": only(pastimes.three_quick_sidesteps, pastimes.standing_about, pastimes.looking_about),
    "exercise": only(*pastimes.EXERCISES),
}


def made(kind: str, seed: int, *, mirrored: bool = False) -> Recording:
    """One recording; the same kind and seed give the same bits. A mirrored body's sets change sides."""
    rng = np.random.default_rng([*kind.encode(), seed])
    body = Body(LONGEST_S, rng)
    sets = (DRILLS | NO_DRILLS)[kind](body)
    if mirrored:
        body.mirror()
        sets = tuple(replace(one, side=one.side.other) for one in sets)
    return Recording(felt(body, rng), sets, tuple(body.doings))
