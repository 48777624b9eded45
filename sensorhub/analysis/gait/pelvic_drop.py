"""The pelvis over one stance: drop, excursion, tilt and rotation, and the same again with a better alignment."""

import numpy as np
from numpy.typing import NDArray

from sensorhub.analysis.alignment.pelvis import forward_axis, obliquity_rad, tilt_rad
from sensorhub.dsp.table import Table
from sensorhub.model.alignment import Alignment
from sensorhub.model.gait import Reference
from sensorhub.model.samples import BoolArray, FloatArray
from sensorhub.model.units import DEG_PER_RAD

IndexArray = NDArray[np.int64]


class Stances(Table, frozen=True):
    """Where stances lie among rows of the earth's up in the sensor frame that were kept of them, arrays of shape (n,).

    first, samples: the rows of each, none where it was not read. contact_place, toe_off_place: initial contact and
    toe-off as fractional indices into them.
    """

    first: IndexArray
    samples: IndexArray
    contact_place: FloatArray
    toe_off_place: FloatArray


class StanceAngles(Table, frozen=True):
    """The pelvis over stances, in the words of the contract, deg, arrays of shape (n,); NaN where it is not known.

    pelvic_drop_deg is NaN also where there was no standing to measure it from.
    """

    pelvic_drop_deg: FloatArray
    pelvic_drop_excursion_deg: FloatArray
    obliquity_at_contact_deg: FloatArray
    pelvic_tilt_deg: FloatArray


def measure_stances(up_sensor: FloatArray, stances: Stances, left: BoolArray, alignment: Alignment) -> StanceAngles:
    """Measure stances of left feet, or else right ones, with one alignment, all at once.

    up_sensor, shape (m, 3), is what the stances lie in. Drop is the peak over the stance of the angle by which the
    swing side is lower (left stance: + obliquity, right stance: - obliquity), excursion that peak less the value at
    contact. A peak between two samples lies on the parabola through the three around it.
    """
    angles_deg = np.full((len(StanceAngles.__struct_fields__), len(stances)), np.nan)
    known = np.flatnonzero(stances.samples)
    if alignment.left_sensor is not None and len(known):
        sign, read = np.where(left[known], 1.0, -1.0), stances.rows(known)
        up = up_sensor[_rows(read.first, read.samples)]
        rising = sign[:, np.newaxis] * obliquity_rad(up, np.array(alignment.left_sensor))
        contact, toe_off = read.contact_place, read.toe_off_place
        at_contact = _between(rising, contact)
        peak = np.maximum(_peak(rising, contact, toe_off), np.maximum(at_contact, _between(rising, toe_off)))
        drop = peak if alignment.reference is Reference.STANDING else np.full(len(known), np.nan)
        tilt = _mean(tilt_rad(up, forward_axis(alignment)), contact, toe_off)
        angles_deg[:, known] = np.stack((drop, peak - at_contact, sign * at_contact, tilt)) * DEG_PER_RAD
    return StanceAngles(*angles_deg)


def _rows(starts: IndexArray, lengths: IndexArray) -> IndexArray:
    """Indices of each stance's samples, one row a stance; rows are filled up with their last sample."""
    width = int(lengths.max())
    rows: IndexArray = starts[:, None] + np.minimum(np.arange(width), lengths[:, None] - 1)
    return rows


def _between(rows: FloatArray, places: FloatArray) -> FloatArray:
    """Each row's value at a fractional index."""
    left = np.floor(places).astype(np.int64)
    fraction = places - left
    every = np.arange(len(rows))
    value: FloatArray = rows[every, left] + fraction * (rows[every, left + (fraction > 0.0)] - rows[every, left])
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
