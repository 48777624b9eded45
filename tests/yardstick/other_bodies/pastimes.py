"""What is no drill, but for walks: everyday movements and other exercises. Each returns when it is over."""

from collections.abc import Callable

import numpy as np

from tests.yardstick.other_bodies.between_sets import put_the_band_on, stand_about, walk_over
from tests.yardstick.other_bodies.body import Body

Pastime = Callable[[Body, float], float]


def standing_about(body: Body, start_s: float) -> float:
    """Wait and talk."""
    end_s = start_s + body.rng.uniform(5, 40)
    stand_about(body, start_s, end_s)
    return end_s


def stairs(body: Body, start_s: float) -> float:
    """One or two flights of stairs of 17 by 28 cm, up or down, with a landing between."""
    rng, t, up = body.rng, start_s, body.rng.choice([-1, 1])
    step_s, tilt_deg, bend_deg = rng.uniform(0.5, 0.85), rng.uniform(3, 8), 4 + up * 4 + rng.uniform(0, 6)
    body.move("pitch", t, 1.0, bend_deg)
    for _ in range(rng.integers(1, 3)):
        for foot in np.resize(rng.permutation([1, -1]), rng.integers(8, 17)):
            body.move("z", t, 0.7 * step_s, up * 0.17)
            body.go(t, 1.3 * step_s, ahead_m=0.28)
            body.lean(t, step_s, foot * rng.uniform(0.01, 0.025))
            body.swing("roll", t, step_s, foot * tilt_deg * rng.uniform(0.7, 1.3))
            body.swing("yaw", t, step_s, foot * rng.uniform(1, 5))
            body.thud(t, rng.uniform(1, 4) if up > 0 else rng.uniform(3, 8))
            t += step_s * np.clip(rng.normal(1, 0.04), 0.8, 1.2)
        body.move("yaw", t, 1.5, rng.choice([-180.0, 180.0]))
        t += 1.6
    body.move("pitch", t, 1.0, -bend_deg)
    return t + 1.0


def sitting_down(body: Body, start_s: float) -> float:
    """Sit down for a while and stand up again, or do so several times in a row as an exercise."""
    rng, t, often = body.rng, start_s, body.rng.random() < 0.4
    slump_deg, duration_s = rng.uniform(5, 20), rng.uniform(0.9, 1.8)
    for _ in range(rng.integers(4, 11) if often else 1):
        seated_s = rng.uniform(0.1, 0.6) if often else rng.uniform(3, 20)
        for start, down in ((t, 1), (t + duration_s + seated_s, -1)):
            body.swing("pitch", start, duration_s, rng.uniform(25, 45))
            body.move("pitch", start, duration_s, -down * slump_deg)
            body.move("z", start, duration_s, -down * 0.4)
            body.go(start, duration_s, ahead_m=-down * 0.2)
        body.thud(t + duration_s, rng.uniform(1, 4))
        for channel in ("roll", "yaw"):  # both sit bones bear: less than standing
            body.shake(channel, t + duration_s, t + duration_s + seated_s, rng.uniform(0.1, 0.4), band_hz=(0.1, 1))
        stand_about(body, t + duration_s, t + duration_s + seated_s, calm=True)
        t += 2 * duration_s + seated_s + rng.uniform(0.1, 0.6)
    return t


def bending(body: Body, start_s: float) -> float:
    """Pick things up from the floor, or kneel on one knee to tie a lace."""
    rng, t = body.rng, start_s
    for _ in range(rng.integers(1, 7)):
        kneeling = rng.random() < 0.3
        duration_s, hold = (rng.uniform(5, 10), 0.7) if kneeling else (rng.uniform(1.2, 3), rng.uniform(0, 0.3))
        body.swing("pitch", t, duration_s, rng.uniform(5, 25) if kneeling else rng.uniform(40, 80), hold=hold)
        body.swing("z", t, duration_s, -0.45 if kneeling else -rng.uniform(0.05, 0.4), hold=hold)
        body.swing("roll", t, duration_s, rng.uniform(-8, 8), hold=hold)
        body.swing("yaw", t, duration_s, rng.uniform(-20, 20), hold=hold)
        body.shake("roll", t + 0.15 * duration_s, t + 0.85 * duration_s, rng.uniform(0.2, 1), band_hz=(0.5, 3))
        t += duration_s + rng.uniform(0.2, 2.5)
    return t


def lying_down(body: Body, start_s: float) -> float:
    """Lie on the back with bridges, or on a side and raise the leg, which the pelvis follows by 1 to 4 deg; get up."""
    rng, on_back = body.rng, body.rng.random() < 0.5
    t = to_the_floor(body, start_s)
    channel, by_deg = (
        ("pitch", -rng.uniform(80, 95)) if on_back else ("roll", rng.choice([-1, 1]) * rng.uniform(80, 92))
    )
    body.move("pitch", t, 1.5, -body.stays("pitch"))
    body.move(channel, t, rng.uniform(1.5, 3), by_deg)
    body.move("z", t, 2.0, -0.35)
    t += 3 + rng.uniform(1, 8)
    tempo_s, size_deg = rng.uniform(1.5, 5), rng.uniform(12, 30) if on_back else rng.uniform(1, 4)
    for _ in range(rng.integers(0, 14)):
        body.swing(channel, t, tempo_s, -np.sign(by_deg) * size_deg * rng.uniform(0.8, 1.2), hold=rng.uniform(0, 0.5))
        body.swing("z", t, tempo_s, 0.12 if on_back else 0.005)
        t += tempo_s * rng.uniform(1, 1.4)
    return up_from_the_floor(body, t + rng.uniform(1, 10))


def getting_up(body: Body, start_s: float) -> float:
    """Down to hands and knees, something done there, and up again."""
    rng, t = body.rng, to_the_floor(body, start_s)
    body.move("pitch", t, 1.5, rng.uniform(70, 90) - body.stays("pitch"))
    t += 1.5
    busy_s = rng.uniform(1, 10)
    for channel in ("roll", "yaw", "pitch"):
        body.shake(channel, t, t + busy_s, rng.uniform(1, 5), band_hz=(0.2, 1.5))
    return up_from_the_floor(body, t + busy_s)


def to_the_floor(body: Body, start_s: float) -> float:
    """Onto one knee and the other."""
    rng, duration_s = body.rng, body.rng.uniform(1.5, 3)
    body.move("pitch", start_s, duration_s, rng.uniform(15, 40))
    body.move("z", start_s, duration_s, -0.45)
    body.swing("roll", start_s, duration_s, rng.uniform(-8, 8))
    body.thud(start_s + 0.6 * duration_s, rng.uniform(1, 4))
    body.thud(start_s + duration_s, rng.uniform(1, 4))
    return start_s + duration_s


def up_from_the_floor(body: Body, start_s: float) -> float:
    """Over one knee to standing, from wherever the body lies or kneels."""
    rng, duration_s = body.rng, body.rng.uniform(1.5, 3.5)
    body.move("roll", start_s, duration_s, -body.stays("roll"))
    body.move("pitch", start_s, duration_s, 30 - body.stays("pitch"))
    body.swing("roll", start_s + duration_s, duration_s, rng.uniform(-10, 10))
    body.move("pitch", start_s + duration_s, duration_s, -30)
    body.move("z", start_s, 2 * duration_s, -body.stays("z"))
    body.thud(start_s + duration_s, rng.uniform(1, 4))
    return start_s + 2 * duration_s


def three_quick_sidesteps(body: Body, start_s: float) -> float:
    """Jog aside."""
    rng, t, left = body.rng, start_s, body.rng.choice([-1, 1])
    for _ in range(3):
        body.go(t, 0.42, left_m=left * 0.4)
        body.swing("z", t, 0.4, 0.05)
        body.swing("roll", t, 0.4, -left * 4)
        body.thud(t + 0.35, 6)
        t += rng.uniform(0.36, 0.5)
    return t


def squats(body: Body, start_s: float) -> float:
    """Four to nine of them."""
    rng, t, tempo_s = body.rng, start_s, body.rng.uniform(1.8, 4)
    for _ in range(rng.integers(4, 10)):
        for channel, size in (("z", -0.3), ("pitch", rng.uniform(15, 35)), ("roll", rng.normal(0, 1))):
            body.swing(channel, t, 0.8 * tempo_s, size, hold=0.1)
        body.lean(t, 0.8 * tempo_s, rng.normal(0, 0.01))
        t += tempo_s * np.clip(rng.normal(1, 0.07), 0.7, 1.4)
    return t


def marching_on_the_spot(body: Body, start_s: float) -> float:
    """Ten to 23 steps."""
    rng, t, step_s = body.rng, start_s, body.rng.uniform(0.5, 0.9)
    for foot in np.resize([1, -1], rng.integers(10, 24)):
        body.lean(t, step_s, foot * 0.03)
        body.swing("roll", t, step_s, foot * rng.uniform(2, 5))
        body.swing("yaw", t, step_s, foot * rng.uniform(1, 5))
        body.swing("z", t, step_s, 0.01)
        body.thud(t + step_s, 2)
        t += step_s
    return t


def circling_a_leg(body: Body, start_s: float) -> float:
    """On the other one, to a beat."""
    rng, t, tempo_s = body.rng, start_s + 1, body.rng.uniform(1, 2.2)
    body.go(start_s, 0.8, left_m=0.04)
    for _ in range(rng.integers(4, 10)):
        body.swing("pitch", t, tempo_s, rng.uniform(3, 9))
        body.swing("roll", t + 0.25 * tempo_s, 0.7 * tempo_s, rng.uniform(1, 4))
        body.swing("yaw", t, tempo_s, rng.uniform(-8, 8))
        t += tempo_s * np.clip(rng.normal(1, 0.1), 0.7, 1.4)
    body.go(t, 0.8, left_m=-0.04)
    return t + 1


def rocking_from_foot_to_foot(body: Body, start_s: float) -> float:
    """To a beat, upright or bent."""
    rng, t, half_s = body.rng, start_s + 1, body.rng.uniform(0.7, 1.6)
    way_m, bend_deg = rng.uniform(0.06, 0.2), rng.uniform(0, 15)
    body.move("pitch", start_s, 0.8, bend_deg)
    for foot in np.resize([1, -1], rng.integers(4, 16)):
        body.go(t, half_s, left_m=foot * way_m)
        body.swing("roll", t, half_s, foot * rng.uniform(1, 5))
        t += half_s * np.clip(rng.normal(1, 0.1), 0.7, 1.4)
    body.move("pitch", t, 0.8, -bend_deg)
    return t + 1


def looking_about(body: Body, start_s: float) -> float:
    """Turn and turn back, evenly."""
    rng, t, tempo_s = body.rng, start_s, body.rng.uniform(2, 5)
    for _ in range(rng.integers(2, 5)):
        body.swing("yaw", t, tempo_s, rng.choice([-1, 1]) * rng.uniform(5, 30), hold=rng.uniform(0, 0.5))
        t += tempo_s + rng.uniform(0, 2)
    return t


EXERCISES: tuple[Pastime, ...] = (
    put_the_band_on,
    walk_over,
    standing_about,
    squats,
    marching_on_the_spot,
    circling_a_leg,
    rocking_from_foot_to_foot,
    three_quick_sidesteps,
    looking_about,
)
