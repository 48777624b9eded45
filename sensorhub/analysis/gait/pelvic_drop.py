"""The pelvis over one stance: drop, excursion, tilt and rotation, and the same again with a better alignment."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sensorhub.analysis.alignment.pelvis import forward_axis, obliquity_rad, tilt_rad
from sensorhub.model.alignment import Alignment
from sensorhub.model.gait import Reference, Side
from sensorhub.model.samples import FloatArray
from sensorhub.model.units import DEG_PER_RAD

IndexArray = NDArray[np.int64]


class StanceMotion(NamedTuple):
    """What is kept of a stance so that it can be measured again: the earth's up in the sensor frame, shape (m, 3).

    contact_place and toe_off_place: initial contact and toe-off as fractional indices into it.
    """

    up_sensor: FloatArray
    contact_place: float
    toe_off_place: float


class StanceAngles(NamedTuple):
    """The pelvis over one stance, in the words of the contract.

    pelvic_drop_deg is None where there was no standing to measure it from.
    """

    pelvic_drop_deg: float | None
    pelvic_drop_excursion_deg: float
    obliquity_at_contact_deg: float
    pelvic_tilt_deg: float
    reference: Reference


def measure_stances(
    stances: Sequence[StanceMotion], sides: Sequence[Side], alignment: Alignment
) -> list[StanceAngles | None]:
    """Measure stances with one alignment, all at once; None for each where the heading is unknown.

    Drop is the peak over the stance of the angle by which the swing side is lower (left stance: + obliquity, right
    stance: - obliquity), excursion that peak less the value at contact. A peak between two samples lies on the parabola
    through the three around it.
    """
    if not stances or alignment.left_sensor is None:
        return [None] * len(stances)
    lengths = np.array([len(stance.up_sensor) for stance in stances])
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    up = np.concatenate([stance.up_sensor for stance in stances])
    sign = np.array([1.0 if side is Side.LEFT else -1.0 for side in sides])
    rising = np.repeat(sign, lengths) * obliquity_rad(up, np.array(alignment.left_sensor))
    tilt = tilt_rad(up, forward_axis(alignment))
    contact = np.array([stance.contact_place for stance in stances])
    toe_off = np.array([stance.toe_off_place for stance in stances])
    rows = _rows(starts, lengths)
    at_contact = _between(rising, starts, contact)
    peak = np.maximum(_peak(rising[rows], contact, toe_off), np.maximum(at_contact, _between(rising, starts, toe_off)))
    standing = alignment.reference is Reference.STANDING
    mean_tilt = _mean(tilt[rows], contact, toe_off)
    angles_rad = np.column_stack((peak, peak - at_contact, sign * at_contact, mean_tilt))
    return [
        StanceAngles(drop_deg if standing else None, excursion_deg, contact_deg, tilt_deg, alignment.reference)
        for drop_deg, excursion_deg, contact_deg, tilt_deg in (angles_rad * DEG_PER_RAD).tolist()
    ]


def _rows(starts: IndexArray, lengths: IndexArray) -> IndexArray:
    """Indices of each stance's samples, one row a stance; rows are filled up with their last sample."""
    width = int(lengths.max())
    rows: IndexArray = starts[:, None] + np.minimum(np.arange(width), lengths[:, None] - 1)
    return rows


def _between(values: FloatArray, starts: IndexArray, places: FloatArray) -> FloatArray:
    left = np.floor(places).astype(np.int64)
    fraction = places - left
    left = left + starts
    value: FloatArray = values[left] + fraction * (values[left + (fraction > 0.0)] - values[left])
    return value


def _inside(width: int, first: FloatArray, last: FloatArray) -> NDArray[np.bool_]:
    columns = np.arange(width)
    inside: NDArray[np.bool_] = (columns >= first[:, None]) & (columns <= last[:, None])
    return inside


def _peak(rows: FloatArray, contact: FloatArray, toe_off: FloatArray) -> FloatArray:
    """The greatest value of each row between two places, on the parabola through the three samples around it."""
    masked = np.where(_inside(rows.shape[1], contact, toe_off), rows, -np.inf)
    top = np.argmax(masked, axis=1)
    every = np.arange(len(rows))
    peak = masked[every, top]
    middle = np.clip(top, 1, max(rows.shape[1] - 2, 1))
    before, at, after = (rows[every, np.minimum(middle + shift, rows.shape[1] - 1)] for shift in (-1, 0, 1))
    bend = before - 2.0 * at + after
    shift = np.where(bend < 0.0, 0.5 * (before - after) / np.where(bend < 0.0, bend, -1.0), np.inf)
    within = (np.abs(shift) <= 1.0) & (middle + shift >= contact) & (middle + shift <= toe_off)
    crest = at - 0.25 * (before - after) * np.where(within, shift, 0.0)
    better: FloatArray = np.where(within & (middle == top), np.maximum(peak, crest), peak)
    return better


def _mean(rows: FloatArray, contact: FloatArray, toe_off: FloatArray) -> FloatArray:
    inside = _inside(rows.shape[1], contact, toe_off)
    # cumsum adds in order, so that a row's mean does not depend on how wide the others made it.
    total = np.cumsum(np.where(inside, rows, 0.0), axis=1)[:, -1]
    mean: FloatArray = total / np.maximum(np.count_nonzero(inside, axis=1), 1)
    return mean
