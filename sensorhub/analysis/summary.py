"""What a session came to, built as its events pass: counts, means with intervals, asymmetry, drift, share trusted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sensorhub.analysis.change import detectable_change_deg
from sensorhub.analysis.statistics import SeriesMean, mean_of_series, slope_per
from sensorhub.dsp.table import Table
from sensorhub.model.events import Event
from sensorhub.model.exercise import BandWalkSet, ClamshellSet, SidePlankSet
from sensorhub.model.gait import Gait, Reference, Side, Stride
from sensorhub.model.samples import BoolArray, FloatArray, SampleBlock
from sensorhub.model.status import Gap
from sensorhub.model.summary import Estimate, Summary


class _Strides(Table, frozen=True):
    """The strides in their order, each as it was told last; unknown is NaN. is_trusted, is_left, runs: 0 or 1."""

    t_s: FloatArray
    contact_s: FloatArray
    cadence_spm: FloatArray
    excursion_deg: FloatArray
    drop_deg: FloatArray
    is_left: BoolArray
    runs: BoolArray
    is_trusted: BoolArray


@dataclass(frozen=True, slots=True)
class SummaryParams:
    """A stride is trusted when nothing flags it and its quality is at least min_quality.

    Drift is claimed from shortest_drift_s of running on.
    """

    min_quality: float = 0.5
    shortest_drift_s: float = 120.0


class SummaryBuilder:
    """Takes every event once; a stride that comes again with a higher revision replaces itself.

    It holds the strides that the book of the session keeps anyway.
    """

    def __init__(self, params: SummaryParams = SummaryParams()) -> None:
        self._params = params
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
        strides = self._table()
        # Running strides, or where there are none the walking ones: a mean of both would be of neither.
        chosen = strides.rows(strides.runs) if strides.runs.any() else strides
        trusted = chosen.rows(chosen.is_trusted)
        left, right = trusted.rows(trusted.is_left), trusted.rows(~trusted.is_left)
        drops = _mean(left.drop_deg), _mean(right.drop_deg)
        excursions = _mean(left.excursion_deg), _mean(right.excursion_deg)
        known = [side for side in drops if side is not None]
        return Summary(
            start_s=self._start_s or 0.0,
            duration_s=(self._end_s or 0.0) - (self._start_s or 0.0),
            samples=self._samples,
            rejected_samples=rejected_samples,
            gaps=self._gaps,
            strides=len(strides),
            strides_left=int(np.count_nonzero(strides.is_left)),
            strides_right=int(np.count_nonzero(~strides.is_left)),
            drill_sets=self._sets,
            trusted_share=_known_mean(strides.is_trusted),
            cadence_spm=_known_mean(chosen.cadence_spm),
            ground_contact_time_s=_known_mean(chosen.contact_s),
            pelvic_drop_left_deg=_estimate(drops[0]),
            pelvic_drop_right_deg=_estimate(drops[1]),
            asymmetry_deg=_asymmetry(trusted.drop_deg, trusted.is_left, drops),
            minimal_detectable_change_deg=(
                detectable_change_deg(max(side.standard_error for side in known)) if len(known) == 2 else None
            ),
            drift_left_deg_per_min=_drift(left, self._params),
            drift_right_deg_per_min=_drift(right, self._params),
            pelvic_drop_excursion_left_deg=_estimate(excursions[0]),
            pelvic_drop_excursion_right_deg=_estimate(excursions[1]),
            excursion_asymmetry_deg=_asymmetry(trusted.excursion_deg, trusted.is_left, excursions),
        )

    def _table(self) -> _Strides:
        strides = [self._strides[seq] for seq in sorted(self._strides)]
        # Members of enumerations are looked up once: for each stride it would take longer than all the rest.
        left, run, standing = Side.LEFT, Gait.RUN, Reference.STANDING
        least = self._params.min_quality
        return _Strides(
            t_s=_column([one.initial_contact_s for one in strides]),
            contact_s=_column([one.ground_contact_time_s for one in strides]),
            cadence_spm=_column([one.cadence_spm for one in strides]),
            excursion_deg=_column([one.pelvic_drop_excursion_deg for one in strides]),
            # A drop against the mean of the run is no absolute drop, and no other session can be held against it.
            drop_deg=_column([one.pelvic_drop_deg if one.reference is standing else None for one in strides]),
            is_left=np.array([one.side is left for one in strides], dtype=bool),
            runs=np.array([one.activity is run for one in strides], dtype=bool),
            is_trusted=np.array([not one.flags and one.quality >= least for one in strides], dtype=bool),
        )


def _column(values: list[float | None]) -> FloatArray:
    return np.array(values, dtype=np.float64)


def _mean(values: FloatArray) -> SeriesMean | None:
    return mean_of_series(values[~np.isnan(values)])


def _estimate(result: SeriesMean | None) -> Estimate | None:
    if result is None:
        return None
    half = result.half_width
    return Estimate(result.mean, result.mean - half, result.mean + half, result.n)


def _asymmetry(
    values: FloatArray, is_left: BoolArray, sides: tuple[SeriesMean | None, SeriesMean | None]
) -> Estimate | None:
    """Left mean less right mean. Its spread is that of neighbouring pairs, as what tips the sensor tips both sides."""
    left, right = sides
    if left is None or right is None:
        return None
    is_known = ~np.isnan(values)
    values, is_left = values[is_known], is_left[is_known]
    paired = mean_of_series((values[:-1] - values[1:])[is_left[:-1] & ~is_left[1:]])
    if paired is None:
        apart = float(np.hypot(left.standard_error, right.standard_error))
        paired = SeriesMean(0.0, apart, min(left.effective_n, right.effective_n), min(left.n, right.n))
    return _estimate(replace(paired, mean=left.mean - right.mean))


def _drift(side: _Strides, params: SummaryParams) -> float | None:
    is_known = ~np.isnan(side.drop_deg)
    t_s, drop_deg = side.t_s[is_known], side.drop_deg[is_known]
    if len(t_s) < 20 or t_s[-1] - t_s[0] < params.shortest_drift_s:
        return None
    return 60.0 * slope_per(t_s, drop_deg)


def _known_mean(values: FloatArray | BoolArray) -> float | None:
    known = values[~np.isnan(values)]
    return float(np.mean(known)) if len(known) else None
