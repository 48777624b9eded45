"""Session seconds for a sensor that sends no time: its samples are counted, at a rate that is fitted.

A pause in the arrivals is either a stall (the samples come later, all at once) or a loss. Which, only what follows can
tell, so the frames after a pause are held for a moment. Like the device clock this is a pure function of the frames.
"""

from collections import deque
from dataclasses import dataclass

import msgspec


@dataclass(frozen=True, slots=True)
class CounterClockParams:
    """A pause longer than `pause_s` and `pause_frames` frames is a stall or a loss.

    After a stall the samples that were held back come in quickly and the lateness goes; after a loss it stays. It is
    judged when the lateness is gone, or has not fallen by `progress_s` for `settle_s`, at last after `longest_hold_s`.
    The rate is fitted over at least `fit_s`, from the least late frame of windows of `window_s`, to `rate_tolerance`.
    """

    pause_s: float = 0.15
    pause_frames: float = 2.0
    settle_s: float = 0.5
    progress_s: float = 0.005
    longest_hold_s: float = 3.0
    fit_s: float = 30.0
    window_s: float = 10.0
    rate_tolerance: float = 0.05


class FrameTime(msgspec.Struct, frozen=True):
    """When a frame's samples were taken: the first at `t_first_s`, the others every `step_s`.

    lost_s: time that was stepped over before it. It is a judgement from arrival times, not a proof.
    """

    t_first_s: float
    step_s: float
    lost_s: float = 0.0


@dataclass(slots=True)
class _Held:
    """A frame whose time waits for the settling of a pause."""

    count: int
    arrival_s: float


class CounterClock:
    """Time for a sensor that sends none: its samples are counted, at a rate that is fitted.

    After a pause the frames are held until it is known whether samples were lost; so `feed` may give none and later
    several times, always in the order of the frames.
    """

    def __init__(self, rate_hz: float, params: CounterClockParams = CounterClockParams()) -> None:
        self._params = params
        self._last_t_s: float | None = None
        self._next_t_s: float | None = None
        self._held: list[_Held] = []
        self._held_end_s = self._least_s = self._progress_s = 0.0
        self._arrival_s = 0.0
        self._baseline: deque[tuple[float, float]] = deque()
        self._fit = _RateFit(rate_hz, self._params)

    @property
    def rate_hz(self) -> float:
        """The rate as fitted so far."""
        return self._fit.rate_hz

    def restart(self) -> list[FrameTime]:
        """Give the times of held frames, as the link was lost; the next frame is placed by its arrival."""
        released = self.flush()
        self._next_t_s = None
        self._baseline.clear()
        self._fit.restart()
        return released

    def flush(self) -> list[FrameTime]:
        """Give the times of the frames still held."""
        return self._settle() if self._held else []

    def feed(self, count: int, arrival_s: float) -> list[FrameTime]:
        """Take one frame of `count` samples; give the times of the frames that are now certain."""
        pause_s = arrival_s - self._arrival_s
        self._arrival_s = arrival_s
        frame = _Held(count, arrival_s)
        if self._next_t_s is None or not (self._held or pause_s > self._pause_limit_s(count)):
            return [self._place(frame, 0.0)]
        self._hold(frame, self._next_t_s)
        return self._settle() if self._is_settled(arrival_s) else []

    def _pause_limit_s(self, count: int) -> float:
        return max(self._params.pause_s, self._params.pause_frames * count / self.rate_hz)

    def _hold(self, frame: _Held, next_t_s: float) -> None:
        """Hold a frame, and see whether what was held back by the sensor is still coming in."""
        if not self._held:
            self._held_end_s, self._least_s = next_t_s, float("inf")
        self._held.append(frame)
        self._held_end_s += frame.count / self.rate_hz
        lateness_s = frame.arrival_s - self._held_end_s
        if lateness_s < self._least_s - self._params.progress_s:
            self._least_s, self._progress_s = lateness_s, frame.arrival_s

    def _late_s(self) -> float:
        """How much later than usual even the least late of the held frames is."""
        return self._least_s - (self._baseline[0][1] if self._baseline else 0.0)

    def _is_settled(self, arrival_s: float) -> bool:
        """Tell whether it is known what the pause was: the lateness is gone, or it no longer falls."""
        return (
            self._late_s() <= self._pause_limit_s(self._held[0].count)
            or arrival_s - self._progress_s >= self._params.settle_s
            or arrival_s - self._held[0].arrival_s >= self._params.longest_hold_s
        )

    def _settle(self) -> list[FrameTime]:
        """Decide on the pause before the held frames: a loss where all of them are late by more than it takes."""
        late_s = self._late_s()
        lost_s = late_s if late_s > self._pause_limit_s(self._held[0].count) else 0.0
        if lost_s:
            self._baseline.clear()
            self._fit.restart()
        released = [self._place(held, lost_s if place == 0 else 0.0) for place, held in enumerate(self._held)]
        self._held.clear()
        return released

    def _place(self, held: _Held, lost_s: float) -> FrameTime:
        step_s = 1.0 / self.rate_hz
        if self._next_t_s is None:
            self._next_t_s = held.arrival_s - (held.count - 1) * step_s
            if self._last_t_s is not None:
                self._next_t_s = max(self._next_t_s, self._last_t_s + step_s)
        t_first_s = self._next_t_s + lost_s
        self._next_t_s = t_first_s + held.count * step_s
        self._last_t_s = self._next_t_s - step_s
        self._note_lateness(held.arrival_s - self._next_t_s, held.arrival_s)
        self._fit.feed(held.count, held.arrival_s)
        return FrameTime(t_first_s, step_s, lost_s)

    def _note_lateness(self, lateness_s: float, arrival_s: float) -> None:
        """Keep the least lateness of the last window, so that a pause is judged against what was usual."""
        while self._baseline and self._baseline[-1][1] >= lateness_s:
            self._baseline.pop()
        self._baseline.append((arrival_s, lateness_s))
        while self._baseline[0][0] < arrival_s - self._params.window_s:
            self._baseline.popleft()


class _RateFit:
    """The rate from the least late frame of the first window and of the last one."""

    def __init__(self, nominal_hz: float, params: CounterClockParams) -> None:
        self._nominal_hz = nominal_hz
        self.rate_hz = nominal_hz
        self._params = params
        self.restart()

    def restart(self) -> None:
        """Begin a new line: samples were lost, or the link was. The rate found so far stays."""
        self._count = 0
        self._window_end_s: float | None = None
        self._least = (float("inf"), 0, 0.0)
        self._first: tuple[int, float] | None = None

    def feed(self, count: int, arrival_s: float) -> None:
        """Take one frame."""
        self._count += count
        if self._window_end_s is None:
            self._window_end_s = arrival_s + self._params.window_s
        if arrival_s >= self._window_end_s:
            self._close_window()
            self._window_end_s = arrival_s + self._params.window_s
        self._least = min(self._least, (arrival_s - self._count / self.rate_hz, self._count, arrival_s))

    def _close_window(self) -> None:
        _, count, arrival_s = self._least
        self._least = (float("inf"), 0, 0.0)
        if self._first is None:
            self._first = (count, arrival_s)
        elif arrival_s - self._first[1] >= self._params.fit_s:
            rate_hz = (count - self._first[0]) / (arrival_s - self._first[1])
            if abs(rate_hz / self._nominal_hz - 1.0) <= self._params.rate_tolerance:
                self.rate_hz = rate_hz
