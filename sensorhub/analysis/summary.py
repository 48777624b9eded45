"""What a session came to, built as its events pass: counts, means with intervals, asymmetry, drift, share trusted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter

import numpy as np

from sensorhub.analysis.change import ChangeParams, detectable_change_deg
from sensorhub.analysis.statistics import SeriesMean, mean_of_series, slope_per
from sensorhub.model.events import Event
from sensorhub.model.exercise import BandWalkSet, ClamshellSet, SidePlankSet
from sensorhub.model.gait import Gait, Reference, Side, Stride
from sensorhub.model.samples import FloatArray, SampleBlock
from sensorhub.model.status import Gap
from sensorhub.model.summary import Estimate, Summary

_T, _CONTACT, _CADENCE, _EXCURSION, _LEFT, _RUNNING, _TRUSTED, _DROP = range(8)
_NUMBERS = attrgetter("initial_contact_s", "ground_contact_time_s", "cadence_spm", "pelvic_drop_excursion_deg")
"""The first four columns of the table of strides."""


@dataclass(frozen=True, slots=True)
class SummaryParams:
    """A stride is trusted when nothing flags it and its quality is at least min_quality.

    Drift is claimed from shortest_drift_s of running on.
    """

    min_quality: float = 0.5
    shortest_drift_s: float = 120.0
    change: ChangeParams = field(default_factory=ChangeParams)


class SummaryBuilder:
    """Takes every event once; a stride that comes again with a higher revision replaces itself.

    It holds the strides that the book of the session keeps anyway.
    """

    def __init__(self, params: SummaryParams | None = None) -> None:
        self._params = params or SummaryParams()
        self._strides: dict[int, Stride] = {}
        self._samples = self._gaps = self._sets = 0
        self._start_s: float | None = None
        self._end_s: float | None = None

    def add_samples(self, block: SampleBlock) -> None:
        """Count samples as they came."""
        if len(block):
            self._samples += len(block)
            self._start_s = float(block.t_s[0]) if self._start_s is None else self._start_s
            self._end_s = float(block.t_s[-1])

    def add(self, events: Sequence[Event]) -> None:
        """Take the next events."""
        for event in events:
            match event:
                case Stride():
                    self._strides[event.seq] = event
                case Gap():
                    self._gaps += 1
                case BandWalkSet() | SidePlankSet() | ClamshellSet():
                    self._sets += 1
                case _:
                    pass

    def result(self, rejected_samples: int = 0) -> Summary:
        """Return what it all came to until now."""
        table = self._table()
        left, right = table[table[:, _LEFT] == 1], table[table[:, _LEFT] == 0]
        drops = _side_mean(left, _DROP), _side_mean(right, _DROP)
        excursions = _side_mean(left, _EXCURSION), _side_mean(right, _EXCURSION)
        known = [side for side in drops if side is not None]
        return Summary(
            start_s=self._start_s or 0.0,
            duration_s=(self._end_s or 0.0) - (self._start_s or 0.0),
            samples=self._samples,
            rejected_samples=rejected_samples,
            gaps=self._gaps,
            strides=len(table),
            strides_left=len(left),
            strides_right=len(right),
            drill_sets=self._sets,
            trusted_share=_known_mean(table[:, _TRUSTED]),
            cadence_spm=_known_mean(_chosen(table)[:, _CADENCE]),
            ground_contact_time_s=_known_mean(_chosen(table)[:, _CONTACT]),
            pelvic_drop_left_deg=_estimate(drops[0]),
            pelvic_drop_right_deg=_estimate(drops[1]),
            asymmetry_deg=_asymmetry(table, _DROP, drops),
            minimal_detectable_change_deg=(
                detectable_change_deg(max(side.standard_error for side in known), self._params.change)
                if len(known) == 2
                else None
            ),
            drift_left_deg_per_min=_drift(left, self._params),
            drift_right_deg_per_min=_drift(right, self._params),
            pelvic_drop_excursion_left_deg=_estimate(excursions[0]),
            pelvic_drop_excursion_right_deg=_estimate(excursions[1]),
            excursion_asymmetry_deg=_asymmetry(table, _EXCURSION, excursions),
        )

    def _table(self) -> FloatArray:
        """The strides in their order, each as it was told last; unknown is NaN."""
        strides = [self._strides[seq] for seq in sorted(self._strides)]
        columns = (
            *zip(*map(_NUMBERS, strides), strict=True),
            [one.side is Side.LEFT for one in strides],
            [one.activity is Gait.RUN for one in strides],
            [not one.flags and one.quality >= self._params.min_quality for one in strides],
            # A drop against the mean of the run is no absolute drop, and no other session can be held against it.
            [one.pelvic_drop_deg if one.reference is Reference.STANDING else None for one in strides],
        )
        return np.array(columns, dtype=np.float64).T if strides else np.empty((0, 8))


def _chosen(table: FloatArray) -> FloatArray:
    """Running strides, or where there are none the walking ones: a mean of both would be of neither."""
    running = table[table[:, _RUNNING] == 1]
    return running if len(running) else table


def _trusted(table: FloatArray, column: int) -> FloatArray:
    chosen = _chosen(table)
    return np.asarray(chosen[(chosen[:, _TRUSTED] == 1) & ~np.isnan(chosen[:, column])])


def _side_mean(side: FloatArray, column: int) -> SeriesMean | None:
    return mean_of_series(_trusted(side, column)[:, column])


def _estimate(result: SeriesMean | None) -> Estimate | None:
    if result is None:
        return None
    half = result.half_width()
    return Estimate(result.mean, result.mean - half, result.mean + half, result.n)


def _asymmetry(table: FloatArray, column: int, sides: tuple[SeriesMean | None, SeriesMean | None]) -> Estimate | None:
    """Left mean less right mean. Its spread is that of neighbouring pairs, as what tips the sensor tips both sides."""
    left, right = sides
    if left is None or right is None:
        return None
    rows = _trusted(table, column)
    first, second = rows[:-1], rows[1:]
    pairs = (first[:, _LEFT] == 1) & (second[:, _LEFT] == 0)
    paired = mean_of_series(first[pairs, column] - second[pairs, column])
    difference = left.mean - right.mean
    apart = float(np.hypot(left.standard_error, right.standard_error))
    if paired is None:
        worth = SeriesMean(difference, apart, min(left.effective_n, right.effective_n), min(left.n, right.n))
    else:
        worth = SeriesMean(difference, paired.standard_error, paired.effective_n, paired.n)
    return _estimate(worth)


def _drift(side: FloatArray, params: SummaryParams) -> float | None:
    rows = _trusted(side, _DROP)
    if len(rows) < 20 or rows[-1, _T] - rows[0, _T] < params.shortest_drift_s:
        return None
    return 60.0 * slope_per(rows[:, _T], rows[:, _DROP])


def _known_mean(values: FloatArray) -> float | None:
    known = values[~np.isnan(values)]
    return float(np.mean(known)) if len(known) else None
