"""What the drills look at: slow motion, some 25 frames a second, free of the sensor's mounting."""

from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, lfilter, lfilter_zi

from sensorhub.dsp.rotation import along, upward_parts
from sensorhub.model.samples import ACC, GYR, UP, FloatArray, MotionBlock
from sensorhub.model.units import DEG_PER_RAD, GRAVITY_MPS2


@dataclass(frozen=True, slots=True)
class DrillFrameParams:
    """Drills repeat at 0.3 to 1.5 Hz, so that 5 Hz keeps all of a step and 25 frames a second all of that.

    frame_rate_hz: aimed at; the sensor's rate is divided by a whole number. batch_s: worked on together; that they
    wait saves processor time, and a repetition may be told 0.4 s after it. cutoff_hz: low-pass before that.
    settle_s: time constant with which slow offsets are taken out.
    bias_s: time constant with which the gyroscope's bias is followed. slow_turn_radps: turning that may be bias.
    heading_cutoff_hz: low-pass of the heading, under which a knee opens and closes.
    power_s, quick_s: time constants of the slow and the quick mean powers.
    """

    frame_rate_hz: float = 25.0
    batch_s: float = 0.24
    cutoff_hz: float = 5.0
    settle_s: float = 6.0
    bias_s: float = 30.0
    slow_turn_radps: float = 0.35
    heading_cutoff_hz: float = 1.0
    power_s: float = 2.0
    quick_s: float = 0.4


class _Rows:
    """One quantity of the frames: a row, or several."""

    def __init__(self, first: int, end: int | None = None) -> None:
        self._place = first if end is None else slice(first, end)

    def __get__(self, frames: "DrillFrames", owner: type["DrillFrames"]) -> FloatArray:
        view: FloatArray = frames.rows[self._place].T
        return view


class DrillFrames:
    """Frames in a row, sensor frame where a vector is meant; each quantity is a view of rows of one array.

    t_s: shape (n,). gyr_radps, acc_mps2: as measured, low-passed, shape (n, 3) each. up: the earth's up, shape (n, 3),
    low-passed. surge_mps2: horizontal acceleration of the pelvis less its slow mean, shape (n, 3). heave_mps2:
    vertical acceleration, shape (n,). turn_radps: rate about the earth's up less its slow mean, shape (n,).
    heading_deg: how far the pelvis has turned left since the start, low-passed, shape (n,).
    surge_power: mean square of surge as xx, yy, zz, xy, xz, yz, shape (n, 6); tilt_power: the same of the
    horizontal angular rate. heave_power, turn_power, surge_now, rate_now: mean squares, slow and quick.
    """

    __slots__ = ("rows",)

    def __init__(self, rows: FloatArray) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.t_s)

    def cut(self, start: int, stop: int) -> "DrillFrames":
        """Frames start to stop, as views."""
        return DrillFrames(self.rows[:, start:stop])

    t_s = _Rows(0)
    gyr_radps = _Rows(1, 4)
    acc_mps2 = _Rows(4, 7)
    up = _Rows(7, 10)
    surge_mps2 = _Rows(10, 13)
    heave_mps2 = _Rows(13)
    turn_radps = _Rows(14)
    heading_deg = _Rows(15)
    surge_power = _Rows(16, 22)
    tilt_power = _Rows(22, 28)
    heave_power = _Rows(28)
    turn_power = _Rows(29)
    surge_now = _Rows(30)
    rate_now = _Rows(31)


QUANTITIES = 32
"""The rows of frames."""


def lean_rad(frames: DrillFrames, upright: FloatArray) -> FloatArray:
    """Angle of each frame's up to the upright, shape (n,)."""
    lean: FloatArray = np.arccos(np.clip(along(frames.up, upright), -1.0, 1.0))
    return lean


def mean_up(frames: DrillFrames) -> FloatArray:
    """Mean of the earth's up over frames, shape (3,)."""
    mean: FloatArray = frames.up.sum(axis=0) / len(frames)
    return mean


class DrillFramer:
    """Motion blocks in, drill frames out: the same frames however the stream is cut."""

    def __init__(self, params: DrillFrameParams = DrillFrameParams()) -> None:
        self._params = params
        self._quantities: _Quantities | None = None
        self._every = 1
        self._skip = 0  # samples until the next frame
        self._low_pass: tuple[FloatArray, FloatArray] = (np.empty(0), np.empty(0))
        self._state: FloatArray = np.empty(0)
        self._held: list[MotionBlock] = []

    @property
    def frame_rate_hz(self) -> float:
        """Frames a second, once the first block has told the sensor's rate."""
        return 0.0 if self._quantities is None else self._quantities.rate_hz

    def feed(self, block: MotionBlock) -> DrillFrames | None:
        """Return the frames that this block completes, or None."""
        self._held.append(block)
        if sum(map(len, self._held)) < self._params.batch_s * block.rate_hz:
            return None
        return self.finish()

    def finish(self) -> DrillFrames | None:
        """Return the frames that are held back, or None."""
        if not self._held:
            return None
        motion, self._held = MotionBlock.joined(self._held), []
        vectors = motion.vectors.reshape(9, -1)
        quantities = self._quantities or self._start(motion.rate_hz, vectors[:, :1])
        smooth, self._state = lfilter(*self._low_pass, vectors, zi=self._state)
        taken = slice(self._skip, None, self._every)
        self._skip = (self._skip - len(motion)) % self._every
        t_s = motion.t_s[taken]
        return quantities.of(t_s, smooth[:, taken].reshape(3, 3, -1)) if len(t_s) else None

    def _start(self, rate_hz: float, first: FloatArray) -> "_Quantities":
        params = self._params
        self._every = max(1, round(rate_hz / params.frame_rate_hz))
        self._low_pass = butter(2, params.cutoff_hz / (rate_hz / 2.0))
        self._state = lfilter_zi(*self._low_pass) * first
        self._quantities = _Quantities(rate_hz / self._every, params)
        return self._quantities


class _Quantities:
    """What is derived of the low-passed motion, frame by frame."""

    def __init__(self, rate_hz: float, params: DrillFrameParams) -> None:
        self.rate_hz = rate_hz
        self._slow_turn_radps = params.slow_turn_radps
        self._offset = _Mean(rate_hz, params.settle_s)
        self._bias = _Mean(rate_hz, params.bias_s, from_zero=True)
        self._slow = _Mean(rate_hz, params.power_s, from_zero=True)
        self._quick = _Mean(rate_hz, params.quick_s, from_zero=True)
        self._heading_low_pass: tuple[FloatArray, FloatArray] = butter(2, params.heading_cutoff_hz / (rate_hz / 2.0))
        self._heading_state: FloatArray = np.zeros(2)
        self._turned_deg = 0.0

    def of(self, t_s: FloatArray, vectors: FloatArray) -> DrillFrames:
        """The frames of low-passed vectors, shape (3, 3, n)."""
        upward = upward_parts(vectors)
        level = vectors[:UP] - vectors[UP] * upward[:, None]
        level -= self._offset.feed(level.reshape(6, -1)).reshape(level.shape)
        heave, turn = upward[ACC] - GRAVITY_MPS2, self._without_bias(upward[GYR])
        squares = level[:, _PAIRS[0]] * level[:, _PAIRS[1]]
        slow = self._slow.feed(np.concatenate((squares[ACC], squares[GYR], [heave * heave, turn * turn])))
        rate = vectors[GYR] * vectors[GYR]
        quick = self._quick.feed(np.array((_sum(squares[ACC]), _sum(rate))))
        rows = ([t_s], vectors.reshape(9, -1), level[ACC], [heave, turn, self._heading_deg(turn)], slow, quick)
        return DrillFrames(np.concatenate(rows))

    def _without_bias(self, turning_radps: FloatArray) -> FloatArray:
        """Take out the gyroscope's bias: its mean over the time in which the pelvis turned slowly, if at all.

        The orientation filter's own estimate will not do, since it takes the slow opening of a knee for rest.
        """
        slow = (np.abs(turning_radps) < self._slow_turn_radps).astype(np.float64)
        turned, time = self._bias.feed(np.array((slow * turning_radps, slow)))
        bias: FloatArray = turned / np.maximum(time, 1e-9)
        return turning_radps - bias

    def _heading_deg(self, turn_radps: FloatArray) -> FloatArray:
        """Sum of the turns from frame to frame, low-passed."""
        turns_deg = turn_radps * (DEG_PER_RAD / self.rate_hz)
        summed = np.cumsum(np.concatenate(([self._turned_deg], turns_deg)))[1:]
        self._turned_deg = float(summed[-1])
        smooth: FloatArray
        smooth, self._heading_state = lfilter(*self._heading_low_pass, summed, zi=self._heading_state)
        return smooth


class _Mean:
    """A running mean that forgets with a time constant, for rows, started from their first values or from zero."""

    def __init__(self, rate_hz: float, time_constant_s: float, *, from_zero: bool = False) -> None:
        self._keep = float(np.exp(-1.0 / (rate_hz * time_constant_s)))
        self._from_zero = from_zero
        self._state: FloatArray | None = None

    def feed(self, rows: FloatArray) -> FloatArray:
        if self._state is None:
            self._state = np.zeros((len(rows), 1)) if self._from_zero else self._keep * rows[:, :1]
        smooth: FloatArray
        smooth, self._state = lfilter([1.0 - self._keep], [1.0, -self._keep], rows, zi=self._state)
        return smooth


_PAIRS = [0, 1, 2, 0, 0, 1], [0, 1, 2, 1, 2, 2]  # xx, yy, zz, xy, xz, yz


def _sum(squares: FloatArray) -> FloatArray:
    """Of the first three rows."""
    total: FloatArray = squares[0] + squares[1] + squares[2]
    return total
