"""From contacts with sides to strides: times between feet, duty factor, cadence."""

from dataclasses import dataclass

from sensorhub.analysis.gait_events import Contact
from sensorhub.analysis.laterality import SideBelief
from sensorhub.model.gait import Flag, Side, Stride


@dataclass(frozen=True, slots=True)
class StrideParams:
    """unsettled_below: sides believed less than this are flagged."""

    unsettled_below: float = 0.9


class Strides:
    """Numbers the strides and knows when each foot last landed."""

    def __init__(self, params: StrideParams = StrideParams()) -> None:
        self._params = params
        self._seq = 0
        self._last: Contact | None = None
        self._landed_s: dict[Side, float | None] = {Side.LEFT: None, Side.RIGHT: None}

    def add(self, contact: Contact, belief: SideBelief) -> Stride:
        """The stride that this contact ends."""
        joined = contact.step_time_s is not None and self._last is not None
        if not joined:
            self._landed_s = {Side.LEFT: None, Side.RIGHT: None}
        before_s = self._landed_s[belief.side]
        step_s = contact.initial_contact_s - self._last.initial_contact_s if joined and self._last else None
        flight_s = contact.initial_contact_s - self._last.toe_off_s if joined and self._last else None
        stride = self._assemble(contact, belief, before_s, step_s, flight_s)
        self._last = contact
        self._landed_s[belief.side] = contact.initial_contact_s
        self._seq += 1
        return stride

    def _assemble(
        self, contact: Contact, belief: SideBelief, before_s: float | None, step_s: float | None, flight_s: float | None
    ) -> Stride:
        contact_time_s = contact.toe_off_s - contact.initial_contact_s
        stride_s = None if before_s is None else contact.initial_contact_s - before_s
        unsure = belief.confidence < self._params.unsettled_below
        return Stride(
            seq=self._seq,
            revision=0,
            side=belief.side,
            initial_contact_s=contact.initial_contact_s,
            toe_off_s=contact.toe_off_s,
            stride_time_s=stride_s,
            step_time_s=step_s,
            ground_contact_time_s=contact_time_s,
            flight_time_s=flight_s if flight_s is not None and flight_s > 0.0 else None,
            duty_factor=None if stride_s is None else contact_time_s / stride_s,
            cadence_spm=None if stride_s is None else 120.0 / stride_s,
            pelvic_drop_deg=None,
            pelvic_drop_excursion_deg=None,
            obliquity_at_contact_deg=None,
            pelvic_tilt_deg=None,
            pelvic_rotation_range_deg=None,
            vertical_oscillation_m=None,
            activity=contact.gait,
            reference=None,
            quality=2.0 * belief.confidence - 1.0,
            flags=(Flag.UNSETTLED,) if unsure else (),
        )
