"""What people do before and between sets: stand about and fidget, put the band on, walk a few steps."""

import numpy as np

from tests.yardstick.other_bodies.body import Body


def stand_about(body: Body, start_s: float, until_s: float, *, calm: bool = False) -> None:
    """Shift the weight, look about, stoop, tug at the shirt, take a step; calm, neither of stooping and stepping."""
    rng, t = body.rng, start_s + body.rng.uniform(0.1, 1.0)
    while t < until_s - 0.7:
        kind, duration_s = rng.integers(6), rng.uniform(0.5, min(2.5, max(0.6, until_s - t - 0.1)))
        side, size = rng.choice([-1, 1]), rng.uniform(0.4, 1)
        if t + duration_s > until_s:
            break
        if kind == 0:
            hold = rng.uniform(0, 0.6)
            body.swing("roll", t, duration_s, side * 4 * size, hold=hold)
            body.lean(t, duration_s, side * 0.05 * size, hold=hold)
        elif kind == 1:
            body.swing("yaw", t, duration_s, side * rng.uniform(8, 35), hold=rng.uniform(0, 0.5))
        elif kind == 2 and not calm:
            body.swing("pitch", t, duration_s, rng.uniform(5, 20))
            body.swing("z", t, duration_s, -0.03 * size)
        elif kind == 3:
            body.shake("roll", t, t + duration_s, 0.6 * size, band_hz=(1, 5))
            body.shake("yaw", t, t + duration_s, 0.8 * size, band_hz=(1, 5))
        elif kind == 4 and not calm and duration_s > 0.9:
            take_a_step(body, t, duration_s / 2, side * 0.04, size)
        t += duration_s + rng.exponential(1.0)


def take_a_step(body: Body, start_s: float, duration_s: float, left_m: float, size: float) -> None:
    """Set a foot aside."""
    body.swing("roll", start_s, duration_s, np.sign(left_m) * 3 * size)
    body.swing("z", start_s, duration_s, 0.01)
    body.go(start_s, duration_s, left_m=left_m)
    body.thud(start_s + duration_s, 1.5 * size)


def put_the_band_on(body: Body, start_s: float) -> float:
    """Bend down to the knees or ankles and pull; returns when the body is upright again."""
    rng = body.rng
    duration_s = rng.uniform(2.5, 5)
    body.swing("pitch", start_s, duration_s, rng.uniform(35, 65), hold=0.4)
    body.swing("z", start_s, duration_s, -rng.uniform(0.05, 0.3), hold=0.4)
    for channel in ("yaw", "roll"):
        body.shake(channel, start_s + 0.6, start_s + duration_s - 0.6, 2, band_hz=(0.5, 3))
    return start_s + duration_s


def walk_over(body: Body, start_s: float) -> float:
    """Walk four to eleven steps to where the next thing is done; returns when the body stands."""
    rng, step_s, t = body.rng, body.rng.uniform(0.5, 0.65), start_s
    steps = int(rng.integers(4, 12))
    body.go(start_s, steps * step_s + 0.5, ahead_m=0.65 * steps)
    for foot in np.resize([1, -1], steps):
        body.swing("z", t, step_s, 0.035)
        body.swing("roll", t, 1.1 * step_s, foot * 3.5)
        body.swing("yaw", t, 1.2 * step_s, foot * 4)
        body.lean(t, step_s, foot * 0.03)
        body.thud(t + 0.02, 3 * rng.uniform(0.6, 1.4))
        t += step_s
    return t + 0.5


def get_ready(body: Body) -> float:
    """The first seconds of a recording; returns when the first set may begin."""
    rng, t = body.rng, body.rng.uniform(2, 6)
    for kind in rng.integers(3, size=rng.integers(3)):
        if kind == 0:
            t = put_the_band_on(body, t) + rng.uniform(0.5, 2)
        elif kind == 1:
            t = walk_over(body, t) + rng.uniform(0.8, 2)
        else:
            until_s = t + rng.uniform(3, 8)
            stand_about(body, t, until_s)
            t = until_s + rng.uniform(0.3, 1)
    return t
