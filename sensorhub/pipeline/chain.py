"""The whole analysis of one sensor on one screen: blocks of samples in, events out.

Pure: no clock, no I/O, no randomness. Any cut of the stream gives the same events, so live equals replay.
"""

from sensorhub.analysis.running import RunAnalysis
from sensorhub.dsp.front_end import FrontEnd, FrontEndOutput
from sensorhub.model.events import Event
from sensorhub.model.samples import SampleBlock


class Chain:
    """Samples of one sensor -> strides, drills, gaps, activities and, at the end, the summary."""

    def __init__(self, activity: str = "auto") -> None:
        self._front_end = FrontEnd()  # gate -> grid -> orientation
        self._running = RunAnalysis() if activity in {"auto", "run"} else None  # contacts -> side -> strides

    def feed(self, block: SampleBlock) -> list[Event]:
        """Take the next samples; give what they settled."""
        return self._analyse(self._front_end.feed(block))

    def finish(self) -> list[Event]:
        """Give what the end of the stream settles; the summary comes last."""
        events = self._analyse(self._front_end.finish())
        if self._running is not None:
            events += self._running.finish()
        return events

    def _analyse(self, output: FrontEndOutput) -> list[Event]:
        events: list[Event] = list(output.gaps)
        for motion in output.motion:
            if self._running is not None:
                events += self._running.feed(motion)
        return events
