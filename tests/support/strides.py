"""Numbered strides: their count is their name; and what a session of them came to."""

import json
from dataclasses import replace
from typing import Any

import msgspec

from sensorhub.analysis.summary import SummaryBuilder
from sensorhub.model.gait import Gait, Reference, Side, Stride
from sensorhub.model.session import Session
from sensorhub.model.summary import Summary

SESSION = Session(hub="club", sensor="clip", runner="ada", session="s1", start_unix_ns=1_700_000_000_000_000_000)


def stride(number: int, **changes: Any) -> Stride:
    """A plausible stride with this number, and what a test wants otherwise."""
    contact_s = 0.36 * number
    plain = Stride(
        seq=number,
        revision=0,
        side=Side.LEFT if number % 2 else Side.RIGHT,
        initial_contact_s=contact_s,
        toe_off_s=contact_s + 0.25,
        stride_time_s=0.72,
        step_time_s=0.36,
        ground_contact_time_s=0.25,
        flight_time_s=0.11,
        duty_factor=0.347,
        cadence_spm=166.7,
        pelvic_drop_deg=4.0 + number % 7 / 10,
        pelvic_drop_excursion_deg=5.5,
        obliquity_at_contact_deg=-1.5,
        pelvic_tilt_deg=8.25,
        pelvic_rotation_range_deg=11.0,
        vertical_oscillation_m=0.081,
        activity=Gait.RUN,
        reference=Reference.STANDING,
        quality=0.93,
    )
    return msgspec.structs.replace(plain, **changes)


def summary(**values: Any) -> Summary:
    """What a session without a stride came to, but for what a test wants otherwise."""
    return replace(SummaryBuilder().result(), **values)


def number_of(payload: str | bytes) -> int:
    """The number of the stride in a record."""
    return round(json.loads(payload)["initial_contact_s"] / 0.36)
