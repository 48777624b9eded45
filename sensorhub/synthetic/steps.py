"""The course of a run: which foot lands when, and the pieces of acceleration that carry the trunk from step to step."""

from dataclasses import dataclass

import numpy as np

from sensorhub.model.samples import FloatArray
from sensorhub.model.units import GRAVITY_MPS2
from sensorhub.synthetic.pieces import BUMP_SHARE, PieceBuilder, Pieces
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams, Style

CONTACT_FORCE_N = 50.0
RUN_PLACE_M = -0.03
"""Height of the pelvis at a running landing, against standing."""
WALK_PLACE_M = -0.025
"""Its lowest height in walking."""
RISE_S = 0.34
"""How long the push-off into the first running step takes."""
SETTLE_S = 0.5
"""How long it takes to come to a stand."""


@dataclass(frozen=True, slots=True)
class Step:
    """One landing. start_s, end_s: where the foot's force begins and ends; t_ic, t_to: where it passes 50 N."""

    start_s: float
    end_s: float
    t_ic: float
    t_to: float
    left: bool
    pace: Pace
    step_s: float
    speed_mps: float


@dataclass(frozen=True, slots=True)
class Course:
    """All steps, the trunk's acceleration forward, left and up (heading frame), and where it does not stand.

    unsure_s: starts and stops of gait, where a landing is neither a step nor none.
    """

    steps: tuple[Step, ...]
    forward: Pieces
    left: Pieces
    up: Pieces
    moving_s: tuple[tuple[float, float, Pace], ...]
    unsure_s: tuple[tuple[float, float], ...]
    end_s: float


class _Walker:
    """Lays the three axes side by side, so that their pieces share joints."""

    def __init__(self, params: RunnerParams, rng: np.random.Generator) -> None:
        self.style = params.style
        self.rng = rng
        self.forward, self.left, self.up = PieceBuilder(), PieceBuilder(), PieceBuilder()
        self.steps: list[Step] = []
        self.moving: list[tuple[float, float, Pace]] = []
        self.unsure: list[tuple[float, float]] = []
        self.left_next = bool(rng.integers(2))

    @property
    def t_s(self) -> float:
        return self.up.t_s

    def glide(self, duration_s: float, forward_mps: float, left_mps: float, up_mps: float, place_m: float) -> None:
        """Pass from one way of moving to another."""
        self.forward.to_speed(duration_s, forward_mps)
        self.left.to_speed(duration_s, left_mps)
        self.up.to_state(duration_s, up_mps, place_m)

    def doubt(self, start_s: float, end_s: float) -> None:
        self.unsure.append((start_s, end_s))

    def stand(self, bout: Bout) -> None:
        if self.t_s > 0:
            start = self.t_s
            self.glide(SETTLE_S, 0.0, 0.0, 0.0, 0.0)
            self.doubt(start - 0.6, self.t_s + 0.3)
        self.glide(bout.duration_s, 0.0, 0.0, 0.0, 0.0)

    def run(self, bout: Bout) -> None:
        plan = _running_plan(self.style, bout, self.rng)
        start = self.t_s
        rise, sway = self.style.takeoff_rise_m, self.style.sway_speed_mps
        first_speed = max(0.35 * plan.speed_mps[0], min(self.forward.speed_mps, plan.speed_mps[0]))
        up_speed, flight_s = plan.takeoff(0)
        # The push-off that lifts the runner is made with the foot that does not land first.
        self.glide(RISE_S, first_speed, sway if self.left_next else -sway, up_speed, RUN_PLACE_M + rise)
        self._fly(flight_s)
        self.doubt(start - 0.3, self.t_s - 0.001)
        for i in range(len(plan.contact_s)):
            self._stance(plan, i, first_speed)
        self.moving.append((start, self.t_s, Pace.RUN))
        self.doubt(self.t_s - 0.001, self.t_s + SETTLE_S + 0.6)

    def _stance(self, plan: "_RunningPlan", i: int, first_speed: float) -> None:
        style, contact, start = self.style, float(plan.contact_s[i]), self.t_s
        settle = np.exp(-(i + 1) / 4.0)
        speed = float(plan.speed_mps[i] * (1 - settle) + first_speed * settle)
        sway = style.sway_speed_mps * float(plan.sway[i])
        self.forward.to_speed(contact, speed, {"sin2": -style.braking_mps2 * speed / style.speed_mps})
        away, shift = (-sway, style.hip_shift_mps2) if self.left_next else (sway, -style.hip_shift_mps2)
        self.left.to_speed(contact, away, {"sin2": shift})
        up_speed, flight_s = plan.takeoff(i + 1)
        active = np.pi / 2 * GRAVITY_MPS2 * (contact + flight_s) / contact
        known = {
            "constant": -GRAVITY_MPS2,
            "bump": style.impact_peak_mps2 * float(plan.impact[i]),
            "sin3": -style.stance_roundness * float(active),
        }
        shape = self.up.to_state(contact, up_speed, RUN_PLACE_M + style.takeoff_rise_m, known)
        threshold = CONTACT_FORCE_N / style.mass_kg
        on, off = _crossings(shape, threshold)
        end = start + contact
        self.steps.append(
            Step(
                start,
                end,
                start + on * contact,
                end - off * contact,
                self.left_next,
                Pace.RUN,
                contact + flight_s,
                speed,
            )
        )
        self.left_next = not self.left_next
        self._fly(flight_s)

    def _fly(self, duration_s: float) -> None:
        self.forward.fall(duration_s, 0.0)
        self.left.fall(duration_s, 0.0)
        self.up.fall(duration_s, GRAVITY_MPS2)

    def walk(self, bout: Bout) -> None:
        style, rng, start = self.style, self.rng, self.t_s
        speed = bout.speed_mps or style.walk_speed_mps
        sway = 0.10
        self.glide(0.45, 0.8 * speed, -sway if not self.left_next else sway, 0.0, WALK_PLACE_M)
        self.doubt(start - 0.4, self.t_s + 0.5)
        count = max(2, round(bout.duration_s * style.walk_cadence_spm / 60))
        times = 60 / style.walk_cadence_spm * (1 + 0.02 * rng.standard_normal(count))
        for i in range(count):
            self._walking_step(float(times[i]), speed * (1 + 0.03 * float(rng.standard_normal())), sway)
        self.moving.append((start, self.t_s, Pace.WALK))
        self.doubt(self.t_s - 0.8, self.t_s + 0.6)

    def _walking_step(self, step_s: float, speed: float, sway: float) -> None:
        """From the middle of one double support, where the trunk is lowest, to the next."""
        style, start = self.style, self.t_s
        # Slower walking has longer stances: 65, 62, 58 % at 0.7, 1.3, 1.9 m/s (Perry & Burnfield 2010).
        duty = style.walk_duty_factor + 0.05 * (style.walk_speed_mps - speed)
        half_double = (duty - 0.5) * step_s
        w = 2 * np.pi / step_s
        self.forward.to_speed(step_s, speed, {"sin2": -0.10 * speed * w})
        self.left.to_speed(step_s, -sway if self.left_next else sway)
        self.up.to_state(step_s, 0.0, WALK_PLACE_M, {"cos2": 0.5 * style.walk_oscillation_m * w**2})
        # Contact is half a double support before the lowest point, toe-off half a double support after the next.
        t_ic, t_to = start - half_double, start + step_s + half_double
        self.steps.append(Step(t_ic, t_to, t_ic, t_to, self.left_next, Pace.WALK, step_s, speed))
        self.left_next = not self.left_next


@dataclass(frozen=True, slots=True)
class _RunningPlan:
    contact_s: FloatArray
    flight_s: FloatArray
    speed_mps: FloatArray
    impact: FloatArray
    sway: FloatArray
    landing_m: FloatArray
    takeoff_m: float

    def takeoff(self, i: int) -> tuple[float, float]:
        """Speed upward and time of the flight that ends with landing i at the height planned."""
        flight = float(self.flight_s[i])
        return (GRAVITY_MPS2 * flight / 2 + (float(self.landing_m[i]) - self.takeoff_m) / flight, flight)


def _running_plan(style: Style, bout: Bout, rng: np.random.Generator) -> _RunningPlan:
    speed = bout.speed_mps or style.speed_mps
    faster = speed - style.speed_mps
    # Slopes over 2.5 to 4.5 m/s as in Fukuchi et al. (2017): some 7 steps/min and 0.04 of duty factor per m/s.
    cadence = style.cadence_spm + 7.0 * faster
    duty = float(np.clip(style.duty_factor - 0.04 * faster, 0.2, 0.47))
    count = max(4, round(bout.duration_s * cadence / 60) + 1)
    noise = rng.standard_normal((5, count + 1))
    step = 60 / cadence * (1 + style.step_time_cv * noise[0])
    contact = 2 * duty * 60 / cadence * (1 + style.contact_time_cv * noise[1])
    contact = contact * (1 + 0.5 * style.contact_asymmetry * np.where(np.arange(count + 1) % 2, -1.0, 1.0))
    flight = np.maximum(step - contact, 0.015)
    return _RunningPlan(
        contact[:-1],
        flight,
        speed * (1 + 0.01 * noise[2][:-1]),
        np.clip(1 + 0.25 * noise[3][:-1], 0.0, 2.0),
        np.clip(1 + 0.3 * noise[4][:-1], 0.2, 2.0),
        np.full(count + 1, RUN_PLACE_M) + 0.002 * rng.standard_normal(count + 1),
        RUN_PLACE_M + style.takeoff_rise_m,
    )


def _crossings(shape: FloatArray, threshold: float) -> tuple[float, float]:
    """Shares of the stance, from its start and before its end, at which the force first passes the threshold."""
    _, sin1, sin2, sin3, _, bump = (float(x) for x in shape)
    share = np.linspace(0.0, 0.3, 601)
    sines = sin1 * np.sin(np.pi * share) + sin3 * np.sin(3 * np.pi * share)
    second = sin2 * np.sin(2 * np.pi * share)
    landing = sines + second + bump * np.sin(np.pi * np.minimum(share / BUMP_SHARE, 1.0)) ** 2
    return _first_pass(share, landing, threshold), _first_pass(share, sines - second, threshold)


def _first_pass(share: FloatArray, force: FloatArray, threshold: float) -> float:
    over = max(int(np.argmax(force > threshold)), 1)
    return float(np.interp(threshold, force[over - 1 : over + 1], share[over - 1 : over + 1]))


def planned(params: RunnerParams, rng: np.random.Generator) -> Course:
    """Lay out the whole programme."""
    walker = _Walker(params, rng)
    for bout in params.bouts:
        {Pace.STAND: walker.stand, Pace.WALK: walker.walk, Pace.RUN: walker.run}[bout.pace](bout)
    if params.bouts[-1].pace is not Pace.STAND:
        walker.stand(Bout(Pace.STAND, 0.5))
    return Course(
        tuple(walker.steps),
        walker.forward.done(),
        walker.left.done(),
        walker.up.done(),
        tuple(walker.moving),
        tuple(walker.unsure),
        walker.t_s,
    )
