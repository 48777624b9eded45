"""A made runner: from params to samples and exact truth."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from sensorhub.model.gait import Gait, Side
from sensorhub.model.samples import FloatArray, SampleBlock
from sensorhub.model.units import DEG_PER_RAD
from sensorhub.synthetic.clip import carried_by, shocked, slip_turning
from sensorhub.synthetic.rigid_body import felt_at
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams
from sensorhub.synthetic.sensor import drawn_mount, taken
from sensorhub.synthetic.steps import Course, planned
from sensorhub.synthetic.truth import SyntheticRecording, TrueStep, Truth
from sensorhub.synthetic.waveforms import PelvisCurves, drawn_curves

TURN_RATE_RADPS = 0.15
"""A heading that changes faster than this (9 deg/s) is a bend."""

LONGEST_FLIGHT_S = 0.5
"""After more than this without a foot on the ground there was a pause."""


def synthesise_run(params: RunnerParams) -> SyntheticRecording:
    """Make a recording of standing, walking and running as `params` says; the same params give the same bits.

    >>> recording = synthesise_run(RunnerParams(seed=1))
    >>> len(recording.truth.steps) > 150
    True
    """
    course_rng, curve_rng, clip_rng, sensor_rng = (
        np.random.default_rng(seed) for seed in np.random.SeedSequence(params.seed).spawn(4)
    )
    course = planned(params, course_rng)
    curves = drawn_curves(params, course, curve_rng)
    rate_hz = params.sensor.rate_hz
    t_s = np.arange(int(course.end_s * rate_hz)) / rate_hz
    attitude = curves.attitude(t_s)
    force, rate = felt_at(attitude, _acceleration(course, curves, t_s), params.sensor.place_m)
    landings = np.array([step.t_ic for step in course.steps])
    shock, wobbles = shocked(t_s, landings, params.impact, clip_rng)
    slips = [slip_turning(slip, t_s) for slip in params.slips]
    force, rate = carried_by(force + shock, rate, wobbles + slips)
    mount = drawn_mount(params.sensor, sensor_rng)
    unit_rng = None if params.unit_seed is None else np.random.default_rng(params.unit_seed)
    block = taken(params.sensor, SampleBlock(t_s, force, rate), mount, sensor_rng, unit_rng)
    return SyntheticRecording(block, Truth(rate_hz, mount, _true_steps(course, curves), (), course.unsure_s))


def endless_run(params: RunnerParams, chapter_s: float = 600.0, stop_s: float = 12.0) -> Iterator[SampleBlock]:
    """Yield samples without end, a chapter at a time: the runner runs, waits at a crossing, and runs on.

    The first chapter begins with the standing that `params` begins with. Sensor and mounting stay the same.
    """
    first = params.bouts[0].duration_s if params.bouts and params.bouts[0].pace is Pace.STAND else 0.0
    start_s, chapter = 0.0, 0
    mount = drawn_mount(params.sensor, np.random.default_rng(np.random.SeedSequence(params.seed).spawn(4)[3]))
    while True:
        stand = Bout(Pace.STAND, first if chapter == 0 else stop_s)
        bouts = (stand, Bout(Pace.RUN, chapter_s)) if stand.duration_s > 0 else (Bout(Pace.RUN, chapter_s),)
        seed = params.seed + 7919 * chapter
        sensor = replace(params.sensor, mount=mount)
        part = replace(params, seed=seed, bouts=bouts, sensor=sensor, unit_seed=params.seed)
        block = synthesise_run(part).block
        yield SampleBlock(block.t_s + start_s, block.acc_mps2, block.gyr_radps)
        start_s += float(block.t_s[-1]) + 1 / params.sensor.rate_hz
        chapter += 1


def _acceleration(course: Course, curves: PelvisCurves, t_s: FloatArray) -> FloatArray:
    """Acceleration of the pelvis origin in the earth frame, shape (n, 3)."""
    heading, rate = curves.heading(t_s), curves.heading(t_s, 1)
    forward = course.forward.acceleration_mps2(t_s)
    left = course.left.acceleration_mps2(t_s) + course.forward.velocity_mps(t_s) * rate
    c, s = np.cos(heading), np.sin(heading)
    return np.stack([c * forward - s * left, s * forward + c * left, course.up.acceleration_mps2(t_s)], axis=-1)


def _true_steps(course: Course, curves: PelvisCurves) -> tuple[TrueStep, ...]:
    if not course.steps:
        return ()
    start = np.array([step.t_ic for step in course.steps])
    end = np.array([step.t_to for step in course.steps])
    next_start = start + np.array([step.step_s for step in course.steps])
    side = np.array([1.0 if step.left else -1.0 for step in course.steps])
    share = np.linspace(0.0, 1.0, 241)
    stance = start[:, None] + share * (end - start)[:, None]
    drop = DEG_PER_RAD * side[:, None] * curves.obliquity(stance)
    peak = _peaks(drop)
    stride = start[:, None] + share * 2 * (next_start - start)[:, None]
    rotation = DEG_PER_RAD * np.ptp(curves.yaw(stride), axis=1)
    tilt = DEG_PER_RAD * curves.tilt(stance).mean(axis=1)
    rise_from = _toe_off_before(start, end)
    height = np.stack([course.up.position_m(row) for row in rise_from[:, None] + share * (end - rise_from)[:, None]])
    turning = np.abs(curves.heading(stance, 1)).max(axis=1) > TURN_RATE_RADPS
    return tuple(
        TrueStep(
            t_ic=step.t_ic,
            t_to=step.t_to,
            side=Side.LEFT if step.left else Side.RIGHT,
            drop=float(peak[i]),
            drop_ic=float(drop[i, 0]),
            exc=float(peak[i] - drop[i, 0]),
            gct=step.t_to - step.t_ic,
            activity=Gait.RUN if step.pace is Pace.RUN else Gait.WALK,
            vertical_oscillation_m=float(np.ptp(height[i])),
            rotation_range_deg=float(rotation[i]),
            tilt_deg=float(tilt[i]),
            turn=bool(turning[i]),
        )
        for i, step in enumerate(course.steps)
    )


def _toe_off_before(start: FloatArray, end: FloatArray) -> FloatArray:
    """The other foot's toe-off before each own one, s; after a pause the own contact. Both of shape (n,)."""
    before = np.concatenate([start[:1], end[:-1]])
    return np.where(start - before < LONGEST_FLIGHT_S, before, start)


def _peaks(rows: FloatArray) -> FloatArray:
    """Largest value of each row, with a parabola through its neighbours, shape (n, k) -> (n,)."""
    best = np.argmax(rows, axis=1)
    inner = np.clip(best, 1, rows.shape[1] - 2)
    index = np.arange(len(rows))
    before, at, after = rows[index, inner - 1], rows[index, inner], rows[index, inner + 1]
    bend = before - 2 * at + after
    top = at - (after - before) ** 2 / (8 * np.where(bend == 0, -1.0, bend))
    return np.asarray(np.where(best == inner, np.maximum(top, at), rows[index, best]))
