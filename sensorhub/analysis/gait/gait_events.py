"""When each foot lands and leaves: initial contact and toe-off from one sensor on the pelvis."""

from dataclasses import dataclass, field

import msgspec
import numpy as np
from numpy.typing import NDArray

from sensorhub.analysis.alignment.pelvis import PelvisBlock
from sensorhub.analysis.gait.contact import NO_CONTACTS, Contacts
from sensorhub.analysis.gait.contact_model import (
    RunContactParams,
    WalkContactParams,
    double_support_s,
    run_lead_and_lag,
)
from sensorhub.analysis.gait.gait_signals import GaitSignals, SignalParams
from sensorhub.analysis.gait.step_kind import NO_STEP, RUN_STEP, WALK_STEP, StepKindParams, step_kinds
from sensorhub.analysis.gait.step_pulses import PulseParams, Pulses, StepPulses
from sensorhub.analysis.gait.step_shape import step_shapes
from sensorhub.model.samples import FloatArray


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
        self._waiting = NO_CONTACTS  # the walking step whose toe-off is not known yet
        self._broken = True

    def feed(self, block: PelvisBlock) -> Contacts:
        """Take samples; give the contacts that they complete."""
        if not len(block):
            return NO_CONTACTS
        if self._signals is None:
            self._signals = GaitSignals(block.rate_hz, self._params.signals)
            self._pulses = StepPulses(block.rate_hz, self._params.pulses)
        return self._advance(self._signals, self._signals.feed(block))

    def finish(self) -> Contacts:
        """The contacts that only the end of the stream makes sure; the next block starts anew."""
        signals, self._signals = self._signals, None
        contacts = NO_CONTACTS if signals is None else self._advance(signals, signals.finish())
        self._waiting, self._broken = NO_CONTACTS, True
        return contacts

    def _advance(self, signals: GaitSignals, excess_mps2: FloatArray) -> Contacts:
        pulses = self._pulses.feed(excess_mps2)
        return self._contacts(signals, pulses) if len(pulses) else NO_CONTACTS

    def _contacts(self, signals: GaitSignals, pulses: Pulses) -> Contacts:
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
        rise_s, fall_s, known_s = signals.time_s(
            np.stack((pulses.rise, pulses.fall, pulses.seen - 1.0 + signals.step_delay))
        )
        # In walking the push ends the stance of the foot before: its toe-off waits in the row of this contact.
        middle_s, half_support_s = 0.5 * (rise_s + fall_s), 0.5 * double_support_s(model_step_s, params.walk_contact)
        contact_s = np.where(runs, rise_s - lead_s, middle_s - half_support_s)
        likely_toe_off_s = np.where(runs, fall_s + lag_s, middle_s + half_support_s)
        toe_off_s = np.minimum(likely_toe_off_s, known_s)
        missing_s, clipped_s, roughness_mps2 = _lacking(signals, pulses, model_step_s)
        # A run of shocks can look like a push; no foot leaves the ground so soon.
        kinds = np.where(runs & (toe_off_s - contact_s < params.shortest_contact_s), NO_STEP, kinds)
        broken = np.concatenate(([self._broken], kinds[:-1] == NO_STEP))
        self._broken = bool(kinds[-1] == NO_STEP)
        contacts = Contacts(
            initial_contact_s=contact_s,
            toe_off_s=toe_off_s,
            step_time_s=np.where(broken, np.nan, step_s),
            running=kinds == RUN_STEP,
            turn_radps=np.where(runs, shapes.run_turn_radps, shapes.walk_turn_radps),
            roll_radps=np.where(runs, shapes.roll_radps, np.nan),
            spin_radps=shapes.spin_radps,
            sway_rad=shapes.sway_rad,
            # What lies behind the newest sample is missing too: a stream that ends, or breaks off, in a stance.
            missing_s=missing_s + (likely_toe_off_s - toe_off_s),
            clipped_s=clipped_s,
            roughness_mps2=roughness_mps2,
        )
        return self._paired(contacts, kinds)

    def _paired(self, contacts: Contacts, kinds: NDArray[np.int64]) -> Contacts:
        """Running steps at once; a walking step when the next one tells its toe-off."""
        if not len(self._waiting) and WALK_STEP not in kinds:
            return contacts.rows(contacts.running)
        kinds = np.concatenate((np.full(len(self._waiting), WALK_STEP), kinds))
        contacts = Contacts.joined([self._waiting, contacts])
        walks = kinds == WALK_STEP
        self._waiting = contacts.rows(slice(-1, None)) if walks[-1] else NO_CONTACTS
        followed = walks[:-1] & (kinds[1:] != NO_STEP) & ~np.isnan(contacts.step_time_s[1:])
        next_tells_s = np.where(walks[1:], contacts.toe_off_s[1:], contacts.initial_contact_s[1:])
        toe_off_s = np.append(np.where(followed, next_tells_s, contacts.toe_off_s[:-1]), contacts.toe_off_s[-1])
        told = contacts.running | np.append(followed, False)
        return msgspec.structs.replace(contacts, toe_off_s=toe_off_s).rows(told)


def _lacking(signals: GaitSignals, pulses: Pulses, step_s: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """What the samples from a step before the rise to the newest needed one lacked: s bridged, s clipped, roughness."""
    # The contact before lies a little before the rise before.
    begin, end = np.floor(pulses.rise - 1.25 * step_s * signals.rate_hz), pulses.seen - 1.0 + signals.step_delay
    missing, clipped, roughness = signals.counts(end) - signals.counts(begin)
    roughness_mps2 = np.sqrt(np.maximum(roughness, 0.0) / (end - begin))
    return missing / signals.rate_hz, clipped / signals.rate_hz, roughness_mps2
