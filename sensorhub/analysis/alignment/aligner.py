"""From a sensor clipped on anyhow to the pelvis: up, forward and left found from how the body stands and moves."""

from typing import Final

import numpy as np

from sensorhub.analysis.alignment.mounting import Mounting
from sensorhub.analysis.alignment.pelvis import PelvisBlock
from sensorhub.analysis.alignment.seconds import Seconds
from sensorhub.model.alignment import Alignment
from sensorhub.model.samples import MotionBlock

HELD_S: Final = 20.0
"""Samples are held back this long at most while the heading is unknown."""


class Aligner:
    """Finds how the sensor sits on the pelvis and hands every sample on with it.

    Nothing comes out until the first heading is known, some seconds into walking or running, and then all that was held
    back at once; only where nobody walks or runs for long are samples passed on without a heading. Each block carries
    the alignment that it was made with; with a better one a stance can be measured again from its up_sensor.
    """

    def __init__(self, known: Alignment | None = None) -> None:
        self._mounting = Mounting(known)
        self._held: list[MotionBlock] = []
        self._seconds: Seconds | None = None
        self._due_s = self._end_s = -np.inf

    @property
    def alignment(self) -> Alignment | None:
        """The best alignment so far; None before anything is known."""
        return self._mounting.alignment

    @property
    def has_stood(self) -> bool:
        """Whether quiet standing was seen, with the sensor as it sits now."""
        return self._mounting.has_stood

    def feed(self, motion: MotionBlock) -> list[PelvisBlock]:
        """Take the next samples on the grid and return those whose alignment is known."""
        if not len(motion):
            return []
        if self._seconds is None or motion.t_s[0] > self._end_s + 1.5 / motion.rate_hz:
            self._seconds = Seconds(motion.rate_hz, float(motion.t_s[0]))
        self._end_s = float(motion.t_s[-1])
        out: list[PelvisBlock] = []
        start = 0
        for second in self._seconds.feed(motion):
            before = self.alignment
            self._mounting.look(self._seconds, second)
            self._due_s = self._seconds.end_s(second) - HELD_S
            if self.alignment is not before:
                stop = len(motion) - self._seconds.samples_after(second)
                out.extend(self._pass_on(motion.cut(start, stop), before))
                start = stop
        return [*out, *self._pass_on(motion.cut(start, len(motion)), self.alignment)]

    def finish(self) -> list[PelvisBlock]:
        """Return what is still held back."""
        return self._release(self.alignment)

    def _pass_on(self, piece: MotionBlock, known: Alignment | None) -> list[PelvisBlock]:
        """Samples, and those that were held back, where the heading is known; else hold them back."""
        if len(piece):
            self._held.append(piece)
        if known is not None and known.left_sensor is not None:
            return self._release(known)
        old: list[PelvisBlock] = []
        while self._held and self._held[0].t_s[-1] < self._due_s:
            old.append(PelvisBlock.of(self._held.pop(0), known))
        if self._held and self._held[0].t_s[0] < self._due_s:
            first = self._held[0]
            due = int(np.searchsorted(first.t_s, self._due_s))
            self._held[0] = first.cut(due, len(first))
            old.append(PelvisBlock.of(first.cut(0, due), known))
        return old

    def _release(self, known: Alignment | None) -> list[PelvisBlock]:
        held, self._held = self._held, []
        return [PelvisBlock.of(motion, known) for motion in held]
