"""The pelvis over one stance: drop, excursion, tilt and rotation, and the same again with a better alignment."""

import numpy as np

from sensorhub.analysis.alignment.pelvis import angle_rad, forward_axis
from sensorhub.dsp.rotation import parts_along
from sensorhub.dsp.table import Table
from sensorhub.dsp.windows import reduced, reduced_rows, rows_of
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
    known = np.flatnonzero(stances.samples)
    measurable = len(known) if alignment.left_sensor is not None else 0
    if 0 < measurable == len(stances):
        return _measured(up_sensor, stances, left, alignment)
    angles = StanceAngles(*np.full((4, len(stances)), np.nan))
    if measurable:
        angles.put(known, _measured(up_sensor, stances.rows(known), left[known], alignment))
    return angles


def _measured(up_sensor: FloatArray, stances: Stances, left: BoolArray, alignment: Alignment) -> StanceAngles:
    """The same for some stances that all have samples, with an alignment that has a heading."""
    start, end = stances.first.min(), (stances.first + stances.samples).max()
    up, first = up_sensor[:, start:end], stances.first - start
    begin, stop = np.ceil(stances.contact_place).astype(np.int64), stances.toe_off_place.astype(np.int64) + 1
    sign = np.where(left, 1.0, -1.0)
    rising = parts_along(up, np.array(alignment.left_sensor))
    lower = sign[:, np.newaxis] * rows_of(rising, first, int(stances.samples.max()) + 1)
    at_contact, at_toe_off = _angles_at(lower, np.array((stances.contact_place, stances.toe_off_place)))
    peak = np.maximum(_peak(lower, begin, stop, stances), np.maximum(at_contact, at_toe_off))
    drop = peak if alignment.reference is Reference.STANDING else np.full(len(peak), np.nan)
    tilt = -angle_rad(parts_along(up, forward_axis(alignment)))
    mean_tilt = reduced(np.add, tilt, first + begin, first + stop) / np.maximum(stop - begin, 1)
    return StanceAngles(*np.array((drop, peak - at_contact, sign * at_contact, mean_tilt)) * DEG_PER_RAD)


def _angles_at(sines: FloatArray, places: FloatArray) -> FloatArray:
    """The angles in each row at fractional places, shape (k, n), on straight lines between its samples."""
    before = places.astype(np.int64)
    angle_before, angle_after = angle_rad(sines[np.arange(len(sines)), np.array((before, before + 1))])
    angles: FloatArray = angle_before + (places - before) * (angle_after - angle_before)
    return angles


def _peak(sines: FloatArray, begin: IndexArray, stop: IndexArray, stances: Stances) -> FloatArray:
    """The greatest angle in each row between two samples, on the parabola through the three around it."""
    greatest = reduced_rows(np.maximum, sines, begin, stop)
    top = np.argmax(sines == greatest[:, np.newaxis], axis=1)
    before, at, after = angle_rad(sines[np.arange(len(sines)), top + np.array([[-1], [0], [1]])])
    bend = before - 2.0 * at + after
    shift = 0.5 * (before - after) / np.where(bend < 0.0, bend, -np.inf)
    crest = top + shift
    has_neighbours = (top > 0) & (top < stances.samples - 1)
    inside = (np.abs(shift) <= 1.0) & (crest >= stances.contact_place) & (crest <= stances.toe_off_place)
    peak: FloatArray = np.where(has_neighbours & inside, at - 0.25 * (before - after) * shift, at)
    return peak
