"""The standing clamshell: weight on one leg, the other knee turns out against a band, the pelvis should stay still."""

from dataclasses import dataclass, field

import numpy as np

from sensorhub.model.exercise import Drill
from sensorhub.model.gait import Side
from sensorhub.model.samples import FloatArray
from sensorhub.synthetic.choreography import Channel, Choreography, fidget_in, sway_in, uneven
from sensorhub.synthetic.sensor import SensorParams
from sensorhub.synthetic.truth import SyntheticRecording, TrueSet


@dataclass(frozen=True, slots=True)
class ClamshellSetPlan:
    """So many repetitions of one knee."""

    side: Side
    reps: int


@dataclass(frozen=True, slots=True)
class ClamshellParams:
    """A session of standing clamshells.

    turn_deg: how far the pelvis turns towards the moving knee in a repetition (0: it does not move at all);
    drop_deg: how far it sinks on that side. tempo_s: one repetition, of which moving_share is movement.
    sway_deg: the unsteadiness of one leg.
    """

    seed: int = 0
    sets: tuple[ClamshellSetPlan, ...] = (ClamshellSetPlan(Side.LEFT, 12), ClamshellSetPlan(Side.RIGHT, 12))
    tempo_s: float = 2.8
    moving_share: float = 0.8
    turn_deg: float = 4.0
    drop_deg: float = 1.2
    sway_deg: float = 0.35
    spread: float = 0.1
    stand_s: float = 8.0
    pause_s: float = 8.0
    fidgets: bool = True
    sensor: SensorParams = field(default_factory=SensorParams)


class _OneLegged:
    """Lays sets on the scene, and remembers what truly happened."""

    def __init__(self, params: ClamshellParams, duration_s: float, rng: np.random.Generator) -> None:
        self.params, self.rng = params, rng
        self.scene = Choreography(duration_s)
        sway_in(self.scene, (0.0, duration_s), rng)

    def do(self, plan: ClamshellSetPlan, start_s: float, rep_times: FloatArray) -> TrueSet:
        """One set, from the first opening of the knee to the end of the last repetition."""
        knee = 1.0 if plan.side is Side.LEFT else -1.0
        end_s = start_s + float(rep_times.sum())
        self._shift(start_s - 1.0, -knee, 1.0)
        sway_in(self.scene, (start_s - 0.2, end_s + 0.2), self.rng, self.params.sway_deg)
        peaks, t_s = [], start_s
        for rep_s in rep_times:
            moving_s = self.params.moving_share * float(rep_s)
            self._rep(knee, t_s, moving_s)
            peaks.append(t_s + moving_s / 2)
            t_s += float(rep_s)
        self._shift(end_s + 0.1, -knee, -1.0)
        return TrueSet(
            Drill.STANDING_CLAMSHELL, start_s, end_s, side=plan.side, count=plan.reps, rep_times_s=tuple(peaks)
        )

    def _rep(self, knee: float, start_s: float, moving_s: float) -> None:
        params = self.params
        size = np.clip(1 + 0.15 * self.rng.standard_normal(2), 0.5, 1.6)
        self.scene.there_and_back(Channel.YAW, start_s, moving_s, knee * params.turn_deg * float(size[0]))
        self.scene.there_and_back(Channel.OBLIQUITY, start_s, moving_s, -knee * params.drop_deg * float(size[1]))
        self.scene.there_and_back(Channel.Y, start_s, moving_s, -knee * 0.004 * min(1.0, params.turn_deg))

    def _shift(self, start_s: float, way: float, share: float) -> None:
        """Take the weight over one foot with a soft knee, or back."""
        self.scene.move(Channel.Y, start_s, 0.8, 0.05 * way * share)
        self.scene.move(Channel.Z, start_s, 0.8, -0.02 * share)
        self.scene.move(Channel.OBLIQUITY, start_s, 0.8, 1.0 * way * share)
        self.scene.move(Channel.TILT, start_s, 0.8, 3.0 * share)


def synthesise_clamshell(params: ClamshellParams) -> SyntheticRecording:
    """Make a session of standing clamshells with exact truth; the same params give the same bits.

    >>> recording = synthesise_clamshell(ClamshellParams(seed=1))
    >>> [(one.side.value, one.count) for one in recording.truth.sets]
    [('left', 12), ('right', 12)]
    """
    plan_rng, sensor_rng = (np.random.default_rng(seed) for seed in np.random.SeedSequence(params.seed).spawn(2))
    times = [uneven(params.tempo_s, params.spread, one.reps, plan_rng) for one in params.sets]
    duration_s = params.stand_s + sum(float(one.sum()) + params.pause_s for one in times)
    person = _OneLegged(params, duration_s, plan_rng)
    sets, t_s = [], params.stand_s
    for plan, rep_times in zip(params.sets, times, strict=True):
        sets.append(person.do(plan, t_s, rep_times))
        t_s = sets[-1].end_s + params.pause_s
        if params.fidgets:
            fidget_in(person.scene, (sets[-1].end_s + 1.2, t_s - 1.3), plan_rng)
    return person.scene.recorded(params.sensor, sensor_rng, sets)
