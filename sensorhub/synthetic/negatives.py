"""Scenes without a drill and, but for the walks, without a step: what a chain must not mistake for one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from sensorhub.synthetic.choreography import Channel, Choreography, fidget_in, sway_in
from sensorhub.synthetic.machines import car_ride, felt_by_machine, lying_still, washing_machine, wrist
from sensorhub.synthetic.pastimes import cycling, jumping_jacks, rope_skipping, shaken_in_hand
from sensorhub.synthetic.runner import synthesise_run
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams, Turn
from sensorhub.synthetic.sensor import SensorParams
from sensorhub.synthetic.truth import SyntheticRecording


class Scene(StrEnum):
    """The scenes that hold no drill."""

    WALKING = "walking"
    STANDING_ABOUT = "standing_about"
    STAIRS = "stairs"
    SITTING_DOWN = "sitting_down"
    BENDING = "bending"
    LYING_ON_THE_BACK = "lying_on_the_back"
    SIDE_JOG = "side_jog"
    UP_FROM_THE_FLOOR = "up_from_the_floor"
    CAR_RIDE = "car_ride"
    WASHING_MACHINE = "washing_machine"
    WRIST = "wrist"
    LYING_STILL = "lying_still"
    ROPE_SKIPPING = "rope_skipping"
    JUMPING_JACKS = "jumping_jacks"
    CYCLING = "cycling"
    SHAKEN_IN_HAND = "shaken_in_hand"


NOT_A_PERSONS_PELVIS = (Scene.CAR_RIDE, Scene.WASHING_MACHINE, Scene.WRIST, Scene.LYING_STILL)
"""Recordings of something else entirely: no stride in them is right."""


@dataclass(frozen=True, slots=True)
class NegativeParams:
    """A scene of some length, by a seed."""

    scene: Scene
    seed: int = 0
    duration_s: float = 60.0
    sensor: SensorParams = field(default_factory=SensorParams)


def synthesise_negative(params: NegativeParams) -> SyntheticRecording:
    """Make a scene without a drill; walking has its true steps. The same params give the same bits.

    >>> synthesise_negative(NegativeParams(Scene.BENDING)).truth.sets
    ()
    """
    if params.scene is Scene.WALKING:
        return _walking(params)
    plan_rng, sensor_rng = (np.random.default_rng(seed) for seed in np.random.SeedSequence(params.seed).spawn(2))
    if params.scene in MACHINES:
        return felt_by_machine(MACHINES[params.scene], params.sensor, params.duration_s, (plan_rng, sensor_rng))
    scene = Choreography(params.duration_s)
    _PEOPLE[params.scene](scene, plan_rng)
    return scene.recorded(params.sensor, sensor_rng)


def _walking(params: NegativeParams) -> SyntheticRecording:
    rng = np.random.default_rng(params.seed)
    turns = tuple(Turn(t, float(rng.choice([-90.0, 90.0, 180.0])), 2.0) for t in np.arange(15, params.duration_s, 12.0))
    bouts = (Bout(Pace.STAND, 6.0), Bout(Pace.WALK, max(params.duration_s - 8.0, 5.0)), Bout(Pace.STAND, 2.0))
    return synthesise_run(RunnerParams(params.seed, bouts=bouts, turns=turns, sensor=params.sensor))


def _standing_about(scene: Choreography, rng: np.random.Generator) -> None:
    sway_in(scene, (0.0, scene.duration_s), rng, 0.4)
    fidget_in(scene, (1.0, scene.duration_s - 0.5), rng, 1.5)


def _stairs(scene: Choreography, rng: np.random.Generator) -> None:
    """Flights of ten steps of 0.17 m up and down at 95 steps a minute, with a landing between."""
    sway_in(scene, (0.0, scene.duration_s), rng)
    t_s, way = 5.0, 1.0
    while t_s < scene.duration_s - 10.0:
        for i in range(10):
            step_s = 60 / 95 * (1 + 0.05 * float(rng.standard_normal()))
            side = 1.0 if i % 2 else -1.0
            scene.move(Channel.Z, t_s, step_s, 0.17 * way)
            scene.there_and_back(Channel.OBLIQUITY, t_s, step_s * 1.2, side * 4.0)
            scene.there_and_back(Channel.YAW, t_s, step_s * 1.4, -side * 4.0)
            scene.there_and_back(Channel.Y, t_s, step_s * 1.2, side * 0.035)
            scene.move(Channel.X, t_s, step_s * 1.1, 0.28)
            scene.thud(t_s + 0.05, (2.0 if way > 0 else 5.0) * float(rng.uniform(0.6, 1.4)))
            t_s += step_s
        scene.move(Channel.YAW, t_s + 0.2, 1.6, 180.0)
        t_s, way = t_s + 2.5, -way


def _sitting_down(scene: Choreography, rng: np.random.Generator) -> None:
    sway_in(scene, (0.0, scene.duration_s), rng)
    t_s = 4.0
    while t_s < scene.duration_s - 8.0:
        scene.there_and_back(Channel.TILT, t_s, 1.6, 30.0)
        scene.move(Channel.TILT, t_s + 0.4, 1.2, -22.0)
        scene.move(Channel.Z, t_s, 1.4, -0.40)
        scene.thud(t_s + 1.4, 3.0)
        seated = float(rng.uniform(2.0, 4.0))
        scene.there_and_back(Channel.OBLIQUITY, t_s + 1.8, seated, float(rng.uniform(-6, 6)))
        t_s += 1.8 + seated
        scene.there_and_back(Channel.TILT, t_s, 1.6, 30.0)
        scene.move(Channel.TILT, t_s + 0.3, 1.2, 22.0)
        scene.move(Channel.Z, t_s + 0.3, 1.3, 0.40)
        t_s += 1.8 + float(rng.uniform(1.5, 4.0))


def _bending(scene: Choreography, rng: np.random.Generator) -> None:
    """Bend to tie a shoe, reach sideways and turn, at no fixed beat."""
    sway_in(scene, (0.0, scene.duration_s), rng)
    t_s = 3.0
    while t_s < scene.duration_s - 7.0:
        duration = float(rng.uniform(1.5, 4.0))
        scene.there_and_back(Channel.TILT, t_s, duration, float(rng.uniform(25, 70)))
        scene.there_and_back(Channel.OBLIQUITY, t_s, duration, float(rng.uniform(-15, 15)))
        scene.there_and_back(Channel.YAW, t_s, duration, float(rng.uniform(-40, 40)))
        scene.there_and_back(Channel.Z, t_s, duration, -float(rng.uniform(0.02, 0.3)))
        t_s += duration + float(rng.uniform(0.5, 3.0))


def _lying_on_the_back(scene: Choreography, rng: np.random.Generator) -> None:
    """Down to the floor, on the back, bridges with the hips, up again."""
    _down(scene, 5.0, -88.0)
    end = scene.duration_s - 8.0
    scene.wander(Channel.TILT, (9.5, end), 1.0, 1.0 * rng.standard_normal(int(end / 1.0) + 5))
    t_s = 12.0
    while t_s < end - 5.0:
        scene.there_and_back(Channel.TILT, t_s, 3.0, -25.0)
        scene.there_and_back(Channel.Z, t_s, 3.0, 0.15)
        t_s += 3.0 + float(rng.uniform(0.5, 2.0))
    _up(scene, end, 88.0)


def _up_from_the_floor(scene: Choreography, rng: np.random.Generator) -> None:
    """Lie on a side only for a moment and get up by way of hands and knees, again and again."""
    t_s = 4.0
    while t_s < scene.duration_s - 14.0:
        side = float(rng.choice([-1.0, 1.0])) * float(rng.uniform(55, 85))
        _down(scene, t_s, -10.0)
        scene.move(Channel.OBLIQUITY, t_s + 1.5, 2.0, side)
        t_s += 4.2 + float(rng.uniform(0.2, 1.5))
        scene.move(Channel.OBLIQUITY, t_s, 1.6, -side)
        _up(scene, t_s + 0.8, 10.0)
        t_s += 6.0


def _side_jog(scene: Choreography, rng: np.random.Generator) -> None:
    """Three quick sidesteps, as one dodges a puddle, and stand; not a drill."""
    sway_in(scene, (0.0, scene.duration_s), rng)
    t_s = 6.0
    while t_s < scene.duration_s - 9.0:
        way = float(rng.choice([-1.0, 1.0]))
        for _ in range(3):
            step_s = 0.42 * float(rng.uniform(0.9, 1.1))
            scene.move(Channel.Y, t_s, step_s * 1.1, way * 0.45)
            scene.there_and_back(Channel.Z, t_s, step_s, 0.06)
            scene.there_and_back(Channel.OBLIQUITY, t_s, step_s, -way * 5.0)
            scene.thud(t_s + 0.8 * step_s, 8.0)
            t_s += step_s
        t_s += float(rng.uniform(6.0, 10.0))


def _down(scene: Choreography, start_s: float, tilt_deg: float) -> None:
    scene.there_and_back(Channel.TILT, start_s, 2.6, 40.0)
    scene.move(Channel.Z, start_s, 3.0, -0.8)
    scene.move(Channel.TILT, start_s + 1.8, 2.0, tilt_deg)
    scene.thud(start_s + 1.6, 3.0)
    scene.thud(start_s + 3.4, 2.0, axis=0)


def _up(scene: Choreography, start_s: float, tilt_deg: float) -> None:
    scene.move(Channel.TILT, start_s, 1.8, tilt_deg)
    scene.there_and_back(Channel.TILT, start_s + 1.0, 3.0, 40.0)
    scene.move(Channel.Z, start_s + 0.5, 3.5, 0.8)


_PEOPLE: dict[Scene, Callable[[Choreography, np.random.Generator], None]] = {
    Scene.STANDING_ABOUT: _standing_about,
    Scene.STAIRS: _stairs,
    Scene.SITTING_DOWN: _sitting_down,
    Scene.BENDING: _bending,
    Scene.LYING_ON_THE_BACK: _lying_on_the_back,
    Scene.SIDE_JOG: _side_jog,
    Scene.UP_FROM_THE_FLOOR: _up_from_the_floor,
}

MACHINES = {
    Scene.CAR_RIDE: car_ride,
    Scene.WASHING_MACHINE: washing_machine,
    Scene.WRIST: wrist,
    Scene.LYING_STILL: lying_still,
    Scene.ROPE_SKIPPING: rope_skipping,
    Scene.JUMPING_JACKS: jumping_jacks,
    Scene.CYCLING: cycling,
    Scene.SHAKEN_IN_HAND: shaken_in_hand,
}
