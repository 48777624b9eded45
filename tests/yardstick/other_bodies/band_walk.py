"""Band walks: mini-band around the ankles, knees bent, hips back, slow sidesteps; sets of 8 to 19, there and back."""

from dataclasses import dataclass

import numpy as np

from sensorhub.model.exercise import Drill
from sensorhub.model.gait import Side
from tests.yardstick.other_bodies.between_sets import get_ready, stand_about
from tests.yardstick.other_bodies.body import Body
from tests.yardstick.other_bodies.recording import MadeSet

SETS = 4


@dataclass(frozen=True, slots=True)
class Walker:
    """How somebody walks against a band; shares are of a step's time or way.

    first_share: of the way, when the leading foot lands (1: the trailing foot moves no pelvis). tilt_deg: obliquity,
    above 0 where the leading side sinks, in one of three courses. quick_share: how much of the movement the trailing
    foot takes. floor_deg: how far the floor falls aside.
    """

    steps_per_min: float
    step_m: float
    first_share: float
    tilt_deg: float
    tilt_course: int
    moving_share: float
    quick_share: float
    crouch_deg: float
    tremor_deg: float
    unsteadiness: float
    floor_deg: float


def drawn(rng: np.random.Generator) -> Walker:
    """A therapist's slow steps and an athlete's: 22 to 70 steps/min of 0.12 to 0.45 m, obliquity of 4 to 14 deg."""
    steps_per_min = rng.uniform(22, 70)
    return Walker(
        steps_per_min,
        step_m=rng.uniform(0.12, 0.45 if steps_per_min < 50 else 0.32),
        first_share=rng.choice([0.5, 0.6, 0.75, 1.0]),
        tilt_deg=rng.choice([-1, 1]) * rng.uniform(4, 14),
        tilt_course=int(rng.integers(3)),
        moving_share=rng.uniform(0.6, 0.95),
        quick_share=rng.uniform(0.25, 0.5),
        crouch_deg=rng.uniform(8, 22),
        tremor_deg=rng.uniform(0, 0.35),
        unsteadiness=rng.uniform(0.04, 0.1),
        floor_deg=rng.uniform(-3, 3) if rng.random() < 0.4 else 0.0,
    )


def band_walk(body: Body) -> tuple[MadeSet, ...]:
    """Four sets, some of them further the same way, some after a turn in place."""
    rng, walker, sets = body.rng, drawn(body.rng), []
    body.place["roll"] += walker.floor_deg
    t, left, bent = get_ready(body), rng.choice([-1, 1], p=[0.6, 0.4]), False
    for _ in range(SETS):
        if not bent:
            t = crouch(body, t, walker.crouch_deg) + rng.uniform(0.2, 2.0)
        start_s, count = t, int(rng.integers(8, 20))
        for _ in range(count):
            end_s, t = sidestep(body, t, walker, left)
        sets.append(MadeSet(Drill.BAND_WALK, Side.LEFT if left > 0 else Side.RIGHT, start_s, end_s, count))
        further = rng.random() < 0.15
        pause_s = rng.uniform(6.5 if further else 1.0, 10.0)
        bent = pause_s < 4 and rng.random() < 0.6
        if bent:
            body.shake("roll", end_s, end_s + pause_s, 0.3, band_hz=(0.3, 2))
            t = end_s + pause_s
        else:
            t = relax(body, end_s, pause_s, walker.crouch_deg, turning=pause_s > 4 and rng.random() < 0.25)
        left = left if further else -left
    body.sway(0, t + 4, 0.3)
    body.end(t + 4)
    return tuple(sets)


def crouch(body: Body, start_s: float, crouch_deg: float) -> float:
    """Bend the knees and put the hips back, or, below 0, straighten up; returns when that is done."""
    down, duration_s = np.sign(crouch_deg), body.rng.uniform(0.6, 1.3)
    body.move("pitch", start_s, duration_s, crouch_deg)
    body.move("z", start_s, duration_s, -0.08 * down)
    body.go(start_s, duration_s, ahead_m=-0.04 * down)
    return start_s + duration_s


def sidestep(body: Body, start_s: float, walker: Walker, left: int) -> tuple[float, float]:
    """The leading foot goes out, the trailing one closes; returns when that is done, and when the next begins."""
    rng = body.rng
    time_s = 60 / walker.steps_per_min * np.clip(rng.normal(1, walker.unsteadiness), 0.7, 1.4)
    moving_s = walker.moving_share * time_s
    out_s, closing_s = moving_s * (1 - walker.quick_share), moving_s * walker.quick_share
    way_m = walker.step_m * np.clip(rng.normal(1, 0.1), 0.6, 1.4)
    back_m = rng.uniform(0.005, 0.025)  # onto the trailing foot, before the leading one can be lifted
    body.go(start_s, 0.45 * out_s, left_m=-left * back_m)
    if walker.first_share >= 1:
        body.go(start_s + 0.15 * out_s, 0.95 * moving_s - 0.15 * out_s, left_m=left * (way_m + 0.015))
    else:
        first_m = way_m * walker.first_share
        body.go(start_s + 0.2 * out_s, 0.9 * out_s, left_m=left * (first_m + 0.015))
        body.go(start_s + out_s + 0.1 * closing_s, 1.1 * closing_s, left_m=left * (way_m - first_m))
    tilt_deg = -left * walker.tilt_deg * np.clip(rng.normal(1, 0.12), 0.5, 1.5)
    if walker.tilt_course == 0:
        body.swing("roll", start_s, moving_s, tilt_deg, rise=rng.uniform(0.35, 0.6))
    elif walker.tilt_course == 1:
        body.swing("roll", start_s, out_s, 0.65 * tilt_deg)
        body.swing("roll", start_s + 0.95 * out_s, 1.2 * closing_s, -0.35 * tilt_deg)
    else:
        body.swing("roll", start_s, 1.2 * out_s, tilt_deg, hold=0.2)
    body.swing("z", start_s + 0.1 * out_s, 0.9 * moving_s, -((way_m / 2) ** 2) / 1.7 - 0.004)  # legs of 0.85 m open
    body.swing("yaw", start_s, moving_s, rng.normal(0, 2.0))
    body.swing("pitch", start_s, moving_s, rng.normal(0, 1.2))
    for channel, size in (("roll", walker.tremor_deg), ("y", 0.0015 * walker.tremor_deg)):
        body.shake(channel, start_s + 0.3 * out_s, start_s + moving_s, size, band_hz=(6, 11), fade_s=0.1)
    body.thud(start_s + out_s, rng.uniform(0.3, 2.0))
    body.thud(start_s + moving_s, rng.uniform(0.2, 1.5))
    return start_s + moving_s, start_s + time_s


def relax(body: Body, start_s: float, pause_s: float, crouch_deg: float, *, turning: bool) -> float:
    """Straighten up, perhaps turn round, and stand about; returns when the pause is over."""
    t = crouch(body, start_s + 0.1, -crouch_deg) + 0.1
    if turning:
        body.move("yaw", t, 2.0, body.rng.choice([-180.0, 180.0]))
        body.move("roll", t, 2.0, -2 * body.place["roll"][0])  # the floor falls to the other side now
        body.shake("roll", t, t + 2, 1.0, band_hz=(0.8, 3))
        for foot in range(5):
            body.thud(t + 0.4 * foot, 1.5)
        t += 2.1
    if t < start_s + pause_s - 1:
        stand_about(body, t, start_s + pause_s - 0.3)
    return max(start_s + pause_s, t)
