"""From landings and what the pelvis did to strides: what each is worth, its flags, its record."""

from itertools import repeat
from typing import Any

import numpy as np

from sensorhub.analysis.gait.landings import Landings
from sensorhub.analysis.gait.pelvic_drop import StanceAngles, Stances
from sensorhub.analysis.gait.stride_quality import Trust, quality_of
from sensorhub.model.gait import Flag, Gait, Reference, Side, Stride
from sensorhub.model.samples import BoolArray, FloatArray, IndexArray

GAP, TURN, SLIP, CLIPPED, UNSETTLED, UNSURE = (1 << bit for bit in range(6))
"""The bits of a stride's doubts. UNSETTLED: told while the heading was unsure; UNSURE: of its side."""

RAISED_BY = {
    Flag.GAP: GAP,
    Flag.TURN: TURN,
    Flag.SLIP: SLIP,
    Flag.CLIPPED: CLIPPED,
    Flag.UNSETTLED: UNSETTLED | UNSURE,
}
FLAGS_OF = [tuple(flag for flag, bits in RAISED_BY.items() if doubts & bits) for doubts in range(2 * UNSURE)]
"""The flags for each set of doubts."""


class Entries(Stances, frozen=True):
    """What is kept of each landing, to measure and judge it again; arrays of shape (n,).

    left: whether it was told as a left one. alignment: which of the book's it was last measured with, as far as all
    were. trust_in_gait, error_deg: of its contact. bend_deg: how far a bend may have pulled the inclination off.
    """

    left: BoolArray
    alignment: IndexArray
    trust_in_gait: FloatArray
    error_deg: FloatArray
    bend_deg: FloatArray
    rotation_range_deg: FloatArray
    vertical_oscillation_m: FloatArray
    doubts: IndexArray

    def quality(self, angles: StanceAngles) -> list[float]:
        """The quality of each stride with these angles."""
        quality = quality_of(
            Trust(self.trust_in_gait, self.error_deg),
            lean_deg=np.where(np.isnan(angles.pelvic_tilt_deg), 0.0, angles.pelvic_tilt_deg),
            bend_deg=self.bend_deg,
            slipped=self.doubts & SLIP != 0,
            unsettled=self.doubts & UNSETTLED != 0,
        )
        values: list[float] = quality.tolist()
        return values

    def flags(self) -> list[tuple[Flag, ...]]:
        """The flags of each stride."""
        return [FLAGS_OF[doubts] for doubts in self.doubts.tolist()]


def strides_of(landings: Landings, entries: Entries, angles: StanceAngles, reference: Reference) -> list[Stride]:
    """The strides that end with these landings, before any revision; reference: what the angles are measured from."""
    ground_contact_s, stride_s = landings.toe_off_s - landings.initial_contact_s, landings.stride_time_s
    times = (stride_s, landings.step_time_s, ground_contact_s, landings.flight_time_s)
    movement = (entries.rotation_range_deg, entries.vertical_oscillation_m)
    columns = (  # in the order of the fields
        landings.seq.tolist(),
        repeat(0),
        _named(landings.left, Side.LEFT, Side.RIGHT),
        landings.initial_contact_s.tolist(),
        landings.toe_off_s.tolist(),
        *known(*times, ground_contact_s / stride_s, 120.0 / stride_s, *angles.columns, *movement),
        _named(landings.running, Gait.RUN, Gait.WALK),
        _named(~np.isnan(angles.pelvic_drop_excursion_deg), reference, None),
        entries.quality(angles),
        entries.flags(),
    )
    return list(map(Stride, *columns))


def known(*columns: FloatArray) -> list[list[Any]]:
    """The values of some columns, None for NaN."""
    table = np.array(columns)
    values: list[list[Any]] = table.tolist()
    for column, row in zip(*np.nonzero(np.isnan(table)), strict=True):
        values[column][row] = None
    return values


def _named(which: BoolArray, yes: Any, no: Any) -> list[Any]:
    return [yes if one else no for one in which.tolist()]
