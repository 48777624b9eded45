"""Side planks: which side is down, how long the hips stayed up, how much they sank."""

from dataclasses import dataclass

import numpy as np

from sensorhub.analysis.exercise.drill_alignment import DrillAlignment
from sensorhub.analysis.exercise.drill_frames import DrillFrames
from sensorhub.analysis.exercise.lines import dot, norm
from sensorhub.analysis.exercise.plank_quality import plank_quality
from sensorhub.dsp.rotation import along, cross, unit
from sensorhub.model.exercise import SidePlankSet
from sensorhub.model.gait import Side
from sensorhub.model.samples import FloatArray
from sensorhub.model.units import DEG_PER_RAD


@dataclass(frozen=True, slots=True)
class SidePlankParams:
    """What makes a side plank of lying on the side; angles are how far the pelvis's long axis rises above level.

    lying_deg: below this somebody lies (upright is 90). rest_s: on the floor before the lift, at least; from_floor_s:
    the lift takes no longer. least_lift_deg: hips up against the floor (10 to 20 is usual). sagged_deg: where less
    than this is left of it, the hold is over. most_rise_deg: above this he is getting up. settle_s: for how long the
    hips must stay up to be a hold, and down to end it. least_hold_s: shorter holds are a shifting of weight.
    steady_degps: greatest turning rate of a hold. side_cos: how near the line between left and right must be to
    vertical, where that line is known. known: evidence above which it is. level_s: time constant with which the level
    of a hold is followed as it sags. way_down_s, bend_rad: a forward bend this deep so long before lying down tells
    left from right.
    """

    lying_deg: float = 42.0
    rest_s: float = 0.8
    from_floor_s: float = 4.0
    least_lift_deg: float = 5.0
    sagged_deg: float = 1.5
    most_rise_deg: float = 40.0
    settle_s: float = 1.0
    least_hold_s: float = 4.0
    least_rise_deg: float = 7.0
    steady_degps: float = 25.0
    side_cos: float = 0.7
    known: float = 2.5
    level_s: float = 1.5
    way_down_s: float = 6.0
    bend_rad: float = 0.12


@dataclass(slots=True)
class _Lying:
    """One stay on the floor: what was seen of it. rest_deg: mean rise over the last moments."""

    t_s: list[float]
    rise_deg: list[float]
    up: list[list[float]]
    rest_deg: list[float]


class SidePlank:
    """Frames in, holds out, each when the hips have been down for a second or the runner gets up."""

    def __init__(self, rate_hz: float, alignment: DrillAlignment, params: SidePlankParams = SidePlankParams()) -> None:
        self._params = params
        self._rate_hz = rate_hz
        self._alignment = alignment
        self._set = 0
        self._lying: _Lying | None = None
        self._floor_deg = 0.0
        self._hold_from: int | None = None
        self._hold_deg = 0.0
        self._up_since: int | None = None
        self._down_since: int | None = None
        self._dip: tuple[int, int] | None = None  # the last one's first frame, and the first one after it
        self._way_down: FloatArray = np.empty((0, 3))
        self._keep = float(np.exp(-1.0 / (rate_hz * params.level_s)))

    def feed(self, frames: DrillFrames, first: int, upright: FloatArray) -> list[tuple[int, SidePlankSet]]:
        """Take frames, of which those from `first` on are new; return each hold with the frame that told its end."""
        new = frames.cut(first, len(frames))
        found: list[tuple[int, SidePlankSet]] = []
        rise_deg = np.arcsin(np.clip(along(new.up, upright), -1.0, 1.0)) * DEG_PER_RAD
        lying = rise_deg < self._params.lying_deg
        if self._lying is None and not lying.any():
            return found
        rates_radps = np.sqrt(new.rate_now).tolist()
        rows = zip(new.t_s.tolist(), rise_deg.tolist(), lying.tolist(), rates_radps, new.up.tolist(), strict=True)
        for count, (t_s, rise, down, rate_radps, up) in enumerate(rows):
            if not down:
                found.extend((count, hold) for hold in self._get_up(upright))
                continue
            if self._lying is None:
                self._lying = _Lying([], [], [], [])
                self._way_down = self._last_lean(frames, first + count, upright)
            self._lying.t_s.append(t_s)
            self._lying.rise_deg.append(rise)
            self._lying.up.append(up)
            found.extend((count, hold) for hold in self._step(self._lying, rise, rate_radps * DEG_PER_RAD, upright))
        return found

    def _last_lean(self, frames: DrillFrames, now: int, upright: FloatArray) -> FloatArray:
        """The earth's up while the runner leant on his way to the floor, shape (n, 3)."""
        before = frames.up[max(0, now - round(self._params.way_down_s * self._rate_hz)) : now]
        rise = along(before, upright)
        if len(rise):
            highest = int(np.argmax(rise))
            before, rise = before[highest:], rise[highest:]
        leaning: FloatArray = before[(rise < np.cos(self._params.bend_rad)) & (rise > 0.6)]
        return leaning

    def _use_bend(self, lateral: FloatArray, upright: FloatArray, t_s: float) -> bool:
        """Use the bend on the way to the floor; return whether it allows that this is lying on a side.

        Nobody gets to the floor without bending forward: that tells which end of a lateral line is left. Who first
        bends one way along the line on which he then lies the other way, lies on his back.
        """
        if not len(self._way_down):
            return True
        across = float(along(self._way_down, cross(upright, lateral)).sum()) / len(self._way_down)
        backward = -float(along(self._way_down, lateral).min())
        if backward > max(self._params.bend_rad, 1.5 * abs(across)):
            return False
        if abs(across) > self._params.bend_rad:
            self._alignment.use_left(lateral if across > 0.0 else -lateral, t_s, weight=2.0)
        return True

    def finish(self, upright: FloatArray) -> list[SidePlankSet]:
        """End the hold under way."""
        return self._get_up(upright)

    def _step(self, lying: _Lying, rise_deg: float, rate_degps: float, upright: FloatArray) -> list[SidePlankSet]:
        now = len(lying.t_s) - 1
        if self._hold_from is None:
            self._look_for_lift(lying, now, rise_deg, rate_degps)
            return []
        down_below_deg = self._floor_deg + 0.5 * (self._hold_deg - self._floor_deg)
        if rise_deg < down_below_deg or self._hold_deg - self._floor_deg < self._params.sagged_deg:
            if self._down_since is None:
                self._down_since = now
            if lying.t_s[now] - lying.t_s[self._down_since] >= self._params.settle_s:
                return self._sink(lying, now, upright)
            return []
        if self._down_since is not None:
            self._dip, self._down_since = (self._down_since, now), None
        if rise_deg < self._params.most_rise_deg:
            self._hold_deg += (1.0 - self._keep) * (rise_deg - self._hold_deg)
        return []

    def _look_for_lift(self, lying: _Lying, now: int, rise_deg: float, rate_degps: float) -> None:
        params = self._params
        last = lying.rise_deg[-round(params.rest_s * self._rate_hz) :]
        lying.rest_deg.append(sum(last) / len(last))
        self._floor_deg = min(lying.rest_deg[-round(params.from_floor_s * self._rate_hz) :])
        least_deg = max(self._floor_deg + params.least_lift_deg, params.least_rise_deg)
        lifted = least_deg < rise_deg < params.most_rise_deg
        if not lifted or rate_degps > params.steady_degps:
            self._up_since = None
            return
        if self._up_since is None:
            self._up_since = now
        if lying.t_s[now] - lying.t_s[self._up_since] >= params.settle_s:
            self._hold_deg = rise_deg
            half = 0.5 * (self._floor_deg + rise_deg)
            start = self._up_since
            while start > 0 and lying.rise_deg[start] > half:
                start -= 1
            self._hold_from = start
            self._up_since = None
            self._down_since = None

    def _sink(self, lying: _Lying, now: int, upright: FloatArray) -> list[SidePlankSet]:
        self._floor_deg = min(lying.rise_deg[now], self._floor_deg + 0.5 * self._params.least_lift_deg)
        half = 0.5 * (self._floor_deg + self._hold_deg)
        end = now
        while end > 0 and lying.rise_deg[end] < half:
            end -= 1
        return self._end_hold(lying, end, upright)

    def _get_up(self, upright: FloatArray) -> list[SidePlankSet]:
        lying = self._lying
        found: list[SidePlankSet] = []
        if lying is not None and self._hold_from is not None:
            end = self._down_since if self._down_since is not None else len(lying.t_s) - 1
            while end > self._hold_from and lying.rise_deg[end] > self._hold_deg + self._params.least_lift_deg:
                end -= 1
            if self._dip and lying.t_s[end] - lying.t_s[self._dip[1]] < self._params.settle_s:
                end = self._dip[0]  # no dip: the hips sank, and passed by the height of the hold on the way up
            found = self._end_hold(lying, end, upright)
        self._lying = None
        self._hold_from = self._up_since = self._down_since = None
        return found

    def _end_hold(self, lying: _Lying, end: int, upright: FloatArray) -> list[SidePlankSet]:
        start, self._hold_from, self._down_since, self._dip = self._hold_from, None, None, None
        if start is None or lying.t_s[end] - lying.t_s[start] < self._params.least_hold_s:
            return []
        side = self._side_down(np.array(lying.up[start:end]), upright, lying.t_s[-1])
        if side is None:
            return []
        self._set += 1
        rise = np.array(lying.rise_deg[start:end])
        up = np.array(lying.up[start:end])
        across = cross(upright, unit(up.sum(axis=0)))
        roll_deg = np.arcsin(np.clip(along(up, unit(across)), -1.0, 1.0)) * DEG_PER_RAD
        quality = plank_quality(rise, roll_deg, self._rate_hz)
        return [
            SidePlankSet(
                set=self._set,
                side=side,
                hold_s=lying.t_s[end] - lying.t_s[start],
                sag_deg=quality.sag_deg,
                shake_deg=quality.shake_deg,
                leg_lift=quality.leg_lift,
                leg_lift_confidence=quality.leg_lift_confidence,
                start_s=lying.t_s[start],
                end_s=lying.t_s[end],
            )
        ]

    def _side_down(self, up: FloatArray, upright: FloatArray, t_s: float) -> Side | None:
        mean_up = up.sum(axis=0) / len(up)
        lateral = unit(mean_up - upright * dot(mean_up, upright))
        if not self._use_bend(lateral, upright, t_s):
            return None
        towards_left = dot(self._alignment.left_at(t_s), lateral)
        certainty = norm(self._alignment.left_at(t_s))
        if certainty > self._params.known and abs(towards_left) < self._params.side_cos * certainty:
            return None
        return Side.RIGHT if towards_left > 0.0 else Side.LEFT
