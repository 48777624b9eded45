"""What a session came to: counts, means with their uncertainty, and how much of it can be trusted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its 95 % interval (autocorrelation respected) from n strides."""

    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The last record of a session. Unknown is None."""

    start_s: float
    duration_s: float
    samples: int
    rejected_samples: int
    gaps: int
    strides: int
    strides_left: int
    strides_right: int
    drill_sets: int
    trusted_share: float | None
    cadence_spm: float | None
    ground_contact_time_s: float | None
    pelvic_drop_left_deg: Estimate | None
    pelvic_drop_right_deg: Estimate | None
    asymmetry_deg: Estimate | None
    minimal_detectable_change_deg: float | None
    drift_left_deg_per_min: float | None
    drift_right_deg_per_min: float | None
    pelvic_drop_excursion_left_deg: Estimate | None = None
    pelvic_drop_excursion_right_deg: Estimate | None = None
    excursion_asymmetry_deg: Estimate | None = None
