"""What a reference measurement says of a run: the yardstick that sensorhub's own strides are held against."""

from dataclasses import dataclass

from sensorhub.model.gait import Side


@dataclass(frozen=True, slots=True)
class ReferenceStride:
    """One stance as motion capture or force plates saw it. Unknown is None; angles in deg, as in `Stride`."""

    initial_contact_s: float
    toe_off_s: float | None
    side: Side | None
    pelvic_drop_deg: float | None
    pelvic_drop_excursion_deg: float | None
