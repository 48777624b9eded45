"""What the runner does: sides, activities and strides."""

from enum import StrEnum

import msgspec


class Side(StrEnum):
    """Left or right: the foot in stance, the knee that moves, the side that is down."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> "Side":
        """The other side."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


class Gait(StrEnum):
    """How a stride was made."""

    RUN = "run"
    WALK = "walk"


class Reference(StrEnum):
    """What obliquity is measured from: quiet standing, or the mean of the run (then no absolute drop is claimed)."""

    STANDING = "standing"
    RUN_MEAN = "run_mean"


class Flag(StrEnum):
    """What lowers trust in a stride."""

    GAP = "gap"
    TURN = "turn"
    SLIP = "slip"
    CLIPPED = "clipped"
    UNSETTLED = "unsettled"


class Stride(msgspec.Struct, frozen=True, gc=False):
    """One stance of one foot and the stride that it ends: named after the foot, from its previous initial contact.

    Unknown is None, never 0. `seq` counts strides of the session; the same stride may come again with a higher
    `revision`, and the last one holds. A struct, as an hour of running has ten thousand: a frozen dataclass of this
    many fields takes ten times as long to build.
    """

    seq: int
    revision: int
    side: Side
    initial_contact_s: float
    toe_off_s: float
    stride_time_s: float | None
    step_time_s: float | None
    ground_contact_time_s: float
    flight_time_s: float | None
    duty_factor: float | None
    cadence_spm: float | None
    pelvic_drop_deg: float | None
    pelvic_drop_excursion_deg: float | None
    obliquity_at_contact_deg: float | None
    pelvic_tilt_deg: float | None
    pelvic_rotation_range_deg: float | None
    vertical_oscillation_m: float | None
    activity: Gait
    reference: Reference | None
    quality: float
    flags: tuple[Flag, ...] = ()
