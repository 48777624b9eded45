"""Side planks: on one elbow, legs straight, hips off the floor for 10 to 40 s, two rounds of both sides."""

from sensorhub.model.exercise import Drill
from sensorhub.model.gait import Side
from tests.yardstick.other_bodies.between_sets import get_ready, stand_about
from tests.yardstick.other_bodies.body import Body, even
from tests.yardstick.other_bodies.recording import MadeSet

HOLDS = 4
LIFTED_M = 0.14


def side_plank(body: Body) -> tuple[MadeSet, ...]:
    """Four holds, the hips lifted by 9 to 20 deg, with rests on the floor or standing up between."""
    rng, sets = body.rng, []
    t, left = get_ready(body), rng.choice([-1, 1], p=[0.6, 0.4])
    body.sway(0, t, 0.3)
    lying_deg, lift_deg = 90 - rng.uniform(0, 8), rng.uniform(9, 20)  # hips wider than the waist do not lie level
    stoop_deg, twist = rng.uniform(-8, 8), rng.uniform(-0.2, 0.2)
    upright = True
    for number in range(HOLDS):
        t = lie_down(body, t, stoop_deg) if upright else t
        t = roll_over(body, t, -left * lying_deg, upright=upright)
        t = fidget(body, t) + rng.uniform(1.2, 6)
        t, done = hold(body, t, left, lift_deg, twist)
        sets.append(done)
        rest_s, upright = rng.uniform(2, 10), number == HOLDS - 1 or rng.random() < 0.3
        if upright:
            t = stand_up(body, t + rng.uniform(0.3, 2))
            body.sway(t, t + rest_s, 0.3)
            stand_about(body, t, t + rest_s, calm=True)
        t += rest_s
        left = left if rng.random() < 0.25 else -left
    body.end(t + 4)
    return tuple(sets)


def lie_down(body: Body, start_s: float, stoop_deg: float) -> float:
    """Kneel or sit down; returns when the hips can go to the floor."""
    rng, duration_s = body.rng, body.rng.uniform(1.2, 2.2)
    body.move("z", start_s, duration_s, -0.4)
    body.thud(start_s + duration_s, 3)
    if rng.random() < 0.5:
        body.move("pitch", start_s, duration_s, rng.uniform(30, 50))
        kneeling_s = start_s + duration_s + rng.uniform(0.1, 0.8)
        body.move("pitch", kneeling_s, 2.0, stoop_deg - body.stays("pitch"))
        return kneeling_s
    body.swing("pitch", start_s, duration_s + 1.5, rng.uniform(25, 45), hold=0.3)
    body.move("pitch", start_s + duration_s, 1.5, stoop_deg - body.stays("pitch"))
    return start_s + duration_s


def roll_over(body: Body, start_s: float, to_deg: float, *, upright: bool) -> float:
    """Come to lie on a side, from upright or from the other one; returns when that is done."""
    rng, by_deg = body.rng, to_deg - body.stays("roll")
    if abs(by_deg) < 1:
        return start_s
    duration_s = rng.uniform(1.8, 3) if upright else rng.uniform(2.5, 5)
    body.move("roll", start_s, duration_s, by_deg)
    body.move("yaw", start_s, duration_s, rng.uniform(-40, 40))
    if upright:
        body.move("z", start_s, duration_s, -0.4)
    else:
        body.swing("z", start_s, duration_s, 0.2)
        body.swing("pitch", start_s, duration_s, rng.uniform(0, 25))
    body.thud(start_s + duration_s, 2.0, axis=1)
    return start_s + duration_s


def fidget(body: Body, start_s: float) -> float:
    """Put elbow and feet where they belong."""
    end_s = start_s + body.rng.uniform(0.8, 2)
    for channel, size in (("roll", 0.8), ("pitch", 1.5), ("yaw", 1.0)):
        body.shake(channel, start_s, end_s, size, band_hz=(0.5, 2.5))
    return end_s


def hold(body: Body, start_s: float, left: int, lift_deg: float, twist: float) -> tuple[float, MadeSet]:
    """Lift, hold, sag and sink; returns when the hips are down, and the hold, from halfway up to halfway down."""
    rng, resting_deg = body.rng, body.stays("roll")
    lifting_s, sinking_s, hold_s = rng.uniform(0.5, 1.5), rng.uniform(0.4, 1.2), rng.uniform(10, 40)
    sag_deg = min(rng.uniform(0, 4) if rng.random() < 0.7 else rng.uniform(0, 0.4) * lift_deg, lift_deg / 2)
    up_s, from_s = start_s + lifting_s, start_s + lifting_s / 2
    to_s, down_s = from_s + hold_s, from_s + hold_s - sinking_s / 2
    body.move("roll", start_s, lifting_s, left * lift_deg)
    body.move("z", start_s, lifting_s, LIFTED_M)
    body.move("yaw", start_s, lifting_s, twist * lift_deg)
    body.move("roll", up_s, down_s - up_s, -left * sag_deg, course=even)
    body.shake("roll", up_s, to_s, rng.uniform(0.1, 0.7), band_hz=(2, 9))
    body.shake("yaw", up_s, to_s, 0.5, band_hz=(0.1, 0.6))
    body.shake("pitch", up_s, to_s, rng.uniform(0.5, 2), band_hz=(0.1, 0.7))
    for _ in range(rng.integers(1, 3) if rng.random() < 0.5 else 0):  # hips dip, and are up again within a second
        dip_s = from_s + rng.uniform(4, hold_s - 3)
        body.swing("roll", dip_s, rng.uniform(0.4, 0.95), -left * rng.uniform(0.4, 0.9) * lift_deg)
        body.swing("z", dip_s, 0.7, -0.08)
    if rng.random() < 0.3:  # the top leg is lifted
        leg_s = from_s + rng.uniform(4, hold_s - 3)
        body.move("roll", leg_s, 0.8, -left * rng.uniform(1, 3))
        body.move("pitch", leg_s, 0.8, rng.choice([-1, 1]) * rng.uniform(1, 4))
    body.move("roll", down_s, sinking_s, resting_deg - body.at("roll", down_s))
    body.move("z", down_s, sinking_s, -LIFTED_M)
    body.move("yaw", down_s, sinking_s, -twist * lift_deg)
    body.thud(down_s + sinking_s, 1.5, axis=1)
    return down_s + sinking_s, MadeSet(Drill.SIDE_PLANK, Side.LEFT if left > 0 else Side.RIGHT, from_s, to_s)


def stand_up(body: Body, start_s: float) -> float:
    """From lying on a side; returns when the body stands."""
    duration_s = body.rng.uniform(2, 3.5)
    body.move("roll", start_s, 0.6 * duration_s, -body.stays("roll"))
    body.move("pitch", start_s, duration_s, -body.stays("pitch"))
    body.swing("pitch", start_s, duration_s, 30)
    body.move("z", start_s, duration_s, 0.8)
    return start_s + duration_s
