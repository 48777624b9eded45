"""The side plank: down to the floor, hips up, hold, sink; then the other side."""

from dataclasses import dataclass, field

import numpy as np

from sensorhub.model.exercise import Drill
from sensorhub.model.gait import Side
from sensorhub.synthetic.choreography import Channel, Choreography, sway_in
from sensorhub.synthetic.sensor import SensorParams
from sensorhub.synthetic.truth import SyntheticRecording, TrueSet


@dataclass(frozen=True, slots=True)
class HoldPlan:
    """One hold. dips_s: when the hips dip, and come back within dip_s. leg_lift_s: when the top leg rises."""

    side: Side
    hold_s: float = 25.0
    sag_deg: float = 2.0
    dips_s: tuple[float, ...] = ()
    dip_s: float = 0.8
    leg_lift_s: float | None = None


@dataclass(frozen=True, slots=True)
class SidePlankParams:
    """A session of side planks.

    floor_deg: how far the pelvis's upper end is above the level as it lies; lift_deg: how far lifting the hips turns it
    on. rest_s: on the floor, between holds. stands_between: whether the person stands up to change sides.
    """

    seed: int = 0
    holds: tuple[HoldPlan, ...] = (HoldPlan(Side.LEFT), HoldPlan(Side.RIGHT))
    floor_deg: float = 4.0
    lift_deg: float = 14.0
    lift_s: float = 0.9
    shake_deg: float = 0.25
    roll_deg: float = 4.0
    stand_s: float = 8.0
    rest_s: float = 10.0
    stands_between: bool = False
    sensor: SensorParams = field(default_factory=SensorParams)


class _Floor:
    """Where the person is, and how to get elsewhere; times and poses are laid on a scene as they pass."""

    def __init__(self, params: SidePlankParams, rng: np.random.Generator, duration_s: float) -> None:
        self.params, self.rng = params, rng
        self.scene = Choreography(duration_s)
        self.t_s = 0.0
        self.obliquity_deg = 0.0
        self.upright = True

    def wait(self, duration_s: float) -> None:
        if self.upright:
            sway_in(self.scene, (self.t_s, self.t_s + duration_s), self.rng)
        self.t_s += duration_s

    def lie_on(self, side: Side) -> None:
        """Kneel, and go over the hip to the floor; from one side to the other by way of kneeling."""
        target = (-1.0 if side is Side.LEFT else 1.0) * (90.0 - self.params.floor_deg)
        if abs(target - self.obliquity_deg) < 1.0:
            return
        if self.upright:
            self.kneel()
        duration = 2.2 if abs(self.obliquity_deg) < 1.0 else 3.4
        self.scene.move(Channel.OBLIQUITY, self.t_s, duration, target - self.obliquity_deg)
        self.scene.there_and_back(Channel.TILT, self.t_s, duration, 15.0)
        self.scene.move(Channel.YAW, self.t_s, duration, float(self.rng.uniform(-20, 20)))
        if self.upright:
            self.scene.move(Channel.Z, self.t_s, duration, -0.38)
            self.scene.move(Channel.TILT, self.t_s, duration, -35.0)
        else:
            self.scene.there_and_back(Channel.Z, self.t_s, duration, 0.25)
        self.t_s += duration
        self.scene.thud(self.t_s - 0.3, 2.0, axis=1)
        self.obliquity_deg, self.upright = target, False
        self.fidget(1.2)

    def kneel(self) -> None:
        self.scene.move(Channel.TILT, self.t_s, 1.3, 35.0)
        self.scene.move(Channel.Z, self.t_s, 1.3, -0.42)
        self.t_s += 1.5
        self.scene.thud(self.t_s - 0.2, 3.0)

    def stand_up(self) -> None:
        if self.upright:
            return
        self.scene.move(Channel.OBLIQUITY, self.t_s, 2.0, -self.obliquity_deg)
        self.scene.there_and_back(Channel.TILT, self.t_s, 3.6, 30.0)
        self.scene.move(Channel.Z, self.t_s, 3.4, 0.80)
        self.t_s += 3.8
        self.obliquity_deg, self.upright = 0.0, True

    def fidget(self, duration_s: float) -> None:
        """Settle the elbow and the feet."""
        noise = self.rng.standard_normal((3, int(duration_s / 0.25) + 5))
        for channel, size, row in zip(
            (Channel.OBLIQUITY, Channel.TILT, Channel.YAW), (1.5, 3.0, 2.0), noise, strict=True
        ):
            self.scene.wander(channel, (self.t_s, self.t_s + duration_s), 0.25, size * row)
        self.t_s += duration_s

    def hold(self, plan: HoldPlan) -> TrueSet:
        """Lift, hold with sag, shake, dips and leg lift, and sink. The hold runs from half lift to half sink."""
        params, scene = self.params, self.scene
        up = 1.0 if plan.side is Side.LEFT else -1.0
        lift_s, sink_s = params.lift_s, 0.7 * params.lift_s
        start, end = self.t_s + lift_s / 2, self.t_s + lift_s / 2 + plan.hold_s
        scene.move(Channel.OBLIQUITY, self.t_s, lift_s, up * params.lift_deg)
        scene.move(Channel.Z, self.t_s, lift_s, 0.14)
        steady = (self.t_s + lift_s, end - sink_s / 2)
        scene.move(Channel.OBLIQUITY, steady[0], steady[1] - steady[0], -up * plan.sag_deg)
        self._unsteady(steady)
        for dip in plan.dips_s:
            scene.there_and_back(Channel.OBLIQUITY, start + dip, plan.dip_s, -0.7 * up * params.lift_deg)
            scene.there_and_back(Channel.Z, start + dip, plan.dip_s, -0.09)
        if plan.leg_lift_s is not None:
            self._leg_lift(start + plan.leg_lift_s, end, up)
        scene.move(Channel.OBLIQUITY, end - sink_s / 2, sink_s, -up * (params.lift_deg - plan.sag_deg))
        scene.move(Channel.Z, end - sink_s / 2, sink_s, -0.14)
        scene.thud(end + 0.4 * sink_s, 1.5, axis=1)
        self.t_s = end + sink_s / 2
        return TrueSet(
            Drill.SIDE_PLANK,
            start,
            end,
            side=plan.side,
            hold_s=plan.hold_s,
            sag_deg=plan.sag_deg,
            leg_lift=plan.leg_lift_s is not None,
        )

    def _unsteady(self, steady: tuple[float, float]) -> None:
        """Rock about the long axis, slowly, and shake at 6 to 10 Hz more and more (tremor of tiring muscle)."""
        span = steady[1] - steady[0]
        slow = self.rng.standard_normal((2, int(span / 1.5) + 5))
        self.scene.wander(Channel.TILT, steady, 1.5, 0.4 * self.params.roll_deg * slow[0])
        self.scene.wander(Channel.OBLIQUITY, steady, 1.5, 0.5 * slow[1])
        shake = self.rng.standard_normal((2, int(span / 0.06) + 5))
        growing = np.linspace(0.4, 1.4, shake.shape[1])
        self.scene.wander(Channel.OBLIQUITY, steady, 0.06, self.params.shake_deg * growing * shake[0])
        self.scene.wander(Channel.TILT, steady, 0.06, self.params.shake_deg * growing * shake[1])

    def _leg_lift(self, start_s: float, end_s: float, up: float) -> None:
        """The top leg rises and stays: the pelvis yields a little towards it, rolls, and the shake grows."""
        self.scene.move(Channel.OBLIQUITY, start_s, 1.0, -2.5 * up)
        self.scene.move(Channel.TILT, start_s, 1.0, 3.0)
        self.scene.move(Channel.OBLIQUITY, end_s - 0.8, 0.8, 2.5 * up)
        self.scene.move(Channel.TILT, end_s - 0.8, 0.8, -3.0)


def synthesise_side_plank(params: SidePlankParams) -> SyntheticRecording:
    """Make a session of side planks with exact truth; the same params give the same bits.

    >>> recording = synthesise_side_plank(SidePlankParams(seed=1))
    >>> [(one.side.value, one.hold_s) for one in recording.truth.sets]
    [('left', 25.0), ('right', 25.0)]
    """
    plan_rng, sensor_rng = (np.random.default_rng(seed) for seed in np.random.SeedSequence(params.seed).spawn(2))
    longest = params.stand_s + sum(one.hold_s + params.rest_s + 18.0 for one in params.holds) + 10.0
    floor = _Floor(params, plan_rng, longest)
    floor.wait(params.stand_s)
    sets = []
    for index, plan in enumerate(params.holds):
        if index:
            floor.wait(params.rest_s)
            if params.stands_between:
                floor.stand_up()
                floor.wait(3.0)
        floor.lie_on(plan.side)
        sets.append(floor.hold(plan))
    floor.wait(2.0)
    floor.stand_up()
    floor.wait(3.0)
    made = floor.scene.recorded(params.sensor, sensor_rng, sets)
    before_end = int(np.searchsorted(made.block.t_s, floor.t_s))
    return SyntheticRecording(made.block.cut(0, before_end), made.truth)
