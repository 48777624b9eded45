"""Whether the clip still sits as it did: up, and the pattern of the runner's motion about it, window by window."""

import math
from dataclasses import dataclass

import numpy as np

from sensorhub.dsp.rotation import cross
from sensorhub.model.samples import FloatArray


@dataclass(frozen=True, slots=True)
class SlipParams:
    """How far a window may depart from those before it.

    aside_rad, ahead_rad: of up, across and along the heading; a runner leans ahead when they speed up, and from
    standing, before the first window, by standing_ahead_rad. turn_rad: about up, of the pattern and of the window's own
    heading, where one alone may be off by chance; alone_rad: of the heading where there is no pattern yet. windows: so
    many in a row have slipped. least_windows: as many make a pattern. keep: what a new window leaves of the weight of
    the older ones, here and in the evidence of the heading. news_rad, news_turn_rad: of up and of the
    pattern; from here on a closer look is worth its time.
    """

    aside_rad: float = 0.10
    ahead_rad: float = 0.21
    standing_ahead_rad: float = 0.4
    turn_rad: float = 0.17
    alone_rad: float = 0.3
    windows: int = 2
    least_windows: int = 3
    keep: float = 0.99
    news_rad: float = 0.06
    news_turn_rad: float = 0.14


class Seat:
    """How the clip has sat so far: mean up and mean pattern of the windows of gait."""

    def __init__(self, params: SlipParams = SlipParams()) -> None:
        self._params = params
        self._windows = 0
        self._up_sum, self._pattern_sum, self._across = np.zeros(3), np.zeros((3, 3)), np.zeros((3, 3))
        self.up = np.zeros(3)
        """The mean up of the windows, a unit vector."""

    @property
    def is_known(self) -> bool:
        """Whether enough windows were seen to hold another one against them."""
        return self._windows >= self._params.least_windows

    def take(self, up: FloatArray, pattern: FloatArray) -> None:
        """Add a window that belongs to this seat."""
        self._windows += 1
        self._up_sum = self._params.keep * self._up_sum + up
        self._pattern_sum = self._params.keep * self._pattern_sum + pattern
        self.up = self._up_sum / math.sqrt(float((self._up_sum * self._up_sum).sum()))
        x, y, z = self.up.tolist()
        self._across = self._pattern_sum @ np.array([[0.0, z, -y], [-z, 0.0, x], [y, -x, 0.0]])

    def is_news(self, up: FloatArray, pattern: FloatArray) -> bool:
        """Whether a window departs so far that a closer look is worth its time."""
        moved = max(abs(a - b) for a, b in zip(up.tolist(), self.up.tolist(), strict=True))
        return moved > self._params.news_rad or abs(self._turned_rad(pattern)) > self._params.news_turn_rad

    def has_tilted(self, up: FloatArray, left: FloatArray, standing_up: FloatArray) -> bool:
        """Whether up departs from what it was, or from standing where no window was seen; left: the left axis."""
        params = self._params
        before, ahead_rad = (self.up, params.ahead_rad) if self._windows else (standing_up, params.standing_ahead_rad)
        forward = cross(left, before)
        aside = float(np.arcsin((up * left).sum()) - np.arcsin((before * left).sum()))
        ahead = math.atan2(float((up * forward).sum()), float((up * before).sum()))
        return abs(aside) > params.aside_rad or abs(ahead) > ahead_rad

    def may_have_turned(self, pattern: FloatArray) -> bool:
        """Whether the pattern, if there is one, lets a window be turned about up."""
        return not self.is_known or abs(self._turned_rad(pattern)) > self._params.turn_rad

    def has_turned(self, turned_rad: float) -> bool:
        """Whether a window that may have turned has, whose own heading is so far from the one before."""
        return turned_rad > (self._params.turn_rad if self.is_known else self._params.alone_rad)

    def _turned_rad(self, pattern: FloatArray) -> float:
        """How far a window's pattern is turned about up against the mean one, by least squares over its vectors."""
        return math.atan2(float(np.vdot(self._across, pattern)), float(np.vdot(self._pattern_sum, pattern)))
