"""The shape of one step's motion: a few numbers without dimension, from one step's time around its push."""

from dataclasses import dataclass

import numpy as np

from sensorhub.analysis.alignment.pelvis import angle_rad
from sensorhub.analysis.gait.pelvis_tail import FORWARD, PITCH, ROLL, SINES, VERTICAL, YAW, PelvisTail
from sensorhub.analysis.gait.step_pulses import Pulses
from sensorhub.model.samples import FloatArray
from sensorhub.model.units import GRAVITY_MPS2

PLACES = 20
FIRST_PHASE = -0.4
PHASES: FloatArray = FIRST_PHASE + np.arange(PLACES) / PLACES
"""Where a step is looked at, in step times from its rise through 1 g: one whole step, ending soon after its toe-off."""
LEAST_PUSH_G = 1e-6
"""A knock alone in stillness may leave nothing at all of the step that it is looked at as."""


def _without_mean(weights: FloatArray) -> FloatArray:
    centred: FloatArray = weights - weights.mean()
    return centred


SECOND_SINE = 2.0 * np.sin(4.0 * np.pi * PHASES)
SECOND_COSINE = 2.0 * np.cos(4.0 * np.pi * PHASES)
FIRST_SINE = 2.0 * np.sin(2.0 * np.pi * PHASES)
FIRST_COSINE = 2.0 * np.cos(2.0 * np.pi * PHASES)
RUN_TURN: FloatArray = PLACES * np.repeat([1 / 6, 0.0, 1 / 6, 0.0, -1 / 3], (3, 4, 3, 7, 3))
"""In running the pelvis turns to the left before and at a left contact, and to the right late in its stance; a turn
that lasts, as in a bend, cancels."""
WALK_TURN: FloatArray = _without_mean(2.0 * np.sin(np.pi * PHASES))
RUN_ROLL: FloatArray = _without_mean(2.0 * np.cos(3.0 * np.pi * (PHASES - 0.1)) + np.cos(np.pi * PHASES + 1.66))


LOOKS = (
    (VERTICAL, FIRST_SINE), (VERTICAL, FIRST_COSINE), (VERTICAL, SECOND_COSINE),
    (FORWARD, FIRST_SINE), (FORWARD, SECOND_SINE), (FORWARD, SECOND_COSINE),
    (PITCH, FIRST_COSINE), (PITCH, SECOND_SINE), (YAW, RUN_TURN), (YAW, WALK_TURN), (ROLL, RUN_ROLL),
)  # fmt: skip
"""Which signal is weighted with what."""

LOOKED_AT = [signal for signal, _ in LOOKS]
WEIGHTS: FloatArray = np.column_stack([weights for _, weights in LOOKS])[..., np.newaxis]


@dataclass(frozen=True, slots=True)
class StepShapes:
    """Arrays of shape (n,), one value a step.

    push_g: amplitude of the vertical acceleration's first harmonic, g: by the impulse of a step, it grows as contact
    gets short. push_sine: its sine part, push_second_cosine: the second harmonic's cosine part, drive_sine: the sine
    part of the forward acceleration's first harmonic, all as shares of push_g. brake_sine_g, brake_cosine_m: second
    harmonic of the forward acceleration, g, and as a length, that is times the step time squared. nod_cosine,
    nod_second_sine: first and second harmonic of the pitch rate, rad a step. dip_share: the smoothed acceleration's
    least value before the push over its swing; nan after a pause. run_turn_radps, walk_turn_radps, roll_radps: how the
    pelvis turns about up and about forward, weighted by what it does in a left step; negative in a right one.
    spin_radps: root mean square of the angular rate. sway_rad: range of tilt and obliquity together.
    """

    push_g: FloatArray
    push_sine: FloatArray
    push_second_cosine: FloatArray
    drive_sine: FloatArray
    brake_sine_g: FloatArray
    brake_cosine_m: FloatArray
    nod_cosine: FloatArray
    nod_second_sine: FloatArray
    dip_share: FloatArray
    run_turn_radps: FloatArray
    walk_turn_radps: FloatArray
    roll_radps: FloatArray
    spin_radps: FloatArray
    sway_rad: FloatArray


def step_shapes(tail: PelvisTail, pulses: Pulses, step_s: FloatArray, newest: FloatArray) -> StepShapes:
    """The shapes of the steps around these pushes, by their step times and the newest samples that made each sure."""
    places = pulses.rise + PHASES[:, np.newaxis] * (step_s * tail.rate_hz)
    # No later sample: how far the stream has come must not matter.
    places = np.minimum(places, newest - tail.fine_reach)
    looks = tail.fine(places)
    means, sines = _weighted_means(looks), looks[SINES]
    means[: LOOKED_AT.index(PITCH)] /= GRAVITY_MPS2
    sine_g, cosine_g, second_g, drive_g, brake_sine_g, brake_cosine_g, nod, second_nod = means[:8]
    run_turn_radps, walk_turn_radps, roll_radps, squared_rate = means[8:]
    sway_rad = angle_rad(sines.max(axis=1)) - angle_rad(sines.min(axis=1))
    push_g = np.maximum(np.sqrt(sine_g * sine_g + cosine_g * cosine_g), LEAST_PUSH_G)
    return StepShapes(
        push_g=push_g,
        push_sine=sine_g / push_g,
        push_second_cosine=second_g / push_g,
        drive_sine=drive_g / push_g,
        brake_sine_g=brake_sine_g,
        brake_cosine_m=brake_cosine_g * (GRAVITY_MPS2 * step_s * step_s),
        nod_cosine=nod * step_s,
        nod_second_sine=second_nod * step_s,
        dip_share=pulses.trough_mps2 / (pulses.peak_mps2 - pulses.trough_mps2),
        run_turn_radps=run_turn_radps,
        walk_turn_radps=walk_turn_radps,
        roll_radps=roll_radps,
        spin_radps=np.sqrt(squared_rate),
        sway_rad=sway_rad[0] + sway_rad[1],
    )


def _weighted_means(looks: FloatArray) -> FloatArray:
    """The means of LOOKS, and of the squared angular rate, over each step: shape (12, n) from (7, PLACES, n)."""
    weighted = np.empty((PLACES, len(LOOKS) + 1, looks.shape[-1]))
    np.multiply(looks[LOOKED_AT].swapaxes(0, 1), WEIGHTS, out=weighted[:, :-1])
    weighted[:, -1] = looks[ROLL] ** 2 + looks[PITCH] ** 2 + looks[YAW] ** 2
    # Row after row is added, place by place: the bits of a dot product would depend on the number of steps.
    mean: FloatArray = np.add.reduce(weighted, axis=0) / PLACES
    return mean
