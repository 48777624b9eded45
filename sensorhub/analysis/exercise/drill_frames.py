"""What the drills look at: slow motion, some 25 frames a second, free of the sensor's mounting."""

from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, lfilter, lfilter_zi

from sensorhub.dsp.rotation import along
from sensorhub.model.samples import FloatArray, MotionBlock
from sensorhub.model.units import DEG_PER_RAD, GRAVITY_MPS2


@dataclass(frozen=True, slots=True)
class DrillFrameParams:
    """Drills repeat at 0.3 to 1.5 Hz, so that 5 Hz keeps all of a step and 25 frames a second all of that.

    frame_rate_hz: aimed at; the sensor's rate is divided by a whole number. batch_frames: worked on together; that they
    wait for 0.24 s saves processor time, and a repetition may be told 0.4 s after it. cutoff_hz: low-pass before that.
    settle_s: time constant with which slow offsets are taken out.
    bias_s: time constant with which the gyroscope's bias is followed. slow_turn_radps: turning that may be bias.
    heading_cutoff_hz: low-pass of the heading, under which a knee opens and closes.
    power_s, quick_s: time constants of the slow and the quick mean powers.
    """

    frame_rate_hz: float = 25.0
    batch_frames: int = 6
    cutoff_hz: float = 5.0
    settle_s: float = 6.0
    bias_s: float = 30.0
    slow_turn_radps: float = 0.35
    heading_cutoff_hz: float = 1.0
    power_s: float = 2.0
    quick_s: float = 0.4


class _Columns:
    """One quantity of the frames: a column, or several."""

    def __init__(self, first: int, end: int | None = None) -> None:
        self._place = first if end is None else slice(first, end)

    def __get__(self, frames: "DrillFrames", owner: type["DrillFrames"]) -> FloatArray:
        view: FloatArray = frames.columns[:, self._place]
        return view


class DrillFrames:
    """Frames in a row, sensor frame where a vector is meant; each quantity is a view of the columns of one array.

    t_s: shape (n,). acc_mps2, gyr_radps: as measured, low-passed, shape (n, 3) each. up: the earth's up, shape (n, 3),
    low-passed. surge_mps2: horizontal acceleration of the pelvis less its slow mean, shape (n, 3). heave_mps2:
    vertical acceleration, shape (n,). turn_radps: rate about the earth's up less its slow mean, shape (n,).
    heading_deg: how far the pelvis has turned left since the start, low-passed, shape (n,).
    surge_power: mean square of surge as xx, yy, zz, xy, xz, yz, shape (n, 6); tilt_power: the same of the
    horizontal angular rate. heave_power, turn_power, surge_now, rate_now: mean squares, slow and quick.
    """

    __slots__ = ("columns",)

    def __init__(self, columns: FloatArray) -> None:
        self.columns = columns

    def __len__(self) -> int:
        return len(self.columns)

    def cut(self, start: int, stop: int) -> "DrillFrames":
        """Frames start to stop, as views."""
        return DrillFrames(self.columns[start:stop])

    def then(self, later: "DrillFrames") -> "DrillFrames":
        """These frames and the later ones."""
        return DrillFrames(np.concatenate((self.columns, later.columns)))

    t_s = _Columns(0)
    acc_mps2 = _Columns(1, 4)
    gyr_radps = _Columns(4, 7)
    up = _Columns(7, 10)
    surge_mps2 = _Columns(10, 13)
    heave_mps2 = _Columns(13)
    turn_radps = _Columns(14)
    heading_deg = _Columns(15)
    surge_power = _Columns(16, 22)
    tilt_power = _Columns(22, 28)
    heave_power = _Columns(28)
    turn_power = _Columns(29)
    surge_now = _Columns(30)
    rate_now = _Columns(31)


def lean_rad(frames: DrillFrames, upright: FloatArray) -> FloatArray:
    """Angle of each frame's up to the upright, shape (n,)."""
    lean: FloatArray = np.arccos(np.clip(along(frames.up, upright), -1.0, 1.0))
    return lean


def mean_up(frames: DrillFrames) -> FloatArray:
    """Mean of the earth's up over frames, shape (3,)."""
    mean: FloatArray = frames.up.sum(axis=0) / len(frames)
    return mean


class _Mean:
    """A running mean that forgets with a time constant, for columns, started from the first row."""

    def __init__(self, rate_hz: float, time_constant_s: float, *, from_zero: bool = False) -> None:
        self._keep = float(np.exp(-1.0 / (rate_hz * time_constant_s)))
        self._from_zero = from_zero
        self._state: FloatArray | None = None

    def feed(self, rows: FloatArray) -> FloatArray:
        if self._state is None:
            first = np.zeros_like(rows[:1]) if self._from_zero else rows[:1]
            self._state = self._keep * first
        smooth: FloatArray
        smooth, self._state = lfilter([1.0 - self._keep], [1.0, -self._keep], rows, axis=0, zi=self._state)
        return smooth


class DrillFramer:
    """Motion blocks in, drill frames out: the same frames however the stream is cut."""

    def __init__(self, params: DrillFrameParams = DrillFrameParams()) -> None:
        self._params = params
        self._means: dict[str, _Mean] | None = None
        self._every = 1
        self._frame_rate_hz = 0.0
        self._held_s: FloatArray = np.empty(0)
        self._held: FloatArray = np.empty((0, 9))
        self._low_pass: tuple[FloatArray, FloatArray] = (np.empty(0), np.empty(0))
        self._state: FloatArray | None = None
        self._heading_low_pass: tuple[FloatArray, FloatArray] = (np.empty(0), np.empty(0))
        self._heading_state: FloatArray = np.zeros(2)
        self._turned_deg = 0.0

    @property
    def frame_rate_hz(self) -> float:
        """Frames a second, once the first block has told the sensor's rate."""
        return self._frame_rate_hz

    def feed(self, block: MotionBlock) -> DrillFrames | None:
        """Return the frames that this block completes, or None."""
        if not len(block):
            return None
        if self._means is None:
            self._start(block.rate_hz)
        times, rows = self._batch(block)
        if not len(rows):
            return None
        if self._state is None:
            self._state = lfilter_zi(*self._low_pass)[:, None] * rows[:1]
        smooth, self._state = lfilter(*self._low_pass, rows, axis=0, zi=self._state)
        return self._frames(times[:: self._every], smooth[:: self._every])

    def _batch(self, block: MotionBlock) -> tuple[FloatArray, FloatArray]:
        """Samples of whole batches of frames, with what was left over: few samples at a time cost as much as many."""
        rows = np.concatenate(block.vectors).T
        times = np.concatenate((self._held_s, block.t_s)) if len(self._held_s) else block.t_s
        rows = np.concatenate((self._held, rows)) if len(self._held) else rows
        size = self._every * self._params.batch_frames
        whole = len(rows) // size * size
        self._held_s, self._held = times[whole:], rows[whole:]
        return times[:whole], rows[:whole]

    def _heading_deg(self, turn_radps: FloatArray) -> FloatArray:
        """Sum of the turns from frame to frame, low-passed."""
        turns_deg = turn_radps * (DEG_PER_RAD / self._frame_rate_hz)
        summed = np.cumsum(np.concatenate(([self._turned_deg], turns_deg)))[1:]
        self._turned_deg = float(summed[-1])
        smooth: FloatArray
        smooth, self._heading_state = lfilter(*self._heading_low_pass, summed, zi=self._heading_state)
        return smooth

    def _turn_radps(self, turning_radps: FloatArray, means: dict[str, "_Mean"]) -> FloatArray:
        """Take out the gyroscope's bias: its mean over the time in which the pelvis turned slowly, if at all.

        The orientation filter's own estimate will not do, since it takes the slow opening of a knee for rest.
        """
        slow = (np.abs(turning_radps) < self._params.slow_turn_radps).astype(np.float64)
        sums = means["bias"].feed(np.column_stack((slow * turning_radps, slow)))
        bias: FloatArray = sums[:, 0] / np.maximum(sums[:, 1], 1e-9)
        return turning_radps - bias

    def _start(self, rate_hz: float) -> None:
        params = self._params
        self._every = max(1, round(rate_hz / params.frame_rate_hz))
        self._frame_rate_hz = frame_rate_hz = rate_hz / self._every
        self._low_pass = butter(2, params.cutoff_hz / (rate_hz / 2.0))
        self._heading_low_pass = butter(2, params.heading_cutoff_hz / (frame_rate_hz / 2.0))
        self._means = {
            "surge_offset": _Mean(frame_rate_hz, params.settle_s),
            "bias": _Mean(frame_rate_hz, params.bias_s, from_zero=True),
            "tilt_offset": _Mean(frame_rate_hz, params.settle_s),
            "slow": _Mean(frame_rate_hz, params.power_s, from_zero=True),
            "quick": _Mean(frame_rate_hz, params.quick_s, from_zero=True),
        }

    def _frames(self, t_s: FloatArray, rows: FloatArray) -> DrillFrames:
        if self._means is None:
            raise AssertionError
        gyr, acc, up = rows[:, 0:3], rows[:, 3:6], rows[:, 6:9]
        heave = _dot(acc, up) - GRAVITY_MPS2
        horizontal = acc - up * (heave + GRAVITY_MPS2)[:, None]
        surge = horizontal - self._means["surge_offset"].feed(horizontal)
        turning = _dot(gyr, up)
        turn = self._turn_radps(turning, self._means)
        heading_deg = self._heading_deg(turn)
        tilting = gyr - up * turning[:, None]
        tilting = tilting - self._means["tilt_offset"].feed(tilting)
        slow = self._means["slow"].feed(
            np.column_stack((_products(surge), _products(tilting), heave * heave, turn * turn))
        )
        quick = self._means["quick"].feed(np.column_stack((_dot(surge, surge), _dot(gyr, gyr))))
        moving = (t_s[:, None], acc, gyr, up, surge, heave[:, None], turn[:, None], heading_deg[:, None])
        return DrillFrames(np.concatenate((*moving, slow, quick), axis=1))


def _dot(a: FloatArray, b: FloatArray) -> FloatArray:
    product: FloatArray = a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1] + a[:, 2] * b[:, 2]
    return product


def _products(v: FloatArray) -> FloatArray:
    x, y, z = v[:, 0], v[:, 1], v[:, 2]
    return np.column_stack((x * x, y * y, z * z, x * y, x * z, y * z))
