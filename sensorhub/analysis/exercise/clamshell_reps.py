"""Finding a regular run of clamshell repetitions in the heading of the pelvis, and counting on from there."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sensorhub.analysis.exercise.cycles import Swing, SwingCounter
from sensorhub.model.samples import FloatArray


@dataclass(frozen=True, slots=True)
class ClamshellRepParams:
    """What makes turns of the pelvis a run of repetitions.

    trial_deg: hystereses with which turning points are looked for. hysteresis_share: of a repetition's turn, in
    counting. least_reps: in a run. quickest_s, slowest_s: repetitions. most_unsteady, most_uneven: standard deviation
    over mean of times and of turns. least_share, most_share: a repetition's turn against the usual;
    soonest_share: its time against the usual. While weight shifts, or after a pause longer than latest_share, these
    limits are narrower (their root, `tight`); weight that shifts longer than disturbed_share ends all counting.
    steady_turn_deg, most_spread, longest_share: turns of this size, times that spread by this little, and none that
    takes longer against the usual, are repetitions even where the pelvis hardly turns.
    """

    trial_deg: tuple[float, ...] = (2.4, 1.5, 0.9, 0.5, 0.25)
    hysteresis_share: float = 0.37
    least_reps: int = 5
    quickest_s: float = 1.0
    slowest_s: float = 8.0
    most_unsteady: float = 0.3
    most_uneven: float = 0.45
    most_turn_deg: float = 15.0
    least_share: float = 0.38
    most_share: float = 2.4
    soonest_share: float = 0.55
    latest_share: float = 1.45
    disturbed_share: float = 1.25
    tight: float = 1.6
    steady_turn_deg: float = 1.4
    most_spread: float = 0.2
    longest_share: float = 1.4


@dataclass(frozen=True, slots=True)
class Run:
    """A regular run of turns: usual time and turn, extremes of the heading, when each extreme was.

    drift_degps: how fast the middle of the turns wanders; the extremes are as they were at first_s. unsteadiness:
    standard deviation over mean of the times, and of the turns, together.
    """

    usual_s: float
    usual_deg: float
    high_deg: float
    low_deg: float
    extremes_s: tuple[float, ...]
    drift_degps: float
    unsteadiness: float

    @property
    def first_s(self) -> float:
        """When the first extreme was."""
        return self.extremes_s[0]

    @property
    def last_s(self) -> float:
        """When the last extreme was."""
        return self.extremes_s[-1]


def find_run(t_s: FloatArray, heading_deg: FloatArray, params: ClamshellRepParams) -> Run | None:
    """Look for a regular run that lasts to the end, with each hysteresis, the largest first."""
    for hysteresis_deg in params.trial_deg:
        points = _turning_points(t_s.tolist(), heading_deg.tolist(), hysteresis_deg)
        run = _regular_end(points, hysteresis_deg, params)
        if run is not None:
            return run
    return None


def are_steady(swings: Sequence[Swing], params: ClamshellRepParams) -> bool:
    """Whether turns are so large and regular that sway, which knows no beat, can have added or hidden none."""
    if len(swings) < params.least_reps:
        return False
    times = np.diff([swing.peak_s for swing in swings])
    turn_deg = float(np.median([swing.peak - swing.trough for swing in swings]))
    return bool(
        turn_deg > params.steady_turn_deg
        and times.std() < params.most_spread * times.mean()
        and times.max() < params.longest_share * np.median(times)
    )


def _turning_points(times: list[float], values: list[float], hysteresis: float) -> list[tuple[float, float]]:
    """Highs and lows by turns, each (time, value), by hysteresis; the first may be either."""
    points: list[tuple[float, float]] = []
    high = low = (times[0], values[0])
    rising: bool | None = None
    for t_s, value in zip(times, values, strict=True):
        if value > high[1]:
            high = (t_s, value)
        if value < low[1]:
            low = (t_s, value)
        if rising is not False and value < high[1] - hysteresis:
            points.append(high)
            rising, low = False, (t_s, value)
        elif rising is not True and value > low[1] + hysteresis:
            points.append(low)
            rising, high = True, (t_s, value)
    return points


def _regular_end(points: list[tuple[float, float]], hysteresis_deg: float, params: ClamshellRepParams) -> Run | None:
    """The longest regular run at the end of the turning points, if it holds enough repetitions."""
    needed = 2 * params.least_reps - 1
    if len(points) < needed:
        return None
    times, values = np.array(points[-needed:]).T
    periods = times[2:] - times[:-2]
    turns = np.abs(np.diff(values))
    usual_s, usual_deg = float(np.median(periods)), float(np.median(turns))
    regular = (
        params.quickest_s < usual_s < params.slowest_s
        and float(periods.std()) < params.most_unsteady * float(periods.mean())
        and float(turns.std()) < params.most_uneven * float(turns.mean())
        and 0.2 * usual_deg < hysteresis_deg < 0.75 * usual_deg
        and usual_deg < params.most_turn_deg
    )
    if not regular:
        return None
    unsteadiness = float(periods.std() / periods.mean() + turns.std() / turns.mean())
    first = len(points) - needed
    while first > 0 and _goes_on(points, first - 1, usual_s, usual_deg, params):
        first -= 1
    run_s, run_values = np.array(points[first:]).T
    drift_degps = _drift(run_s, run_values)
    run_values = run_values - drift_degps * (run_s - run_s[0])
    middle = float(np.median(run_values))
    high_deg = float(np.median(run_values[run_values >= middle]))
    low_deg = float(np.median(run_values[run_values <= middle]))
    return Run(usual_s, usual_deg, high_deg, low_deg, tuple(run_s.tolist()), drift_degps, unsteadiness)


def _drift(t_s: FloatArray, values: FloatArray) -> float:
    """How fast the middle between neighbouring extremes moves, later half against earlier; less where it is unsure."""
    middles, times = 0.5 * (values[1:] + values[:-1]), 0.5 * (t_s[1:] + t_s[:-1])
    half = len(middles) // 2
    early, late = middles[:half], middles[-half:]
    moved_deg = float(late.mean() - early.mean())
    unsure_deg2 = float(early.var() + late.var()) / half
    share = moved_deg**2 / (moved_deg**2 + 4.0 * unsure_deg2 + 1e-9)
    return share * moved_deg / float(times[-half:].mean() - times[:half].mean())


def _goes_on(
    points: list[tuple[float, float]], index: int, usual_s: float, usual_deg: float, params: ClamshellRepParams
) -> bool:
    here, there = points[index], points[index + 1]
    turn_deg = abs(there[1] - here[1])
    half_s = there[0] - here[0]
    return params.least_share * usual_deg < turn_deg < params.most_share * usual_deg and half_s < 0.9 * usual_s


class ClamshellCounter:
    """Counts on from a known run: turns to one side that are like the usual one in size and time.

    `outgrown` says that a much larger turn came, so that the run was perhaps only sway before the real thing.
    """

    def __init__(self, polarity: int, run: Run, params: ClamshellRepParams) -> None:
        least = 0.6 * params.hysteresis_share * run.usual_deg
        self._params = params
        self._swings = SwingCounter(least, 2.0 * least, params.hysteresis_share, polarity)
        self.usual_s, self._usual_deg = run.usual_s, run.usual_deg
        self._times_s: list[float] = []
        self._turns_deg = [run.usual_deg] * 3
        self._disturbed_s = float("-inf")
        self.last: Swing | None = None
        self.outgrown = False

    def feed(self, t_s: float, heading_deg: float, *, disturbed: bool) -> Swing | None:
        """Take the next frame; return the repetition that it completes."""
        if disturbed:
            self._disturbed_s = t_s
        swing = self._swings.feed(t_s, heading_deg)
        if swing is None or not self._is_like_the_others(swing):
            return None
        if self.last is not None:
            self._times_s = [*self._times_s[-6:], swing.peak_s - self.last.peak_s]
        if len(self._times_s) > 1:
            self.usual_s = sorted(self._times_s)[(len(self._times_s) - 1) // 2]
        self.last = swing
        self._turns_deg = [*self._turns_deg[-6:], swing.peak - swing.trough]
        self._usual_deg = sorted(self._turns_deg)[len(self._turns_deg) // 2]
        return swing

    def _is_like_the_others(self, swing: Swing) -> bool:
        params = self._params
        share = (swing.peak - swing.trough) / self._usual_deg
        late = 1.0 if self.last is None else (swing.peak_s - self.last.peak_s) / self.usual_s
        since_s = swing.peak_s - 0.2 * self.usual_s if self.last is None else self.last.peak_s + 0.3 * self.usual_s
        disturbed = self._disturbed_s > since_s
        narrower = 1.0 / (params.tight if disturbed or late > params.latest_share else 1.0)
        self.outgrown = self.outgrown or (share > params.most_share and not disturbed)
        if not params.least_share**narrower < share < params.most_share**narrower:
            return False
        return late > params.soonest_share**narrower and not (disturbed and late > params.disturbed_share)
