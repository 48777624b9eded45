"""What a runner does, from the motion itself: run, walk, stand or something else."""

from dataclasses import dataclass
from itertools import groupby

import numpy as np

from sensorhub.analysis.alignment.pelvis import PelvisBlock
from sensorhub.analysis.gait.contact import Contacts
from sensorhub.dsp.rotation import parts_along
from sensorhub.model.alignment import Alignment
from sensorhub.model.samples import FloatArray
from sensorhub.model.status import Activity, ActivitySpan
from sensorhub.model.units import RAD_PER_DEG


@dataclass(frozen=True, slots=True)
class ActivityParams:
    """Time is judged in cells.

    cell_s: length of a cell. wait_s: how long after a cell its last contact may still be told. persist_cells: how many
    cells a new activity must last to end the one before. still_mps2, still_rad: greatest vertical acceleration, and
    turn of the sensor within a cell, below which somebody is still. upright_rad: how far the trunk may lean from the
    reference pose to count as standing. spin_radps, sway_rad: no pelvis does more in a step.
    """

    cell_s: float = 0.5
    wait_s: float = 2.5
    persist_cells: int = 4
    still_mps2: float = 1.5
    still_rad: float = 4.0 * RAD_PER_DEG
    upright_rad: float = 30.0 * RAD_PER_DEG
    spin_radps: float = 5.5
    sway_rad: float = 50.0 * RAD_PER_DEG


class ActivityTimeline:
    """Cells of the session, each with its activity, joined to spans."""

    def __init__(self, params: ActivityParams = ActivityParams()) -> None:
        self._params = params
        self._size = 0
        self._cell_s = 0.0
        self._start_s = 0.0
        self._decided = 0
        self._held: list[tuple[FloatArray, FloatArray]] = []
        """Vertical acceleration, shape (n,), and up, shape (3, n), of what is not judged yet."""
        self._quiet: list[Activity] = []
        self._gait: dict[int, Activity] = {}
        self._span: tuple[Activity, int] | None = None
        self._new: tuple[Activity, int] | None = None

    def feed(self, block: PelvisBlock, contacts: Contacts) -> list[ActivitySpan]:
        """Take the next samples and the contacts that they made sure; give the spans that ended."""
        if not self._size:
            self._size = max(round(self._params.cell_s * block.motion.rate_hz), 1)
            self._start_s = float(block.motion.t_s[0])
            self._cell_s = self._size / block.motion.rate_hz
        self._held.append((block.vertical_mps2, block.motion.up))
        if sum(len(vertical) for vertical, _ in self._held) >= self._size:
            self._judge_quiet(block.alignment)
        self._mark(contacts)
        return self._decide(len(self._quiet) - round(self._params.wait_s / self._params.cell_s))

    def finish(self) -> list[ActivitySpan]:
        """Give the span that the end of the stream ends."""
        spans = self._decide(len(self._quiet))
        return [*spans, self._ended(self._decided)] if self._span is not None else spans

    def _mark(self, contacts: Contacts) -> None:
        """Cells that a stance touches."""
        if not len(contacts):
            return
        wild = (contacts.spin_radps > self._params.spin_radps) | (contacts.sway_rad > self._params.sway_rad)
        first, last = (
            ((times_s[~wild] - self._start_s) / self._cell_s).astype(np.int64)
            for times_s in (contacts.initial_contact_s, contacts.toe_off_s)
        )
        run, walk = Activity.RUN, Activity.WALK
        columns = (np.maximum(first, self._decided), last, contacts.running[~wild])
        for begin, end, running in zip(*(column.tolist() for column in columns), strict=True):
            for cell in range(begin, end + 1):
                self._gait[cell] = run if running else walk

    def _judge_quiet(self, alignment: Alignment | None) -> None:
        """Stand or something else, for each cell that is full, as if there were no steps."""
        vertical, up = (np.concatenate(parts, axis=-1) for parts in zip(*self._held, strict=True))
        count = len(vertical) // self._size
        full = count * self._size
        self._held = [(vertical[full:], up[:, full:])]
        if alignment is None:
            self._quiet += [Activity.OTHER] * count
            return
        # Greatest values, not means: their bits do not depend on how many cells there are.
        pushes = np.abs(vertical[:full]).reshape(count, -1).max(axis=1)
        turns = np.ptp(up[:, :full].reshape(3, count, -1), axis=2).max(axis=0)
        cosine = parts_along(up[:, : full : self._size], np.array(alignment.up_sensor))
        upright = cosine > np.cos(self._params.upright_rad)
        stands = upright & (turns < self._params.still_rad) & (pushes < self._params.still_mps2)
        quiet = Activity.OTHER, Activity.STAND
        self._quiet += [quiet[stand] for stand in stands.tolist()]

    def _decide(self, ready: int) -> list[ActivitySpan]:
        """Join the cells before `ready` to spans."""
        spans: list[ActivitySpan] = []
        activities = [self._gait.pop(cell, self._quiet[cell]) for cell in range(self._decided, ready)]
        for activity, cells in groupby(activities):
            first, self._decided = self._decided, self._decided + len(list(cells))
            if self._span is None:
                self._span = (activity, first)
            elif activity is self._span[0]:
                self._new = None
            elif self._new is None or self._new[0] is not activity:
                self._new = (activity, first)
            if self._new is not None and self._decided - self._new[1] >= self._params.persist_cells:
                spans.append(self._ended(self._new[1]))
                self._span, self._new = self._new, None
        return spans

    def _ended(self, cell: int) -> ActivitySpan:
        activity, first = self._span or (Activity.OTHER, cell)
        return ActivitySpan(activity, self._start_s + first * self._cell_s, self._start_s + cell * self._cell_s)
