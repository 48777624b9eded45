"""The whole analysis of one sensor on one screen: blocks of samples in, events out.

Pure: no clock, no I/O, no randomness. Any cut of the stream gives the same events, so live equals replay.
"""

import math
from collections.abc import Sequence

from sensorhub.analysis.drills import DrillAnalysis
from sensorhub.analysis.running import RunAnalysis
from sensorhub.analysis.summary import SummaryBuilder
from sensorhub.dsp.front_end import FrontEnd, FrontEndOutput
from sensorhub.model.alignment import Alignment
from sensorhub.model.events import Event
from sensorhub.model.exercise import Announcement
from sensorhub.model.samples import SampleBlock


class Chain:
    """Samples of one sensor -> strides, drills, gaps, activities and, at the end, the summary.

    activity: `auto` looks for everything; `run` or the name of a drill looks for that alone. known: how the sensor
    sits, from a calibration.
    """

    def __init__(self, activity: str = "auto", known: Alignment | None = None) -> None:
        self._front_end = FrontEnd()  # gate -> grid -> orientation
        self._running = RunAnalysis(known) if activity in {"auto", "run"} else None  # alignment -> contacts -> strides
        self._drills = DrillAnalysis(activity=activity, known=known)  # posture -> repetitions -> sets
        self._summary = SummaryBuilder()

    def feed(self, block: SampleBlock) -> list[Event]:
        """Take the next samples; give what they settled. Those that can settle no stride yet wait for the next."""
        self._summary.add_samples(block)
        wait_until_s = -math.inf if self._running is None else self._running.no_stride_before_s
        return self._analyse(self._front_end.feed(block, wait_until_s))

    def announce(self, announcement: Announcement) -> None:
        """Take what the runner is told to do, from a moment on that the samples have not reached."""
        self._drills.announce(announcement)

    def finish(self) -> list[Event]:
        """Give what the end of the stream settles; the summary comes last."""
        events = self._analyse(self._front_end.finish())
        if self._running is not None:
            events += self._counted(self._running.finish())
        events += self._counted(self._drills.finish())
        return [*events, self._summary.result(self._front_end.rejected_samples)]

    def _analyse(self, output: FrontEndOutput) -> list[Event]:
        events = self._counted(output.gaps)
        for motion in output.motion:
            if self._running is not None:
                events += self._counted(self._running.feed(motion))
                for alignment, known_s in self._running.settled():
                    self._drills.tell_left(alignment, known_s)
            events += self._counted(self._drills.feed(motion))
        return events

    def _counted(self, events: Sequence[Event]) -> list[Event]:
        self._summary.add(events)
        return list(events)
