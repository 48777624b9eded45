"""When each foot lands and leaves: initial contact and toe-off from one sensor on the pelvis."""

import math
from dataclasses import dataclass, field

import numpy as np

from sensorhub.analysis.alignment.pelvis import PelvisBlock
from sensorhub.analysis.gait.contact import Contact, contact_of
from sensorhub.analysis.gait.contact_model import (
    RunContactParams,
    WalkContactParams,
    double_support_s,
    run_lead_and_lag,
)
from sensorhub.analysis.gait.gait_signals import CLIPPED, MISSING, ROUGHNESS, GaitSignals, SignalParams
from sensorhub.analysis.gait.step_kind import NO_STEP, RUN_STEP, WALK_STEP, StepKindParams, step_kinds
from sensorhub.analysis.gait.step_pulses import PulseParams, Pulses, StepPulses
from sensorhub.analysis.gait.step_shape import step_shapes
from sensorhub.model.gait import Gait
from sensorhub.model.samples import FloatArray

TOE_OFF, STEP = 1, 2


@dataclass(frozen=True, slots=True)
class GaitEventParams:
    """The parameters of its parts. first_step_per_push: step time over push time, where no step came before.

    shortest_contact_s: less than the fastest sprinters need, 0.08 s.
    """

    pulses: PulseParams = field(default_factory=PulseParams)
    signals: SignalParams = field(default_factory=SignalParams)
    kinds: StepKindParams = field(default_factory=StepKindParams)
    run_contact: RunContactParams = field(default_factory=RunContactParams)
    walk_contact: WalkContactParams = field(default_factory=WalkContactParams)
    first_step_per_push: float = 2.1
    shortest_contact_s: float = 0.06


class GaitEvents:
    """Contacts of either foot, each given once, as soon as its toe-off is sure."""

    def __init__(self, params: GaitEventParams | None = None) -> None:
        self._params = params or GaitEventParams()
        self._signals: GaitSignals | None = None
        self._waiting: list[float] | None = None
        self._broken = True

    def feed(self, block: PelvisBlock) -> list[Contact]:
        """Take samples; give the contacts that they complete."""
        if not len(block):
            return []
        if self._signals is None:
            self._signals = GaitSignals(block.rate_hz, self._params.signals)
            self._pulses = StepPulses(block.rate_hz, self._params.pulses)
        return self._advance(self._signals, self._signals.feed(block))

    def finish(self) -> list[Contact]:
        """The contacts that only the end of the stream makes sure; the next block starts anew."""
        signals, self._signals = self._signals, None
        contacts = [] if signals is None else self._advance(signals, signals.finish())
        self._waiting, self._broken = None, True
        return contacts

    def _advance(self, signals: GaitSignals, excess_mps2: FloatArray) -> list[Contact]:
        pulses = self._pulses.feed(excess_mps2)
        contacts = self._contacts(signals, pulses) if len(pulses) else []
        signals.forget()
        return contacts

    def _contacts(self, signals: GaitSignals, pulses: Pulses) -> list[Contact]:
        """Contacts for the pushes that can be steps."""
        params, rate_hz = self._params, signals.rate_hz
        step_s = (pulses.rise - pulses.rise_before) / rate_hz
        push_s = (pulses.fall - pulses.rise) / rate_hz
        usual_s = params.first_step_per_push * np.minimum(push_s, 0.5)
        model_step_s = np.where(step_s < params.kinds.longest_walk_step_s, step_s, usual_s)
        kinds = step_kinds(pulses, model_step_s, params.kinds)
        runs = kinds == RUN_STEP
        shapes = step_shapes(signals, pulses, model_step_s)
        lead_s, lag_s = run_lead_and_lag(model_step_s, shapes, params.run_contact)
        rise_s, fall_s = signals.time_s(pulses.rise), signals.time_s(pulses.fall)
        # In walking the push ends the stance of the foot before: its toe-off waits in the row of this contact.
        middle_s, half_support_s = 0.5 * (rise_s + fall_s), 0.5 * double_support_s(model_step_s, params.walk_contact)
        contact_s = np.where(runs, rise_s - lead_s, middle_s - half_support_s)
        known_s = signals.time_s(pulses.seen - 1.0 + signals.step_delay)
        likely_toe_off_s = np.where(runs, fall_s + lag_s, middle_s + half_support_s)
        toe_off_s = np.minimum(likely_toe_off_s, known_s)
        missing_s, clipped_s, roughness = _lacking(signals, pulses, model_step_s)
        # What lies behind the newest sample is missing too: a stream that ends, or breaks off, in a stance.
        missing_s += likely_toe_off_s - toe_off_s
        # A run of shocks can look like a push; no foot leaves the ground so soon.
        kinds = np.where(runs & (toe_off_s - contact_s < params.shortest_contact_s), NO_STEP, kinds)
        columns = (
            contact_s,
            toe_off_s,
            step_s,
            known_s,
            np.where(runs, shapes.run_turn_radps, shapes.walk_turn_radps),
            np.where(runs, shapes.roll_radps, np.nan),
            shapes.spin_radps,
            shapes.sway_rad,
            pulses.peak_mps2 - pulses.trough_mps2,
            missing_s,
            clipped_s,
            roughness,
        )
        return self._paired(np.column_stack(columns).tolist(), kinds.tolist())

    def _paired(self, rows: list[list[float]], kinds: list[int]) -> list[Contact]:
        """Running steps at once; a walking step when the next one tells its toe-off."""
        contacts: list[Contact] = []
        for row, kind in zip(rows, kinds, strict=True):
            if self._broken:
                row[STEP] = math.nan
            waiting, self._waiting = self._waiting, None
            if waiting is not None and kind != NO_STEP and not math.isnan(row[STEP]):
                waiting[TOE_OFF] = row[TOE_OFF] if kind == WALK_STEP else row[0]
                waiting[3] = row[3]
                contacts.append(contact_of(waiting, Gait.WALK))
            if kind == RUN_STEP:
                contacts.append(contact_of(row, Gait.RUN))
            elif kind == WALK_STEP:
                self._waiting = row
            self._broken = kind == NO_STEP
        return contacts


def _lacking(signals: GaitSignals, pulses: Pulses, step_s: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """What the samples from a step before the rise to the newest needed one lacked: s bridged, s clipped, roughness."""
    # The contact before lies a little before the rise before.
    begin, end = np.floor(pulses.rise - 1.25 * step_s * signals.rate_hz), pulses.seen - 1.0 + signals.step_delay
    lacks = signals.counts.between(end) - signals.counts.between(begin)
    roughness = np.sqrt(np.maximum(lacks[:, ROUGHNESS], 0.0) / (end - begin))
    return lacks[:, MISSING] / signals.rate_hz, lacks[:, CLIPPED] / signals.rate_hz, roughness
