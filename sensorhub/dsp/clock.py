"""Device ticks to session seconds.

Arrival times are late by a varying delay and never early, so the lower envelope of (arrival - device time) is the
offset between the clocks. Intervals come from the device; the envelope only moves the whole, and slowly. The first
frames may be late by seconds, where a computer is busy: so the offset is looked for before any stamp is final. The
clock is a pure function of the frames in order: wall time plays no part, and replaying gives the same bits.
"""

import math
from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeviceClockParams:
    """window_s: the envelope is the least delay of this long. slew: the offset follows it at most this fast, s/s.

    settle_s: so long after its first frame came a clock looks for the offset.

    Without a sample counter they are believed as far as a radio may hold frames back: held_back_s and drift_share.
    Ticks that differ from what the sample counter says by more than disagreement_s and that share of it are damage.
    """

    settle_s: float = 1.0
    window_s: float = 60.0
    slew: float = 2e-4
    disagreement_s: float = 0.25
    disagreement_share: float = 0.25
    held_back_s: float = 6.0
    drift_share: float = 1e-3


@dataclass(slots=True)
class Placing:
    """How late stamps are that were given while a clock looked for its offset, s; None as long as it looks."""

    late_s: float | None = None

    def placed(self, t_s: float) -> float:
        """Where a stamp lies, as far as it is known."""
        return t_s - (self.late_s or 0.0)


class DeviceClock:
    """Unwraps a device's tick counter and places it in the session.

    A stride of 0.7 s is changed by at most 0.14 ms by the slew, yet a crystal that is 50 ppm off never gains.
    placing: of the last stamp. It is final once `late_s` is known.
    """

    def __init__(self, tick_s: float, wrap_bits: int, params: DeviceClockParams = DeviceClockParams()) -> None:
        self._tick_s = tick_s
        self._wrap = 1 << wrap_bits
        self._params = params
        self._last_t_s: float | None = None
        self._ticks: int | None = None
        self.restart()

    def restart(self) -> None:
        """Begin anew with the device's counter (a reboot); session time goes on rising."""
        self.settle()
        self.placing = Placing()
        self._ticks = None
        self._device_s = 0.0
        self._offset_s = 0.0
        self._arrival_s = 0.0
        self._settles_at_s = self._earliest_offset_s = 0.0
        self._delays: deque[tuple[float, float]] = deque()

    def agrees(self, ticks: int, expected_elapsed_ticks: int) -> bool:
        """Tell whether the ticks fit the time that the sample counter says has passed; True for the first."""
        if self._ticks is None:
            return True
        off = self.unwrap(ticks, expected_elapsed_ticks, self._arrival_s) - self._ticks - expected_elapsed_ticks
        allowed_s = (
            self._params.disagreement_s + self._params.disagreement_share * expected_elapsed_ticks * self._tick_s
        )
        return abs(off) * self._tick_s <= allowed_s

    def continues(self, ticks: int, arrival_s: float) -> bool:
        """Tell whether the ticks go on from the last ones, as far as the arrivals can tell; True for the first."""
        if self._ticks is None:
            return True
        elapsed_s = arrival_s - self._arrival_s
        off_s = (self.unwrap(ticks, None, arrival_s) - self._ticks) * self._tick_s - elapsed_s
        return abs(off_s) <= self._params.held_back_s + self._params.drift_share * elapsed_s

    def unwrap(self, ticks: int, expected_elapsed_ticks: int | None, arrival_s: float) -> int:
        """Ticks since the counter began, never wrapping.

        expected_elapsed_ticks: since the frame before, from the sample counter; None takes the arrival times.
        """
        if self._ticks is None:
            return ticks
        if expected_elapsed_ticks is None:
            expected_elapsed_ticks = round((arrival_s - self._arrival_s) / self._tick_s)
        expected = self._ticks + expected_elapsed_ticks
        half = self._wrap // 2
        return expected + (ticks - expected + half) % self._wrap - half

    def stamp(self, ticks: int, expected_elapsed_ticks: int | None, arrival_s: float, span_s: float) -> float:
        """Give the session time (s) of the sample stamped `ticks`, in a frame that arrived at `arrival_s`.

        span_s: from that sample to the last one of the frame, which is the moment before which it cannot be sent.
        """
        unwrapped = self.unwrap(ticks, expected_elapsed_ticks, arrival_s)
        device_s = unwrapped * self._tick_s
        delay_s = arrival_s - device_s - span_s
        if self._ticks is None:
            self._begin(delay_s, arrival_s, device_s)
        self._note(delay_s, arrival_s)
        if self.placing.late_s is not None:
            self._follow(device_s)
        elif arrival_s >= self._settles_at_s:
            self.settle()
        self._ticks, self._device_s, self._arrival_s = unwrapped, device_s, arrival_s
        self._last_t_s = device_s + self._offset_s + max(span_s, 0.0)
        return device_s + self._offset_s

    def settle(self) -> None:
        """Look no longer: the least delay so far is the offset."""
        if self._ticks is None or self.placing.late_s is not None:
            return
        least_s = max(self._delays[0][1], self._earliest_offset_s)
        late_s, self._offset_s = self._offset_s - least_s, least_s
        if self._last_t_s is not None:
            self._last_t_s -= late_s
        self.placing.late_s = late_s
        self.placing = Placing(0.0)

    def _begin(self, delay_s: float, arrival_s: float, device_s: float) -> None:
        """Place the first stamp, after all that were given before a reboot."""
        self._earliest_offset_s = -math.inf if self._last_t_s is None else self._last_t_s + 1e-3 - device_s
        self._offset_s = max(delay_s, self._earliest_offset_s)
        self._settles_at_s = arrival_s + self._params.settle_s

    def _note(self, delay_s: float, arrival_s: float) -> None:
        """Keep the window's delays that no later one undercuts: the first is the least."""
        delays = self._delays
        while delays and delays[-1][1] >= delay_s:
            delays.pop()
        delays.append((arrival_s, delay_s))
        while delays[0][0] < arrival_s - self._params.window_s:
            delays.popleft()

    def _follow(self, device_s: float) -> None:
        """Move the offset towards the least delay of the window."""
        reach_s = self._params.slew * max(device_s - self._device_s, 0.0)
        self._offset_s += min(max(self._delays[0][1] - self._offset_s, -reach_s), reach_s)
