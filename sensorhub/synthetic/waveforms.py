"""How the pelvis turns in a gait cycle: smooth curves after published averages, as angles over the whole course.

Sources, with what is taken from each, are listed in docs/synthetic.md.
"""

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline, PchipInterpolator

from sensorhub.model.samples import FloatArray
from sensorhub.model.units import GRAVITY_MPS2, RAD_PER_DEG
from sensorhub.synthetic import minimum_jerk
from sensorhub.synthetic.rigid_body import Attitude, with_derivatives
from sensorhub.synthetic.runner_params import Pace, RunnerParams, Style, Turn
from sensorhub.synthetic.steps import Course, Step

KNOT_S = 0.02
"""Spacing of the splines: the curves end at the third harmonic of the step, below 10 Hz."""


@dataclass(frozen=True, slots=True)
class PelvisCurves:
    """The pelvis's angles as splines, and the heading of the path with two derivatives."""

    yaw: CubicSpline
    obliquity: CubicSpline
    tilt: CubicSpline
    heading: CubicSpline

    def attitude(self, t_s: FloatArray) -> Attitude:
        """Return the angles and their exact derivatives at t_s."""
        yaw, obliquity, tilt, heading = (
            with_derivatives(curve, t_s) for curve in (self.yaw, self.obliquity, self.tilt, self.heading)
        )
        return Attitude(yaw + heading, obliquity, tilt)


def drawn_curves(params: RunnerParams, course: Course, rng: np.random.Generator) -> PelvisCurves:
    """Draw this run's curves, step by step."""
    style = params.style
    knots = np.arange(-0.2, course.end_s + 0.2 + KNOT_S, KNOT_S)
    steps = _StepTable.of(course.steps)
    running = _running_share(course, knots)
    drops = _drawn_drops(style, steps, rng)
    posture = style.posture_sd_deg * _slow_noise(knots, 1.5, rng)
    sway = style.stand_sway_deg * _slow_noise(knots, 0.8, rng)
    heading, curvature = _heading(params.turns, knots)
    forward = course.forward.velocity_mps(np.clip(knots, 0, course.end_s))
    lean = np.arctan(forward * curvature / GRAVITY_MPS2) / RAD_PER_DEG * style.bend_lean_share
    moving = np.clip(running[Pace.RUN] + running[Pace.WALK], 0, 1)
    obliquity = _obliquity(style, steps, drops, knots, moving) + 0.4 * sway * (1 - moving)
    obliquity += (style.camber_deg + 0.3 * posture) * moving - lean
    tilt = _tilt(style, steps, knots, running) + posture * moving + sway * (1 - moving)
    yaw = _rotation(style, steps, knots, running) + 0.5 * posture
    return PelvisCurves(*(CubicSpline(knots, RAD_PER_DEG * a) for a in (yaw, obliquity, tilt, heading)))


@dataclass(frozen=True, slots=True)
class _StepTable:
    """The steps as arrays, each shape (n,): contact and stance, phase anchors, side (+1 left), running or not."""

    contact_s: FloatArray
    stance_s: FloatArray
    side: FloatArray
    runs: FloatArray

    @staticmethod
    def of(steps: tuple[Step, ...]) -> "_StepTable":
        rows = np.array([(s.t_ic, s.t_to - s.t_ic, 1.0 if s.left else -1.0, s.pace is Pace.RUN) for s in steps])
        rows = rows.reshape(-1, 4).astype(np.float64)
        return _StepTable(rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3])

    def phase(self, knots: FloatArray, peak_share: float, *, alternating: bool = True) -> FloatArray:
        """Half turns since a left peak at each knot: even where a left stance is at peak_share, odd for a right one."""
        if len(self.contact_s) < 2:
            return np.zeros_like(knots)
        peak = self.contact_s + peak_share * self.stance_s
        count = np.arange(len(peak), dtype=np.float64)
        if alternating:
            # A pause may break the alternation of feet: then one half turn more passes, in standing.
            same = np.concatenate([[0.0], (np.diff(self.side) == 0).astype(np.float64)])
            count = count + np.cumsum(same) + (0.0 if self.side[0] > 0 else 1.0)
        inner = np.clip(knots, peak[0], peak[-1])
        step = self.contact_s[1] - self.contact_s[0]
        outside = (knots - inner) / step
        return np.asarray(PchipInterpolator(peak, count)(inner) + outside)

    def smooth(self, knots: FloatArray, values: FloatArray, peak_share: float) -> FloatArray:
        """Carry one value a step over the knots, without steps."""
        peak = self.contact_s + peak_share * self.stance_s
        if len(peak) < 2:
            return np.zeros_like(knots)
        return np.asarray(PchipInterpolator(peak, values)(np.clip(knots, peak[0], peak[-1])))


def _running_share(course: Course, knots: FloatArray) -> dict[Pace, FloatArray]:
    """How far each pace is under way at each knot, 0 to 1, with a smooth rise and fall of 0.6 s."""
    share = {Pace.RUN: np.zeros_like(knots), Pace.WALK: np.zeros_like(knots)}
    for start, end, pace in course.moving_s:
        up, down = minimum_jerk.way((knots - start) / 0.6), minimum_jerk.way((end + 0.3 - knots) / 0.6)
        share[pace] = np.maximum(share[pace], up * down)
    return share


def _drawn_drops(style: Style, steps: _StepTable, rng: np.random.Generator) -> FloatArray:
    """Peak drop of each step, deg: the runner's own, with drift and autocorrelated spread."""
    count = len(steps.contact_s)
    noise = rng.standard_normal(count)
    rho = style.drop_autocorrelation
    spread = np.zeros(count)
    for i in range(count):
        spread[i] = rho * spread[i - 2] + np.sqrt(1 - rho**2) * noise[i] if i >= 2 else noise[i]
    minutes = (steps.contact_s - (steps.contact_s[0] if count else 0.0)) / 60
    left = style.drop_left_deg + style.drift_left_deg_per_min * minutes
    right = style.drop_right_deg + style.drift_right_deg_per_min * minutes
    running = np.where(steps.side > 0, left, right)
    own = np.where(steps.runs > 0, running, style.walk_drop_deg)
    return np.asarray(own + style.drop_stride_sd_deg * spread)


def _obliquity(style: Style, steps: _StepTable, drops: FloatArray, knots: FloatArray, moving: FloatArray) -> FloatArray:
    """Obliquity, deg: one wave a stride, the swing side is lowest at drop_peak_share of a stance.

    A wave a step on top, which is zero at the peaks, lets one side fall further to its peak than the other.
    """
    phase = np.pi * steps.phase(knots, style.drop_peak_share)
    third = style.drop_third_harmonic
    wave = (np.cos(phase) + third * np.cos(3 * phase + 0.9)) / (1 + third * np.cos(0.9))
    signed = drops * steps.side
    middle = np.zeros(len(signed))
    if len(signed) > 2:
        middle[1:-1] = 0.25 * signed[:-2] + 0.5 * signed[1:-1] + 0.25 * signed[2:]
        middle[0], middle[-1] = middle[1], middle[-2]
    amplitude = steps.smooth(knots, steps.side * (signed - middle), style.drop_peak_share)
    uneven = style.excursion_unevenness_deg * (np.cos(2 * phase) - 1) / 2
    return np.asarray((steps.smooth(knots, middle, style.drop_peak_share) + amplitude * wave + uneven) * moving)


def _tilt(style: Style, steps: _StepTable, knots: FloatArray, share: dict[Pace, FloatArray]) -> FloatArray:
    """Anterior tilt against standing, deg: two waves a stride, least in early stance, most around toe-off."""
    phase = 2 * np.pi * steps.phase(knots, 0.25, alternating=False)
    run = style.lean_deg - 0.5 * style.tilt_range_deg * np.cos(phase) + 0.4 * np.cos(2 * phase + 0.5)
    walk = 2.0 - 1.2 * np.cos(phase)
    return np.asarray(run * share[Pace.RUN] + walk * share[Pace.WALK])


def _rotation(style: Style, steps: _StepTable, knots: FloatArray, share: dict[Pace, FloatArray]) -> FloatArray:
    """Rotation about the vertical, deg: each side is foremost in its mid-swing (run) or at its contact (walk)."""
    run = -0.5 * style.rotation_range_deg * np.cos(np.pi * steps.phase(knots, -0.8))
    walk = -4.0 * np.cos(np.pi * steps.phase(knots, 0.05))
    return np.asarray(run * share[Pace.RUN] + walk * share[Pace.WALK])


def _heading(turns: tuple[Turn, ...], knots: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Heading of the path, deg, and its rate, rad/s."""
    heading, rate = np.zeros_like(knots), np.zeros_like(knots)
    for turn in turns:
        share = (knots - turn.start_s) / turn.duration_s
        heading += turn.angle_deg * minimum_jerk.way(share)
        rate += turn.angle_deg * RAD_PER_DEG / turn.duration_s * minimum_jerk.speed(share)
    return heading, rate


def _slow_noise(knots: FloatArray, correlation_s: float, rng: np.random.Generator) -> FloatArray:
    """Smooth wandering of unit spread, one free value each correlation time."""
    coarse = np.arange(knots[0] - correlation_s, knots[-1] + 2 * correlation_s, correlation_s)
    return np.asarray(CubicSpline(coarse, rng.standard_normal(len(coarse)))(knots))
