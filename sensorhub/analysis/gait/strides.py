"""From landings and what the pelvis did to strides: times between feet, duty factor, cadence, flags."""

from dataclasses import replace
from typing import NamedTuple

from sensorhub.analysis.gait.contact import Contact
from sensorhub.analysis.gait.laterality import SideBelief
from sensorhub.analysis.gait.pelvic_drop import StanceAngles
from sensorhub.analysis.gait.pelvis_tail import StanceReading, StanceSpan
from sensorhub.analysis.gait.stride_quality import Trust, quality_of
from sensorhub.model.gait import Flag, Side, Stride

UNSETTLED_BELOW = 0.9
"""A side that is believed less than this is flagged."""


class StepTimes(NamedTuple):
    """The times that a stride has from the contacts before it; None where those are unknown."""

    step_s: float | None
    stride_s: float | None
    flight_s: float | None


NO_TIMES = StepTimes(None, None, None)


class Landing(NamedTuple):
    """A contact with its side, its place in the session, and how far it is trusted by itself.

    before, before_that: the side and contact of the two landings before it in the same bout, None where there is none.
    """

    seq: int
    contact: Contact
    belief: SideBelief
    trust: Trust
    before: tuple[Side, Contact] | None
    before_that: tuple[Side, Contact] | None


def step_times(landing: Landing) -> StepTimes:
    """Times from the other foot's and from the same foot's contact before, where the feet took turns."""
    contact, before, before_that = landing.contact, landing.before, landing.before_that
    side = landing.belief.side
    if before is None or before[0] is side:
        return NO_TIMES
    step_s = contact.initial_contact_s - before[1].initial_contact_s
    flight_s = contact.initial_contact_s - before[1].toe_off_s
    flight_known_s = flight_s if flight_s > 0.0 else None
    if before_that is None or before_that[0] is not side:
        return StepTimes(step_s, None, flight_known_s)
    stride_s = contact.initial_contact_s - before_that[1].initial_contact_s
    return StepTimes(step_s, stride_s, flight_known_s)


def stance_span(landing: Landing) -> StanceSpan:
    """When the landing's stance was, and the same foot's stance before, where the feet took turns."""
    contact, side, before, before_that = landing.contact, landing.belief.side, landing.before, landing.before_that
    if before is None or before_that is None or before[0] is side or before_that[0] is not side:
        return StanceSpan(contact.initial_contact_s, contact.toe_off_s, None)
    same = before_that[1]
    return StanceSpan(contact.initial_contact_s, contact.toe_off_s, same.toe_off_s, same.initial_contact_s)


class Own(NamedTuple):
    """How far a stride is trusted by itself, and what its samples and its side's confidence lack."""

    trust: Trust
    bend_deg: float
    missing: bool
    clipped: bool
    unsure: bool


class Doubts(NamedTuple):
    """What lowers trust beyond the contact itself."""

    turning: bool
    slipped: bool
    unsettled: bool


def assembled(
    landing: Landing, reading: StanceReading | None, own: Own, angles: StanceAngles | None, doubts: Doubts
) -> Stride:
    """The stride that ends with this landing, whose own quality is `own`, before any revision."""
    contact, times = landing.contact, step_times(landing)
    ground_contact_s = contact.toe_off_s - contact.initial_contact_s
    return Stride(
        seq=landing.seq,
        revision=0,
        side=landing.belief.side,
        initial_contact_s=contact.initial_contact_s,
        toe_off_s=contact.toe_off_s,
        stride_time_s=times.stride_s,
        step_time_s=times.step_s,
        ground_contact_time_s=ground_contact_s,
        flight_time_s=times.flight_s,
        duty_factor=None if times.stride_s is None else ground_contact_s / times.stride_s,
        cadence_spm=None if times.stride_s is None else 120.0 / times.stride_s,
        pelvic_drop_deg=None if angles is None else angles.pelvic_drop_deg,
        pelvic_drop_excursion_deg=None if angles is None else angles.pelvic_drop_excursion_deg,
        obliquity_at_contact_deg=None if angles is None else angles.obliquity_at_contact_deg,
        pelvic_tilt_deg=None if angles is None else angles.pelvic_tilt_deg,
        pelvic_rotation_range_deg=None if reading is None else reading.rotation_range_deg,
        vertical_oscillation_m=None if reading is None else reading.vertical_oscillation_m,
        activity=contact.gait,
        reference=None if angles is None else angles.reference,
        quality=_quality(own, angles, doubts),
        flags=_flags(own, doubts),
    )


def told_again(stride: Stride, own: Own, angles: StanceAngles | None, doubts: Doubts) -> Stride:
    """The stride with other angles and doubts."""
    return replace(
        stride,
        pelvic_drop_deg=None if angles is None else angles.pelvic_drop_deg,
        pelvic_drop_excursion_deg=None if angles is None else angles.pelvic_drop_excursion_deg,
        obliquity_at_contact_deg=None if angles is None else angles.obliquity_at_contact_deg,
        pelvic_tilt_deg=None if angles is None else angles.pelvic_tilt_deg,
        reference=None if angles is None else angles.reference,
        quality=_quality(own, angles, doubts),
        flags=_flags(own, doubts),
    )


def own_of(landing: Landing, reading: StanceReading | None) -> Own:
    """What a landing and its reading say against the stride."""
    contact, before = landing.contact, landing.before
    missing, clipped = contact.missing_s > 0.0, contact.clipped_s > 0.0
    if before is not None:
        # A stride runs from the contact of the same foot: over this step and the step before.
        missing, clipped = missing or before[1].missing_s > 0.0, clipped or before[1].clipped_s > 0.0
    if reading is not None:
        missing, clipped = missing or reading.missing, clipped or reading.clipped
    bend_deg = 0.0 if reading is None else reading.bend_pull_deg
    return Own(landing.trust, bend_deg, missing, clipped, landing.belief.confidence < UNSETTLED_BELOW)


def _quality(own: Own, angles: StanceAngles | None, doubts: Doubts) -> float:
    lean_deg = 0.0 if angles is None else angles.pelvic_tilt_deg
    return quality_of(
        own.trust, lean_deg=lean_deg, bend_deg=own.bend_deg, slipped=doubts.slipped, unsettled=doubts.unsettled
    )


def _flags(own: Own, doubts: Doubts) -> tuple[Flag, ...]:
    unsettled = doubts.unsettled or own.unsure
    if not (own.missing or own.clipped or unsettled or doubts.turning or doubts.slipped):
        return ()
    flags = (
        (Flag.GAP, own.missing),
        (Flag.TURN, doubts.turning),
        (Flag.SLIP, doubts.slipped),
        (Flag.CLIPPED, own.clipped),
        (Flag.UNSETTLED, unsettled),
    )
    return tuple(flag for flag, raised in flags if raised)
