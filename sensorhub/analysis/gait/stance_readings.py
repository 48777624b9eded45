"""What can be read for a stance from the newest seconds of the pelvis's motion, whatever foot it was."""

import numpy as np

from sensorhub.analysis.gait.oscillation import vertical_oscillation_m
from sensorhub.analysis.gait.pelvic_drop import Stances
from sensorhub.analysis.gait.pelvis_tail import HEADING, LACKS, MIDDLE, PULL, RISE, UP, PelvisTail
from sensorhub.dsp.table import Table
from sensorhub.dsp.windows import extent, reduced, rows_of
from sensorhub.model.samples import BoolArray, FloatArray
from sensorhub.model.units import DEG_PER_RAD

ON_SAMPLE = 1e-6
"""A place this near to a sample, in samples, is on it."""


class StanceReadings(Table, frozen=True):
    """What does not change with the alignment, arrays of shape (n,), NaN for unknown.

    turn_radps: mean rate of turning over the stride. bend_deg: how far a bend, this one or one just before, may have
    pulled the inclination off, 0 where it is not known. missing, clipped: whether any sample was, from the same foot's
    contact before on.
    """

    rotation_range_deg: FloatArray
    vertical_oscillation_m: FloatArray
    turn_radps: FloatArray
    bend_deg: FloatArray
    missing: BoolArray
    clipped: BoolArray


def read_stances(
    tail: PelvisTail,
    initial_contact_s: FloatArray,
    toe_off_s: FloatArray,
    contact_before_s: FloatArray,
    toe_off_before_s: FloatArray,
) -> tuple[Stances, FloatArray, StanceReadings]:
    """Where stances lie among samples of the earth's up in the sensor frame, these samples, and the rest.

    contact_before_s, toe_off_before_s: the same foot's stance before, NaN where there was none. All of shape (n,).
    A stance of which not every sample is kept, from the toe-off before it on, has no samples.
    """
    kept, single = tail.kept, np.isnan(toe_off_before_s)
    since_s, start_s = np.where(single, initial_contact_s, (contact_before_s, toe_off_before_s))
    places = _places(tail, np.array((initial_contact_s, toe_off_s, since_s, start_s)))
    whole = (places[3] >= 0.0) & (places[1] <= kept.shape[1] - 1)
    # Where there is nothing to read, the first two samples stand in, till it is said that nothing is known.
    contact, toe_off, since, start = places if whole.all() else np.where(whole, places, [[0.0], [1.0], [0.0], [0.0]])
    first, stop = contact.astype(np.int64), np.ceil(toe_off).astype(np.int64) + 1
    samples = np.where(whole, stop - first, 0)
    begins = np.cumsum(samples) - samples
    index = np.repeat(first - begins, samples) + np.arange(samples.sum())
    heights_m = vertical_oscillation_m(kept[RISE], kept[MIDDLE], start, toe_off)
    rotation_rad, turn_rad = _rotation(kept[HEADING], start, toe_off)
    missing, clipped = reduced(np.maximum, kept[LACKS][:2], np.maximum(since.astype(np.int64), 0), stop)
    readings = StanceReadings(
        rotation_range_deg=np.where(whole & ~single, rotation_rad * DEG_PER_RAD, np.nan),
        vertical_oscillation_m=np.where(whole & ~single, heights_m, np.nan),
        turn_radps=np.where(whole, turn_rad * tail.rate_hz, np.nan),
        bend_deg=np.where(whole, kept[PULL, first] * DEG_PER_RAD, 0.0),
        missing=whole & (missing > 0.0),
        clipped=whole & (clipped > 0.0),
    )
    up_sensor = kept[UP].take(index, axis=1, mode="clip")
    return Stances(begins, samples, contact - first, toe_off - first), up_sensor, readings


def _places(tail: PelvisTail, times_s: FloatArray) -> FloatArray:
    """The fractional indices of times into what is kept."""
    places = tail.places(times_s)
    # A toe-off may lie on the newest sample: rounding must not take it beyond.
    nearest = np.rint(places)
    inside: FloatArray = np.where(np.abs(places - nearest) < ON_SAMPLE, nearest, places) - tail.start
    return inside


def _rotation(heading_rad: FloatArray, start: FloatArray, toe_off: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Range of the heading over each stride, less its mean turn, rad; and that turn, rad a sample."""
    first = start.astype(np.int64)
    last = (toe_off - first).astype(np.int64)
    heading = rows_of(heading_rad, first, int(last.max()) + 2)
    turn = (heading[np.arange(len(last)), last] - heading[:, 0]) / np.maximum(last, 1)
    heading -= turn[:, np.newaxis] * np.arange(heading.shape[1])
    return extent(heading, np.zeros_like(last), last + 1), turn
