"""What a made runner is: style, programme, clip and sensor."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from sensorhub.synthetic.clip import Impact, Slip
from sensorhub.synthetic.sensor import SensorParams


class Pace(StrEnum):
    """What a bout is made of."""

    STAND = "stand"
    WALK = "walk"
    RUN = "run"


@dataclass(frozen=True, slots=True)
class Bout:
    """So many seconds of standing, walking or running; None leaves the runner's own speed."""

    pace: Pace
    duration_s: float
    speed_mps: float | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A bend: from start_s on, the heading changes by angle_deg (+ left) within duration_s."""

    start_s: float
    angle_deg: float
    duration_s: float = 3.0


@dataclass(frozen=True, slots=True)
class Style:
    """How a person runs, at `Style.speed_mps`; docs/synthetic.md says which paper each default is from.

    Drops and their drift are peaks over the stance against standing, contralateral side down positive.
    excursion_unevenness_deg: the left excursion is larger by about this much than the right, at the same peaks.
    """

    mass_kg: float = 68.0
    speed_mps: float = 2.9
    cadence_spm: float = 165.0
    duty_factor: float = 0.34
    contact_asymmetry: float = 0.0
    drop_left_deg: float = 4.0
    drop_right_deg: float = 4.0
    drift_left_deg_per_min: float = 0.0
    drift_right_deg_per_min: float = 0.0
    excursion_unevenness_deg: float = 0.0
    drop_stride_sd_deg: float = 0.55
    drop_autocorrelation: float = 0.35
    drop_peak_share: float = 0.42
    drop_third_harmonic: float = 0.12
    lean_deg: float = 6.0
    tilt_range_deg: float = 5.0
    rotation_range_deg: float = 11.0
    braking_mps2: float = 2.4
    sway_speed_mps: float = 0.05
    hip_shift_mps2: float = 1.2
    takeoff_rise_m: float = 0.006
    impact_peak_mps2: float = 4.0
    stance_roundness: float = 0.10
    step_time_cv: float = 0.015
    contact_time_cv: float = 0.02
    camber_deg: float = 0.0
    bend_lean_share: float = 0.7
    posture_sd_deg: float = 0.3
    walk_speed_mps: float = 1.35
    walk_cadence_spm: float = 112.0
    walk_duty_factor: float = 0.62
    walk_drop_deg: float = 3.5
    walk_oscillation_m: float = 0.038
    stand_sway_deg: float = 0.25


@dataclass(frozen=True, slots=True)
class RunnerParams:
    """A recording to be made. The same params give the same bits.

    unit_seed: which sensor it is, of all with these SensorParams; None lets the seed choose that too.
    """

    seed: int = 0
    style: Style = field(default_factory=Style)
    bouts: tuple[Bout, ...] = (Bout(Pace.STAND, 8.0), Bout(Pace.RUN, 60.0))
    turns: tuple[Turn, ...] = ()
    impact: Impact = field(default_factory=Impact)
    slips: tuple[Slip, ...] = ()
    sensor: SensorParams = field(default_factory=SensorParams)
    unit_seed: int | None = None


def with_walking_breaks(params: RunnerParams, run_s: float, walk_s: float, times: int) -> RunnerParams:
    """Return the same runner who runs and walks in turn, after the standing they began with.

    >>> [bout.pace.value for bout in with_walking_breaks(RunnerParams(), 30.0, 10.0, 2).bouts]
    ['stand', 'run', 'walk', 'run', 'walk']
    """
    before = tuple(bout for bout in params.bouts[:1] if bout.pace is Pace.STAND)
    return replace(params, bouts=before + (Bout(Pace.RUN, run_s), Bout(Pace.WALK, walk_s)) * times)
