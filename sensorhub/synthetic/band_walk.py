"""The lateral band walk: sidesteps with a band round the legs, from how weight and pelvis must move."""

from dataclasses import dataclass, field

import numpy as np

from sensorhub.model.exercise import Drill
from sensorhub.model.gait import Side
from sensorhub.model.samples import FloatArray
from sensorhub.synthetic.choreography import Channel, Choreography, fidget_in, sway_in, uneven
from sensorhub.synthetic.sensor import SensorParams
from sensorhub.synthetic.truth import SyntheticRecording, TrueSet


@dataclass(frozen=True, slots=True)
class BandWalkSetPlan:
    """So many steps of the leading foot in one direction."""

    direction: Side
    steps: int


@dataclass(frozen=True, slots=True)
class BandWalkParams:
    """A session of band walks.

    tempo_spm: leading-foot steps a minute. first_surge_share: how much of a step's way the pelvis makes while the
    leading foot is out; the rest follows as the trailing foot closes (1: one surge a step, 0.5: two alike).
    moving_share: share of the step's time in which the feet move. unload_m: shift towards the trailing foot that frees
    the leading one. drop_deg: swing of obliquity in a step. spread: step to step, of lengths and times.
    """

    seed: int = 0
    sets: tuple[BandWalkSetPlan, ...] = (BandWalkSetPlan(Side.LEFT, 12), BandWalkSetPlan(Side.RIGHT, 12))
    tempo_spm: float = 40.0
    step_length_m: float = 0.25
    first_surge_share: float = 0.65
    moving_share: float = 0.75
    unload_m: float = 0.02
    drop_deg: float = 6.0
    crouch_deg: float = 14.0
    spread: float = 0.08
    stand_s: float = 8.0
    pause_s: float = 8.0
    stays_bent: bool = False
    fidgets: bool = True
    thud_mps2: float = 0.8
    sensor: SensorParams = field(default_factory=SensorParams)


class _BandWalker:
    """Lays crouches and steps on the scene, and remembers what truly happened."""

    def __init__(self, params: BandWalkParams, duration_s: float, rng: np.random.Generator) -> None:
        self.params, self.rng = params, rng
        self.scene = Choreography(duration_s)
        sway_in(self.scene, (0.0, duration_s), rng)

    def walk(self, plan: BandWalkSetPlan, start_s: float, step_times: FloatArray) -> TrueSet:
        """One set, from the first unloading to the last closing."""
        way = 1.0 if plan.direction is Side.LEFT else -1.0
        landings, t_s, end_s = [], start_s, start_s
        for step_s in step_times:
            landing_s, end_s = self._step(way, t_s, float(step_s))
            landings.append(landing_s)
            t_s += float(step_s)
        return TrueSet(
            Drill.BAND_WALK, start_s, end_s, direction=plan.direction, count=plan.steps, rep_times_s=tuple(landings)
        )

    def crouch(self, start_s: float, duration_s: float, share: float) -> None:
        """Bend the knees and take the hips back, or come up again."""
        self.scene.move(Channel.TILT, start_s, duration_s, share * self.params.crouch_deg)
        self.scene.move(Channel.Z, start_s, duration_s, -0.07 * share)
        self.scene.move(Channel.X, start_s, duration_s, -0.04 * share)

    def _step(self, way: float, start_s: float, step_s: float) -> tuple[float, float]:
        """Free the leading foot, surge out with it, close with the other. Returns landing and end, s."""
        params, scene = self.params, self.scene
        size = np.clip(1 + params.spread * self.rng.standard_normal(4), 0.6, 1.5)
        length = params.step_length_m * float(size[0])
        moving_s = params.moving_share * step_s
        out_s, close_s = 0.55 * moving_s, 0.45 * moving_s
        landing, end = start_s + out_s, start_s + moving_s
        first = params.first_surge_share
        scene.there_and_back(Channel.Y, start_s, 0.6 * out_s, -way * params.unload_m * float(size[1]))
        scene.move(Channel.Y, start_s + 0.25 * out_s, out_s, way * length * first)
        if first < 1.0:
            scene.move(Channel.Y, landing + 0.05 * close_s, 0.95 * close_s, way * length * (1 - first))
        # On the trailing leg the leading side sinks; on the leading leg the trailing side does, still half loaded.
        drop = params.drop_deg * float(size[2])
        scene.there_and_back(Channel.OBLIQUITY, start_s, 1.1 * out_s, -0.6 * way * drop)
        scene.there_and_back(Channel.OBLIQUITY, landing, close_s * 1.05, 0.4 * way * drop)
        # Legs apart, the pelvis is lower: a leg of 0.85 m, the feet a hip's width and a step apart.
        spread_feet = 0.85 - float(np.sqrt(0.85**2 - (0.1 + length / 2) ** 2))
        scene.there_and_back(Channel.Z, start_s + 0.4 * out_s, moving_s * 0.9, -spread_feet + 0.006)
        scene.there_and_back(Channel.YAW, start_s, moving_s, 2.5 * float(self.rng.standard_normal()))
        scene.there_and_back(Channel.TILT, start_s, moving_s, 1.0 * float(self.rng.standard_normal()))
        scene.thud(landing, params.thud_mps2 * float(size[3]))
        scene.thud(landing, -0.4 * way * params.thud_mps2 * float(size[3]), axis=1)
        scene.thud(end, 0.6 * params.thud_mps2 * float(size[1]))
        return landing, end


def synthesise_band_walk(params: BandWalkParams) -> SyntheticRecording:
    """Make a session of band walks with exact truth; the same params give the same bits.

    >>> recording = synthesise_band_walk(BandWalkParams(seed=1))
    >>> [(one.direction.value, one.count) for one in recording.truth.sets]
    [('left', 12), ('right', 12)]
    """
    plan_rng, sensor_rng = (np.random.default_rng(seed) for seed in np.random.SeedSequence(params.seed).spawn(2))
    times = [uneven(60.0 / params.tempo_spm, params.spread, one.steps, plan_rng) for one in params.sets]
    spans = [float(one.sum()) + params.pause_s for one in times]
    walker = _BandWalker(params, params.stand_s + sum(spans), plan_rng)
    sets: list[TrueSet] = []
    t_s = params.stand_s
    for plan, step_times, span in zip(params.sets, times, spans, strict=True):
        if not (sets and params.stays_bent):
            walker.crouch(t_s - 0.9, 0.8, 1.0)
        sets.append(walker.walk(plan, t_s, step_times))
        if len(sets) == len(params.sets) or not params.stays_bent:
            walker.crouch(sets[-1].end_s + 0.1, 0.7, -1.0)
        t_s += span
        if params.fidgets and not params.stays_bent:
            fidget_in(walker.scene, (sets[-1].end_s + 0.8, t_s - 0.9), plan_rng)
    return walker.scene.recorded(params.sensor, sensor_rng, sets)
