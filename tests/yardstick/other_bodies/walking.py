"""Walking as people walk: no drill in it, whatever the manner.

A leg is an inverted pendulum: highest and slowest in the middle of stance, lowest and fastest when both feet stand (Kuo
2007). Sway goes once a stride, towards the foot that stands. Ranges: 60 to 140 steps/min and 0.25 to 0.8 m, from an
old shuffler to a brisk walker; obliquity 2 to 5 deg a side in health, up to 10 in a Trendelenburg gait.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from scipy.interpolate import PchipInterpolator

from sensorhub.model.samples import FloatArray
from tests.yardstick.other_bodies.body import STEP_S, Body, minimum_jerk, raised_cosine

LEG_M = 0.9


class Manner(StrEnum):
    """What is particular about a walk."""

    PLAIN = "plain"
    WIDE_BASE = "wide base"
    TRENDELENBURG = "Trendelenburg"
    WADDLING = "waddling"
    UNEVEN = "uneven"
    BENT = "bent forward"
    SLOPE = "up or down a slope"
    SHUFFLING = "shuffling"
    ROUND_PEOPLE = "round people"
    STOP_AND_GO = "stop and go"
    TURNING = "turning"


@dataclass(frozen=True, slots=True)
class Gait:
    """One way of walking. Sway, bounce and surge are peak to peak, angles are to each side.

    stance_side_up_deg: how far the side of the standing foot is higher, left and right (below 0: it is lower, as in
    who lifts the hip to swing the leg). late: how much later than the sway, in steps. long_left: how much longer than
    a right step a left one is. slope: rise by way.
    """

    steps_per_min: float
    step_m: float
    treadmill: bool
    bounce_share: float
    surge_mps: float
    sway_m: float
    stance_side_up_deg: tuple[float, float]
    late: float
    yaw_deg: float
    nod_deg: float
    bend_deg: float
    long_left: float
    slope: float
    thud_mps2: float

    @property
    def bounce_m(self) -> float:
        """What a stiff leg would rise, and the share of it that is left."""
        return self.bounce_share * (LEG_M - np.sqrt(LEG_M**2 - (self.step_m / 2) ** 2))


def drawn(manner: Manner, rng: np.random.Generator) -> Gait:
    """Somebody who walks in a manner."""
    tilt_deg = rng.uniform(2, 5)
    gait = Gait(
        steps_per_min=rng.uniform(60, 140),
        step_m=rng.uniform(0.3, 0.8),
        treadmill=rng.random() < 0.3,
        bounce_share=rng.uniform(0.5, 0.9),
        surge_mps=rng.uniform(0.1, 0.3),
        sway_m=rng.uniform(0.02, 0.05),
        stance_side_up_deg=(tilt_deg * rng.uniform(0.7, 1.3), tilt_deg * rng.uniform(0.7, 1.3)),
        late=rng.uniform(-0.15, 0.25),
        yaw_deg=rng.uniform(1, 7),
        nod_deg=rng.uniform(0.3, 2),
        bend_deg=rng.uniform(0, 5),
        long_left=rng.uniform(0.95, 1.05),
        slope=rng.uniform(-0.02, 0.02),
        thud_mps2=rng.uniform(1, 6),
    )
    tilts_deg, up = rng.uniform(4, 10, 2), rng.choice([-1, 1])
    limp_deg = rng.permutation([tilts_deg[0], rng.uniform(0, 2)])
    changes = {
        Manner.WIDE_BASE: {"sway_m": rng.uniform(0.05, 0.08)},
        Manner.TRENDELENBURG: {"stance_side_up_deg": tuple(tilts_deg), "sway_m": rng.uniform(0.03, 0.07)},
        Manner.WADDLING: {"stance_side_up_deg": tuple(up * tilts_deg), "sway_m": rng.uniform(0.04, 0.08)},
        Manner.UNEVEN: {"stance_side_up_deg": tuple(limp_deg), "long_left": rng.choice([0.8, 1.25])},
        Manner.BENT: {"bend_deg": rng.uniform(5, 20)},
        Manner.SLOPE: {"slope": up * rng.uniform(0.04, 0.15), "bend_deg": rng.uniform(0, 12)},
        Manner.SHUFFLING: {"step_m": rng.uniform(0.25, 0.4), "bend_deg": rng.uniform(3, 15), "thud_mps2": 1.0},
        Manner.ROUND_PEOPLE: {"treadmill": False},
        Manner.STOP_AND_GO: {"treadmill": False},
        Manner.TURNING: {"treadmill": False},
    }
    return replace(gait, **changes.get(manner, {}))


def walk(body: Body, start_s: float, duration_s: float, manner: Manner) -> float:
    """Walk about so long in a manner; returns when the body stands again."""
    gait, rng, end_s = drawn(manner, body.rng), body.rng, start_s + duration_s
    body.move("pitch", start_s, 1.0, gait.bend_deg, minimum_jerk)
    if manner is Manner.TURNING:
        for at_s in np.arange(start_s + 2, end_s - 3, rng.uniform(3, 8)):
            body.move("yaw", at_s, rng.uniform(1, 2.5), rng.choice([-1, 1]) * rng.uniform(30, 180))
    t = start_s
    while t < end_s - 2:
        until_s = min(t + rng.uniform(3, 9), end_s) if manner is Manner.STOP_AND_GO else end_s
        t = stride_out(body, t, until_s, gait, sidesteps=manner is Manner.ROUND_PEOPLE) + rng.uniform(0.3, 3)
    body.move("pitch", end_s, 1.0, -gait.bend_deg, minimum_jerk)
    body.did(f"walking: {manner}", start_s, max(t, end_s + 1))
    return max(t, end_s + 1)


def stride_out(body: Body, start_s: float, until_s: float, gait: Gait, *, sidesteps: bool = False) -> float:
    """Walk ahead without a stop, the way the body is turned; returns when the last foot has come to the other."""
    rng, step_s = body.rng, 60 / gait.steps_per_min
    count = max(3, round((until_s - start_s) / step_s))
    foot = np.where(np.arange(count) % 2 == rng.integers(2), 1.0, -1.0)
    times_s = step_s * (1 + (gait.long_left - 1) / 2 * foot) * (1 + rng.normal(0, 0.025, count))
    landings_s = np.concatenate([[0.0], np.cumsum(times_s)])
    steps = PchipInterpolator(landings_s, np.arange(count + 1))(np.arange(0, landings_s[-1], STEP_S))
    going = raised_cosine(np.clip(np.minimum(steps, count - steps) / 1.5, 0, 1))
    once = foot[0] * going * np.sin(np.pi * steps)
    twice = going * np.cos(2 * np.pi * steps)

    speed_mps = gait.surge_mps / 2 * twice + (0.0 if gait.treadmill else gait.step_m / step_s) * going
    left_m = gait.sway_m / 2 * once + (_round_people(len(steps), rng) if sidesteps else 0.0)
    left_mps = np.gradient(left_m, STEP_S)
    yaw = np.radians(body.place["yaw"][round(start_s / STEP_S) :][: len(steps)])
    body.add("x", start_s, STEP_S * np.cumsum(speed_mps * np.cos(yaw) - left_mps * np.sin(yaw)))
    body.add("y", start_s, STEP_S * np.cumsum(speed_mps * np.sin(yaw) + left_mps * np.cos(yaw)))
    body.add("z", start_s, -gait.bounce_m / 2 * (twice + going) + gait.slope * STEP_S * np.cumsum(speed_mps))

    left_up = foot[0] * np.sin(np.pi * (steps - gait.late))
    left_deg, right_deg = gait.stance_side_up_deg
    both_deg, limp_deg = (left_deg + right_deg) / 2, (left_deg - right_deg) / 2
    body.add("roll", start_s, going * (both_deg * left_up + limp_deg * left_up**2))
    body.add("yaw", start_s, -gait.yaw_deg * foot[0] * going * np.cos(np.pi * (steps - gait.late / 2)))
    body.add("pitch", start_s, gait.nod_deg * going * np.cos(2 * np.pi * (steps - gait.late)))
    for landing_s in landings_s:
        body.thud(start_s + landing_s, gait.thud_mps2 * rng.uniform(0.6, 1.4))
        body.thud(start_s + landing_s, 0.3 * gait.thud_mps2 * rng.choice([-1, 1]), int(rng.integers(2)))
    return start_s + float(landings_s[-1])


def _round_people(count: int, rng: np.random.Generator) -> FloatArray:
    """Ways aside, m: every few seconds by 0.2 to 0.6 m, mostly back again."""
    left_m, at = np.zeros(count), round(rng.uniform(1, 3) / STEP_S)
    side = rng.choice([-1, 1])
    while at < count - round(2.5 / STEP_S):
        length = round(rng.uniform(0.8, 2) / STEP_S)
        aside_m = side * rng.uniform(0.2, 0.6)
        left_m[at : at + length] += aside_m * minimum_jerk(np.linspace(0, 1, length))
        left_m[at + length :] += aside_m
        at += length + round(rng.uniform(0.3, 4) / STEP_S)
        side = -side if rng.random() < 0.7 else side
    return left_m
