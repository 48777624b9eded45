"""Standing clamshells: on one leg, a mini-band around the knees, the other knee opens; sets of 8 to 15 a side."""

import numpy as np

from sensorhub.model.exercise import Drill
from sensorhub.model.gait import Side
from tests.yardstick.other_bodies.between_sets import get_ready, stand_about
from tests.yardstick.other_bodies.body import Body, even
from tests.yardstick.other_bodies.recording import MadeSet

SETS = 4


def standing_clamshell(body: Body) -> tuple[MadeSet, ...]:
    """Four sets: the pelvis turns by 2 to 6 deg to the knee that opens, and drops there by half of that at most."""
    rng, sets = body.rng, []
    body.place["roll"] += rng.uniform(-2, 2) if rng.random() < 0.4 else 0.0  # the floor, or the stance
    t, left = get_ready(body), rng.choice([-1, 1], p=[0.6, 0.4])
    turn_deg, sway_deg, unsteadiness = rng.uniform(2, 6), rng.uniform(0.2, 0.4), rng.uniform(0.04, 0.12)
    drop_deg = rng.uniform(0, 0.5) * turn_deg
    times_s = rng.uniform([0.6, 0, 0.6, 0], [1.5, 0.8, 1.5, 1.0])  # opening, held open, closing, held closed
    for _ in range(SETS):
        aside_m, hike_deg = rng.uniform(0.03, 0.06), rng.uniform(0, 2.5)
        start_s = t = onto_one_leg(body, t, -left * aside_m, left * hike_deg, down=True) + rng.uniform(0.4, 3)
        count = int(rng.integers(8, 16))
        for _ in range(count):
            slower = np.clip(rng.normal(1, unsteadiness), 0.7, 1.4)
            end_s = repetition(body, t, slower * times_s[:3], left * turn_deg, -left * drop_deg)
            t = end_s + slower * times_s[3]
        body.move("yaw", start_s, end_s - start_s, rng.uniform(-3, 3), course=even)
        body.move("roll", start_s, end_s - start_s, rng.uniform(-1, 1), course=even)
        body.sway(start_s - 0.3, end_s + 0.3, sway_deg)
        sets.append(MadeSet(Drill.STANDING_CLAMSHELL, Side.LEFT if left > 0 else Side.RIGHT, start_s, end_s, count))
        t = onto_one_leg(body, end_s + rng.uniform(0.1, 0.6), left * aside_m, -left * hike_deg, down=False)
        pause_s = rng.uniform(0.2, 9.2)
        stand_about(body, t, t + pause_s - 0.3)
        t += pause_s
        left = -left if pause_s < 5 or rng.random() < 0.8 else left
    body.sway(0, t + 4, 0.25)
    body.end(t + 4)
    return tuple(sets)


def onto_one_leg(body: Body, start_s: float, left_m: float, hike_deg: float, *, down: bool) -> float:
    """Shift the weight onto the standing leg with a soft knee, or back again; returns when that is done."""
    duration_s = body.rng.uniform(0.6, 1.2)
    body.go(start_s, duration_s, left_m=left_m)
    body.move("roll", start_s, duration_s, hike_deg)
    body.move("z", start_s, duration_s, -0.015 if down else 0.015)
    body.move("pitch", start_s, duration_s, 3 if down else -3)
    return start_s + duration_s


def repetition(
    body: Body, start_s: float, opening_open_closing_s: np.ndarray, turn_deg: float, drop_deg: float
) -> float:
    """The knee opens, may stay open, and closes; returns when it has closed."""
    opening_s, open_s, closing_s = opening_open_closing_s
    duration_s = opening_s + open_s + closing_s
    course = {"rise": opening_s / (opening_s + closing_s), "hold": open_s / duration_s}
    for channel, size_deg in (("yaw", turn_deg), ("roll", drop_deg)):
        body.swing(channel, start_s, duration_s, size_deg * np.clip(body.rng.normal(1, 0.15), 0.5, 1.5), **course)
    body.shake("yaw", start_s, start_s + duration_s, 0.06, band_hz=(6, 11), fade_s=0.1)  # the band trembles
    body.swing("y", start_s, duration_s, -0.003 * np.sign(turn_deg))
    return start_s + duration_s
