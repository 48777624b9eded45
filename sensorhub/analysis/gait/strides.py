"""From landings and what the pelvis did to strides: what each is worth, its flags, its record."""

from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhub.analysis.gait.landings import Landings
from sensorhub.analysis.gait.pelvic_drop import StanceAngles
from sensorhub.analysis.gait.pelvis_tail import StanceReadings
from sensorhub.analysis.gait.stride_quality import Trust, quality_of
from sensorhub.dsp.table import Table
from sensorhub.model.gait import Flag, Gait, Reference, Side, Stride
from sensorhub.model.samples import BoolArray, FloatArray

UNSETTLED_BELOW = 0.9
"""A side that is believed less than this is flagged."""

FLAGS = (Flag.GAP, Flag.TURN, Flag.SLIP, Flag.CLIPPED, Flag.UNSETTLED)
FLAGS_OF = [tuple(flag for bit, flag in enumerate(FLAGS) if number >> bit & 1) for number in range(1 << len(FLAGS))]
"""The flags for each number whose bits say which are raised."""


@dataclass(frozen=True, slots=True)
class Worth(Table):
    """What a stride is worth by itself, and what lowers trust beyond it; arrays of shape (n,).

    trust_in_gait, error_deg: of its contact. bend_deg: how far a bend may have pulled the inclination off. missing,
    clipped: whether any of its samples was. unsure: whether its side is. turning, slipped, unsettled: whether it is in
    a bend, before a slip of the clip was noticed, or told while the heading was unsure.
    """

    trust_in_gait: FloatArray
    error_deg: FloatArray
    bend_deg: FloatArray
    missing: BoolArray
    clipped: BoolArray
    unsure: BoolArray
    turning: BoolArray
    slipped: BoolArray
    unsettled: BoolArray

    def quality(self, angles: StanceAngles) -> FloatArray:
        """The quality of each stride with these angles."""
        return quality_of(
            Trust(self.trust_in_gait, self.error_deg),
            lean_deg=np.nan_to_num(angles.pelvic_tilt_deg),
            bend_deg=self.bend_deg,
            slipped=self.slipped,
            unsettled=self.unsettled,
        )

    def flags(self) -> list[tuple[Flag, ...]]:
        """The flags of each stride."""
        raised = (self.missing, self.turning, self.slipped, self.clipped, self.unsettled | self.unsure)
        numbers = sum((flag.astype(np.int64) << bit for bit, flag in enumerate(raised)), np.int64(0))
        return [FLAGS_OF[number] for number in np.asarray(numbers).tolist()]


def strides_of(
    landings: Landings, readings: StanceReadings, worth: Worth, angles: StanceAngles, reference: Reference
) -> list[Stride]:
    """The strides that end with these landings, before any revision; reference: what the angles are measured from."""
    ground_contact_s = landings.toe_off_s - landings.initial_contact_s
    columns = (  # in the order of the fields
        landings.seq.tolist(),
        repeat(0),
        _named(landings.left, Side.LEFT, Side.RIGHT),
        landings.initial_contact_s.tolist(),
        landings.toe_off_s.tolist(),
        known(landings.stride_time_s),
        known(landings.step_time_s),
        ground_contact_s.tolist(),
        known(landings.flight_time_s),
        known(ground_contact_s / landings.stride_time_s),
        known(120.0 / landings.stride_time_s),
        *(known(column) for column in angles.columns),
        known(readings.rotation_range_deg),
        known(readings.vertical_oscillation_m),
        _named(landings.running, Gait.RUN, Gait.WALK),
        _named(~np.isnan(angles.pelvic_drop_excursion_deg), reference, None),
        worth.quality(angles).tolist(),
        worth.flags(),
    )
    return list(map(Stride, *columns))


def known(column: FloatArray) -> list[Any]:
    """The values of a column, None for NaN."""
    values: NDArray[np.object_] = column.astype(object)
    values[np.isnan(column)] = None
    return list(values)


def _named(which: NDArray[np.bool_], yes: Any, no: Any) -> list[Any]:
    return [yes if one else no for one in which.tolist()]
