"""What truly happened in a made recording, in the JSON form that truth files have."""

from dataclasses import asdict, dataclass
from typing import Any

from sensorhub.model.exercise import Drill
from sensorhub.model.gait import Gait, Side
from sensorhub.model.samples import SampleBlock
from sensorhub.synthetic.sensor import Quaternion


@dataclass(frozen=True, slots=True)
class TrueStep:
    """One stance. Times at 50 N, s; drops in deg against standing; oscillation of the step that ends with it, m."""

    t_ic: float
    t_to: float
    side: Side
    drop: float
    drop_ic: float
    exc: float
    gct: float
    activity: Gait
    vertical_oscillation_m: float
    rotation_range_deg: float
    tilt_deg: float
    turn: bool


@dataclass(frozen=True, slots=True)
class TrueSet:
    """One set of a drill: `direction` and `count` for band walks, `side` and `count` or `hold_s` for the others."""

    drill: Drill
    start_s: float
    end_s: float
    direction: Side | None = None
    side: Side | None = None
    count: int | None = None
    hold_s: float | None = None
    sag_deg: float | None = None
    leg_lift: bool | None = None
    rep_times_s: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Truth:
    """All that is known of a made recording. `unsure_s`: spans in which a found step is neither right nor wrong."""

    rate_hz: float
    q_pelvis_from_sensor: Quaternion
    steps: tuple[TrueStep, ...] = ()
    sets: tuple[TrueSet, ...] = ()
    unsure_s: tuple[tuple[float, float], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return plain types for JSON; what a set does not have is left out."""
        plain = asdict(self)
        plain["sets"] = [{key: value for key, value in row.items() if value is not None} for row in plain["sets"]]
        return plain


@dataclass(frozen=True, slots=True)
class SyntheticRecording:
    """A made recording with its truth."""

    block: SampleBlock
    truth: Truth
