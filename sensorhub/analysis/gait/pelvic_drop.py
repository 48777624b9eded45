"""The pelvis over one stance: drop, excursion, tilt and rotation, and the same again with a better alignment."""

import numpy as np

from sensorhub.analysis.alignment.pelvis import angle_rad, forward_axis
from sensorhub.dsp.table import Table
from sensorhub.dsp.windows import inside, sample_numbers, value_at
from sensorhub.model.alignment import Alignment
from sensorhub.model.gait import Reference
from sensorhub.model.samples import BoolArray, FloatArray, IndexArray
from sensorhub.model.units import DEG_PER_RAD


class Stances(Table, frozen=True):
    """Where stances lie among samples of the earth's up in the sensor frame that were kept, arrays of shape (n,).

    first, samples: those of each, none where it was not read. contact_place, toe_off_place: initial contact and
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

    up_sensor, shape (3, m), is what the stances lie in. Drop is the peak over the stance of the angle by which the
    swing side is lower (left stance: + obliquity, right stance: - obliquity), excursion that peak less the value at
    contact. A peak between two samples lies on the parabola through the three around it.
    """
    angles_deg = np.full((len(StanceAngles.__struct_fields__), len(stances)), np.nan)
    known = np.flatnonzero(stances.samples)
    if alignment.left_sensor is not None and len(known):
        first, samples = stances.first[known], stances.samples[known]
        contact, toe_off = stances.contact_place[known], stances.toe_off_place[known]
        up = up_sensor.take(sample_numbers(first, first + samples - 1, int(samples.max())), axis=1)
        within = inside(up.shape[1], contact, toe_off)
        sign = np.where(left[known], 1.0, -1.0)
        rising = sign * _angle_rad(up, np.array(alignment.left_sensor))
        at_contact, at_toe_off = value_at(rising, np.array((contact, toe_off)))
        peak = np.maximum(_peak(rising, within, contact, toe_off), np.maximum(at_contact, at_toe_off))
        drop = peak if alignment.reference is Reference.STANDING else np.full(len(known), np.nan)
        tilt = np.where(within, -_angle_rad(up, forward_axis(alignment)), 0.0)
        # cumsum adds in order, so that a stance's mean does not depend on how long the others made the columns.
        mean_tilt = np.cumsum(tilt, axis=0)[-1] / np.maximum(np.floor(toe_off) - np.ceil(contact) + 1.0, 1.0)
        angles_deg[:, known] = np.array((drop, peak - at_contact, sign * at_contact, mean_tilt)) * DEG_PER_RAD
    return StanceAngles(*angles_deg)


def _angle_rad(up: FloatArray, axis: FloatArray) -> FloatArray:
    """The angle by which an axis rises above the horizontal, for the earth's up, shape (3, ...), in the same frame."""
    return angle_rad(up[0] * axis[0] + up[1] * axis[1] + up[2] * axis[2])


def _peak(columns: FloatArray, within: BoolArray, contact: FloatArray, toe_off: FloatArray) -> FloatArray:
    """The greatest value of each column between two places, on the parabola through the three samples around it."""
    masked, every, newest = np.where(within, columns, -np.inf), np.arange(len(contact)), len(columns) - 1
    top = np.argmax(masked, axis=0)
    peak = masked[top, every]
    middle = np.minimum(np.maximum(top, 1), max(newest - 1, 1))
    before, at, after = (columns[np.minimum(middle + shift, newest), every] for shift in (-1, 0, 1))
    bend = before - 2.0 * at + after
    shift = np.where(bend < 0.0, 0.5 * (before - after) / np.where(bend < 0.0, bend, -1.0), np.inf)
    crest_within = (np.abs(shift) <= 1.0) & (middle + shift >= contact) & (middle + shift <= toe_off)
    crest = at - 0.25 * (before - after) * np.where(crest_within, shift, 0.0)
    better: FloatArray = np.where(crest_within & (middle == top), np.maximum(peak, crest), peak)
    return better
