"""When each foot lands and leaves: initial contact and toe-off from one sensor on the pelvis."""

from dataclasses import dataclass, field

import msgspec
import numpy as np
from numpy.typing import NDArray

from sensorhub.analysis.gait.contact import NO_CONTACTS, Contacts
from sensorhub.analysis.gait.contact_model import (
    RunContactParams,
    WalkContactParams,
    double_support_s,
    run_lead_and_lag,
)
from sensorhub.analysis.gait.pelvis_tail import LACKS, PelvisTail
from sensorhub.analysis.gait.step_kind import NO_STEP, RUN_STEP, WALK_STEP, StepKindParams, step_kinds
from sensorhub.analysis.gait.step_pulses import PulseParams, Pulses, StepPulses
from sensorhub.analysis.gait.step_shape import StepShapes, step_shapes
from sensorhub.dsp.windows import reduced
from sensorhub.model.samples import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class GaitEventParams:
    """The parameters of its parts. first_step_per_push: step time over push time, where no step came before.

    shortest_contact_s: less than the fastest sprinters need, 0.08 s.
    """

    pulses: PulseParams = field(default_factory=PulseParams)
    kinds: StepKindParams = field(default_factory=StepKindParams)
    run_contact: RunContactParams = field(default_factory=RunContactParams)
    walk_contact: WalkContactParams = field(default_factory=WalkContactParams)
    first_step_per_push: float = 2.1
    shortest_contact_s: float = 0.06


class GaitEvents:
    """Contacts of either foot in one stretch of motion, each given once, as soon as its toe-off is sure."""

    def __init__(self, params: GaitEventParams = GaitEventParams()) -> None:
        self._params = params
        self._pulses: StepPulses | None = None
        self._waiting = NO_CONTACTS  # the walking step whose toe-off is not known yet
        self._broken = True

    def feed(self, tail: PelvisTail) -> Contacts:
        """Look at the samples that the tail got since; give the contacts that they complete."""
        if not tail.end:
            return NO_CONTACTS
        if self._pulses is None:
            self._pulses = StepPulses(tail.rate_hz, self._params.pulses)
        pulses = self._pulses.feed(tail.bounce, tail.start)
        return self._contacts(tail, pulses) if len(pulses) else NO_CONTACTS

    def finish(self, tail: PelvisTail) -> Contacts:
        """The contacts that only the end of the stretch makes sure."""
        tail.finish()
        return self.feed(tail)

    def _contacts(self, tail: PelvisTail, pulses: Pulses) -> Contacts:
        """Contacts for the pushes that can be steps."""
        params, newest = self._params, pulses.seen - 1.0 + tail.bounce_reach
        step_s, model_step_s = self._step_times_s(pulses, tail.rate_hz)
        kinds = step_kinds(pulses, model_step_s, params.kinds)
        runs = kinds == RUN_STEP
        shapes = step_shapes(tail, pulses, model_step_s, newest)
        contact_s, likely_toe_off_s = self._stances_s(
            tail.times_s(np.array((pulses.rise, pulses.fall))), model_step_s, shapes, runs
        )
        toe_off_s = np.minimum(likely_toe_off_s, tail.times_s(np.minimum(newest, tail.end - 1.0)))
        # The contact before lies a little before the rise before.
        missing_s, clipped_s, roughness_mps2 = _lacking(tail, pulses.rise - 1.25 * model_step_s * tail.rate_hz, newest)
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

    def _step_times_s(self, pulses: Pulses, rate_hz: float) -> tuple[FloatArray, FloatArray]:
        """From the push before, NaN after a pause; and with what the push alone tells where that is no step."""
        step_s = (pulses.rise - pulses.rise_before) / rate_hz
        push_s = (pulses.fall - pulses.rise) / rate_hz
        usual_s = self._params.first_step_per_push * np.minimum(push_s, 0.5)
        return step_s, np.where(step_s < self._params.kinds.longest_walk_step_s, step_s, usual_s)

    def _stances_s(
        self, push_s: FloatArray, step_s: FloatArray, shapes: StepShapes, runs: BoolArray
    ) -> tuple[FloatArray, FloatArray]:
        """Initial contacts and likely toe-offs beside pushes, from rise to fall.

        In walking the push ends the stance of the foot before: its toe-off waits in the row of this contact.
        """
        rise_s, fall_s = push_s
        lead_s, lag_s = run_lead_and_lag(step_s, shapes, self._params.run_contact)
        middle_s, half_support_s = 0.5 * (rise_s + fall_s), 0.5 * double_support_s(step_s, self._params.walk_contact)
        contact_s = np.where(runs, rise_s - lead_s, middle_s - half_support_s)
        return contact_s, np.where(runs, fall_s + lag_s, middle_s + half_support_s)

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


def _lacking(tail: PelvisTail, begin: FloatArray, end: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """What the samples between two places lacked: s bridged, s clipped, roughness."""
    before = np.floor(begin)
    first = np.maximum(before + 1.0, tail.start).astype(np.int64) - tail.start
    stop = np.minimum(end + 1.0, tail.end).astype(np.int64) - tail.start
    missing, clipped, roughness = reduced(np.add, tail.kept[LACKS], first, stop)
    return missing / tail.rate_hz, clipped / tail.rate_hz, np.sqrt(roughness / (end - before))
