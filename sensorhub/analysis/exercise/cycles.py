"""Counting swings of a slow signal, one sample after the other."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Swing:
    """One peak of the leading polarity: its value, the trough before it, and when each was."""

    peak: float
    trough: float
    peak_s: float
    trough_s: float
    known_s: float


class SwingCounter:
    """Peaks on one side of a swinging signal, told by hysteresis as soon as the signal has come back far enough.

    Without a polarity the first movement from rest, by `first` at least, leads: if it goes up, peaks are counted, else
    troughs (as peaks of the negative).
    The hysteresis is a share of the median of the last swings, between two bounds in the signal's unit.

    >>> counter = SwingCounter(least=0.5, most=2.0, share=0.3)
    >>> [counter.feed(t, x) is not None for t, x in enumerate([0.0, 1.0, 2.0, 0.0, -1.0, 1.0, 2.0, 0.5])]
    [False, False, False, True, False, False, False, True]
    """

    MEMORY = 5

    def __init__(self, least: float, most: float, share: float, polarity: int = 0, first: float = 0.0) -> None:
        self._least = least
        self._first = max(first, least)
        self._most = most
        self._share = share
        self._heights: list[float] = []
        self.polarity = polarity
        self._rising = False
        self._high = (float("-inf"), 0.0)
        self._low = (float("inf"), 0.0)

    @property
    def hysteresis(self) -> float:
        """How far the signal must come back before a turning point counts."""
        if not self._heights:
            return self._least
        heights = sorted(self._heights)
        return min(max(self._share * heights[len(heights) // 2], self._least), self._most)

    def feed(self, t_s: float, value: float) -> Swing | None:
        """Take the next sample; return the swing that it completes."""
        if self.polarity == 0:
            self._first_movement(t_s, value)
            return None
        value *= self.polarity
        if self._rising:
            if value > self._high[0]:
                self._high = (value, t_s)
            elif value < self._high[0] - self.hysteresis:
                return self._fall(t_s, value)
        elif value < self._low[0]:
            self._low = (value, t_s)
        elif value > self._low[0] + self.hysteresis:
            self._rising = True
            self._high = (value, t_s)
        return None

    def _first_movement(self, t_s: float, value: float) -> None:
        if value > self._high[0]:
            self._high = (value, t_s)
        if value < self._low[0]:
            self._low = (value, t_s)
        if value > self._low[0] + self._first:
            self.polarity = 1
        elif value < self._high[0] - self._first:
            self.polarity = -1
            self._low = (-self._high[0], self._high[1])
        else:
            return
        self._rising = True
        self._high = (value * self.polarity, t_s)

    def _fall(self, t_s: float, value: float) -> Swing:
        swing = Swing(self._high[0], self._low[0], self._high[1], self._low[1], t_s)
        self._heights = [*self._heights[1 - self.MEMORY :], swing.peak - swing.trough]
        self._rising = False
        self._low = (value, t_s)
        return swing
