"""The samples of one kind of message: what was lost, when they were taken, blocks in session time."""

from collections import deque
from collections.abc import Mapping

import msgspec
import numpy as np

from sensorhub.dsp.clock import DeviceClock, Placing
from sensorhub.dsp.counter_clock import CounterClock, FrameTime
from sensorhub.model.frames import LINK_READY
from sensorhub.model.samples import FloatArray
from sensorhub.protocol.codec import Vectors
from sensorhub.protocol.decoder import Reading
from sensorhub.protocol.loss import LossCounter, Verdict
from sensorhub.protocol.profile import Message, Number

_ODD_STAMPS_IN_A_ROW = 5
_STEP_TOLERANCE = 0.1  # further from the rate, a frame between two stamps was lost
_SLOWEST_HZ, _FASTEST_HZ = 1.0, 10_000.0  # beyond, what the sensor said was damaged


class TimedVectors(msgspec.Struct, frozen=True):
    """Samples in session time, shape (n,) and (n, 3); what the message does not carry is None."""

    t_s: FloatArray
    acc_mps2: FloatArray | None
    gyr_radps: FloatArray | None


class SampleStream:
    """Follows one message's counters and clock. clock: of the sensor, None where its samples are only counted."""

    def __init__(self, message: Message, variables: Mapping[str, Number], clock: DeviceClock | None) -> None:
        assert message.samples is not None  # noqa: S101 - chosen so by SensorDecoder
        assert message.time is not None  # noqa: S101 - parse_profile has seen to it
        self.has_acc = message.samples.acc is not None
        self._time = message.time
        self._variables = variables
        self._loss = LossCounter(message.loss) if message.loss is not None else None
        self._clock = CounterClock(true_rate_hz(variables)) if clock is None else clock
        self._held: deque[Vectors] = deque()
        self._unplaced: deque[tuple[Placing, FrameTime, Vectors]] = deque()
        self._index: int | None = None
        self._last_ticks: int | None = None
        self._odd_stamps = 0
        self._relinked = False
        self._loss_kind = message.loss.kind if message.loss is not None else "arrival"
        self._next: tuple[Placing, float] | None = None
        self._open = True
        self.samples = self.duplicate = self.implausible = self.packets_lost = self.samples_lost = 0

    def feed(self, reading: Reading, vectors: Vectors, arrival_s: float) -> list[TimedVectors]:
        """Place one frame in time, unless its counters say that it came twice."""
        verdict = self._judge(reading, vectors)
        if not verdict.fresh or not self._open:
            return []
        self.samples += vectors.count
        if isinstance(self._clock, CounterClock):
            self._held.append(vectors)
            return self._release(self._clock.feed(vectors.count, arrival_s))
        return self._stamp(self._clock, reading, vectors, verdict, arrival_s)

    def _judge(self, reading: Reading, vectors: Vectors) -> Verdict:
        if self._loss is None:
            return Verdict(fresh=True)
        verdict = self._loss.check(reading.fields, vectors.count, reading.arrival_ns, true_rate_hz(self._variables))
        self.packets_lost += verdict.packets_lost
        self.samples_lost += verdict.samples_lost
        if not verdict.fresh:
            self.implausible += verdict.implausible
            self.duplicate += not verdict.implausible
            if verdict.restarted:
                self.rebooted()
        return verdict

    def _stamp(
        self, clock: DeviceClock, reading: Reading, vectors: Vectors, verdict: Verdict, arrival_s: float
    ) -> list[TimedVectors]:
        time, fields = self._time, reading.fields
        tick_s = time.tick_s or 1.0
        rate_hz = true_rate_hz(self._variables)
        ticks = int(fields[time.field]) if time.field is not None else 0
        step_s = self._step_s(fields, ticks, vectors.count)
        elapsed = None
        if verdict.index is not None and self._index is not None:
            elapsed = round((verdict.index - self._index) / rate_hz / tick_s)
        if not self._believable(clock, ticks, elapsed, arrival_s):
            return []
        self._odd_stamps, self._relinked = 0, False
        self._index, self._last_ticks = verdict.index, ticks
        last = vectors.count - 1
        stamped = last if time.stamp == "last" else 0
        t_stamped_s = clock.stamp(ticks, elapsed, arrival_s, (last - stamped) * step_s)
        frame_time = FrameTime(t_stamped_s - stamped * step_s, step_s)
        if self._is_in_turn(clock.placing, frame_time, vectors):
            self._unplaced.append((clock.placing, frame_time, vectors))
        return self._placed()

    def _step_s(self, fields: Mapping[str, Number], ticks: int, count: int) -> float:
        """Give the spacing of a frame's samples: as it says, as its stamps say, or as the rate says."""
        time, rate_hz = self._time, true_rate_hz(self._variables)
        tick_s = time.tick_s or 1.0
        if time.step_field is not None and fields[time.step_field]:
            return float(fields[time.step_field]) * tick_s
        if time.step_from == "stamps" and self._last_ticks is not None:
            stamped_s = (ticks - self._last_ticks) % (1 << time.wrap_bits) * tick_s / count
            if abs(stamped_s * rate_hz - 1.0) < _STEP_TOLERANCE:
                return stamped_s
        return 1.0 / rate_hz

    def _believable(self, clock: DeviceClock, ticks: int, elapsed: int | None, arrival_s: float) -> bool:
        """Tell whether the stamp may be used; a clock that is elsewhere after a lost link was started anew.

        Several in a row that contradict the sample counter are a clock that leapt.
        """
        if clock.continues(ticks, arrival_s) if elapsed is None else clock.agrees(ticks, elapsed):
            return True
        if elapsed is None and self._relinked:
            self.rebooted()
            return True
        self.implausible += 1
        self._odd_stamps += 1
        if self._odd_stamps >= _ODD_STAMPS_IN_A_ROW:
            self.rebooted()
        return False

    def _is_in_turn(self, placing: Placing, time: FrameTime, vectors: Vectors) -> bool:
        """Count a loss that only the clock shows; what came before is not in turn."""
        if self._loss_kind == "time" and self._next is not None:
            placed_then, next_t_s = self._next
            ahead = round((time.t_first_s - placed_then.placed(next_t_s)) / time.step_s)
            if ahead < 0:
                self.duplicate += 1
                self.samples -= vectors.count
                return False
            self.samples_lost += ahead
        self._next = (placing, time.t_first_s + vectors.count * time.step_s)
        return True

    def _placed(self) -> list[TimedVectors]:
        """Give the samples whose time is final."""
        given: list[TimedVectors] = []
        while self._unplaced and self._unplaced[0][0].late_s is not None:
            placing, time, vectors = self._unplaced.popleft()
            given.append(_timed(placing.placed(time.t_first_s), time.step_s, vectors))
        return given

    def _release(self, times: list[FrameTime]) -> list[TimedVectors]:
        blocks = []
        for time in times:
            self.samples_lost += round(time.lost_s / time.step_s)
            blocks.append(_timed(time.t_first_s, time.step_s, self._held.popleft()))
        return blocks

    def flush(self) -> list[TimedVectors]:
        """Give the samples that wait for their time to be certain."""
        if isinstance(self._clock, CounterClock):
            return self._release(self._clock.flush())
        self._clock.settle()
        return self._placed()

    def link_changed(self, mark: bytes) -> list[TimedVectors]:
        """Place counted samples anew; those sent before the set-up was done have another rate and are left out."""
        self._relinked = True
        self._next = self._last_ticks = None
        if isinstance(self._clock, DeviceClock):
            return self.flush()
        self._open = mark == LINK_READY
        return self._release(self._clock.restart())

    def restart_index(self) -> None:
        """Count samples from 0 again; the sensor's clock runs on."""
        self._index = None
        if self._loss is not None:
            self._loss.restart()

    def rebooted(self) -> None:
        """Begin anew with the sensor's clock and counters."""
        self.restart_index()
        if isinstance(self._clock, DeviceClock):
            self._clock.restart()


def true_rate_hz(variables: Mapping[str, Number]) -> float:
    """Give the rate that the sensor says it has, else the one that was asked for."""
    true_hz = float(variables.get("true_rate_hz", 0.0))
    return true_hz if _SLOWEST_HZ <= true_hz <= _FASTEST_HZ else float(variables["rate_hz"])


def _timed(t_first_s: float, step_s: float, vectors: Vectors) -> TimedVectors:
    """Put times on vectors."""
    t_s: FloatArray = t_first_s + np.arange(vectors.count, dtype=np.float64) * step_s
    return TimedVectors(t_s, vectors.acc_mps2, vectors.gyr_radps)
