"""One foot on the ground, as the motion of the pelvis tells it. A named tuple, as thousands are made a second."""

from typing import NamedTuple

from sensorhub.model.gait import Gait


class Contact(NamedTuple):
    """One stance. Which foot is not known here.

    step_time_s: from the contact before, None for the first after a pause. known_s: the time of the newest sample that
    was needed to be sure. turn_radps, roll_radps: how the pelvis turned about up and about forward against what it does
    in a left step, negative in a right one; None where unknown. spin_radps: root mean square of the angular rate.
    sway_rad: range of tilt and obliquity together. push_mps2: how far the smoothed acceleration swung, None after a
    pause. missing_s, clipped_s: how much of the step and the stance was bridged or at the sensor's limit.
    roughness_mps2: root mean square of the second difference of the vertical acceleration: what the samples are too
    slow for.
    """

    initial_contact_s: float
    toe_off_s: float
    step_time_s: float | None
    known_s: float
    gait: Gait
    turn_radps: float
    roll_radps: float | None
    spin_radps: float | None
    sway_rad: float | None
    push_mps2: float | None
    missing_s: float
    clipped_s: float
    roughness_mps2: float


def contact_of(row: list[float], gait: Gait) -> Contact:
    """A contact from the numbers in the order of its fields, gait left out, with NaN for unknown."""
    contact_s, toe_off_s, step_s, known_s, turn, roll, spin, sway, push, missing_s, clipped_s, roughness_mps2 = row
    # NaN is the one number that is not itself.
    return Contact(
        contact_s,
        toe_off_s,
        step_s if step_s == step_s else None,  # noqa: PLR0124
        known_s,
        gait,
        turn,
        roll if roll == roll else None,  # noqa: PLR0124
        spin if spin == spin else None,  # noqa: PLR0124
        sway if sway == sway else None,  # noqa: PLR0124
        push if push == push else None,  # noqa: PLR0124
        missing_s,
        clipped_s,
        roughness_mps2,
    )
