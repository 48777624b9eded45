"""From a sensor clipped on anyhow to the pelvis: up, forward and left found from how the body stands and moves."""

from dataclasses import dataclass, field

import numpy as np

from sensorhub.analysis.alignment.mounting import Mounting, MountingParams, Window
from sensorhub.analysis.alignment.pelvis import PelvisBlock, pelvis_motion
from sensorhub.model.alignment import Alignment
from sensorhub.model.samples import FloatArray, MotionBlock


@dataclass(frozen=True, slots=True)
class AlignerParams:
    """A window of `window_s` is looked at every `hop_s`, once the alignment is settled every `settled_hop_s`.

    held_s: samples are held back this long at most while the heading is unknown.
    """

    window_s: float = 4.0
    hop_s: float = 1.0
    settled_hop_s: float = 4.0
    held_s: float = 20.0
    mounting: MountingParams = field(default_factory=MountingParams)


class Aligner:
    """Finds how the sensor sits on the pelvis and says every sample in pelvis terms.

    Nothing comes out until the first heading is known, some seconds into walking or running, and then all that was held
    back at once; only where nobody walks or runs for long are samples passed on without a heading. Each block carries
    the alignment that it was made with; with a better one a stance can be measured again from its up_sensor.
    """

    def __init__(self, known: Alignment | None = None, params: AlignerParams = AlignerParams()) -> None:
        self._params = params
        self._mounting = Mounting(known, params.mounting)
        self._held: list[MotionBlock] = []
        self._due_s = -np.inf
        self._recent: list[FloatArray] = []
        self._until_look = 0
        self._fresh = 0
        self._end_s = -np.inf

    @property
    def alignment(self) -> Alignment | None:
        """The best alignment so far; None before anything is known."""
        return self._mounting.alignment

    def feed(self, motion: MotionBlock) -> list[PelvisBlock]:
        """Take the next samples on the grid and return those whose alignment is known."""
        out: list[PelvisBlock] = []
        if len(motion) and motion.t_s[0] > self._end_s + 1.5 / motion.rate_hz:
            self._recent = []
            self._fresh = self._until_look = self._samples(self._params.window_s, motion)
        start = pending = 0
        while start < len(motion):
            stop = min(len(motion), start + self._until_look)
            before = self.alignment
            self._watch(motion, start, stop)
            start = stop
            if self.alignment is not before:
                out.extend(self._pass_on(motion.cut(pending, start), before))
                pending = start
        out.extend(self._pass_on(motion.cut(pending, len(motion)), self.alignment))
        return out

    def finish(self) -> list[PelvisBlock]:
        """Return what is still held back."""
        return self._release(self.alignment)

    def _watch(self, motion: MotionBlock, start: int, stop: int) -> None:
        """Keep the samples for the next look, and look when it is due."""
        self._recent.append(motion.vectors[:, :, start:stop])
        self._end_s = float(motion.t_s[stop - 1])
        self._until_look -= stop - start
        if self._until_look:
            return
        # A copy, so that the window lies in memory the same way however the stream was cut.
        window = np.concatenate(self._recent, axis=2)
        self._mounting.look(Window(window, motion.rate_hz, self._end_s, self._fresh))
        self._due_s = self._end_s - self._params.held_s
        hop_s = self._params.settled_hop_s if self._mounting.is_steady else self._params.hop_s
        self._fresh = self._until_look = self._samples(hop_s, motion)
        self._recent = [window[:, :, self._fresh :]]

    @staticmethod
    def _samples(seconds: float, motion: MotionBlock) -> int:
        return round(seconds * motion.rate_hz)

    def _pass_on(self, piece: MotionBlock, known: Alignment | None) -> list[PelvisBlock]:
        """Samples in pelvis terms, with those that were held back, where the heading is known; else hold them back."""
        if len(piece):
            self._held.append(piece)
        if known is not None and known.left_sensor is not None:
            return self._release(known)
        old: list[PelvisBlock] = []
        while self._held and self._held[0].t_s[-1] < self._due_s:
            old.append(pelvis_motion(self._held.pop(0), known))
        if self._held and self._held[0].t_s[0] < self._due_s:
            first = self._held[0]
            due = int(np.searchsorted(first.t_s, self._due_s))
            self._held[0] = first.cut(due, len(first))
            old.append(pelvis_motion(first.cut(0, due), known))
        return old

    def _release(self, known: Alignment | None) -> list[PelvisBlock]:
        held, self._held = self._held, []
        return [pelvis_motion(motion, known) for motion in held]
