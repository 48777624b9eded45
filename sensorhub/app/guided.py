"""A guided session inside the service: it hears the drills as they are measured, keeps time, and takes what is asked.

It hears events where they are stored, not where they arrive, so a broker that is away does not stop the count.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Final

from sensorhub.analysis.programme import GuidedSession
from sensorhub.model.events import Event
from sensorhub.model.exercise import BandWalkSet, ClamshellSet, DrillRep, SidePlankSet
from sensorhub.model.guided import GuidedAction, GuidedPhase, GuidedState
from sensorhub.model.programme import Programme
from sensorhub.model.session import Record, Session
from sensorhub.model.status import Health, LinkStatus, Part
from sensorhub.pipeline.hub import EventStore

TICK_S: Final = 0.2

Tell = Callable[[GuidedState], None]
"""Shows a state to somebody."""


class GuidedRun:
    """One guided session that runs. All calls belong to the event loop's thread."""

    def __init__(
        self, programme: Programme, runner: str, *tell: Tell, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._session = GuidedSession(programme)
        self._clock = clock
        self._runner = runner
        self._tell = list(tell)
        self.state = self._session.tick(self._clock())
        self.done = asyncio.Event()

    def tell_too(self, tell: Tell) -> None:
        """Show states to one more."""
        self._tell.append(tell)
        tell(self.state)

    def act(self, action: GuidedAction) -> None:
        """Do what the runner asks."""
        self._say(self._session.act(action, self._clock()))

    def hear(self, events: Sequence[tuple[Event, Session]]) -> None:
        """Take what was measured; what other runners do is not heard."""
        for event, session in events:
            if session.runner == self._runner and isinstance(
                event, DrillRep | BandWalkSet | SidePlankSet | ClamshellSet
            ):
                self._say(self._session.hear(event, self._clock()))

    def hear_link(self, status: LinkStatus) -> None:
        """Take how the sensor fares."""
        if status.part is Part.SENSOR:
            lost = status.health is Health.LOST
            self._say(self._session.hear_sensor(lost=lost, now_s=self._clock()))

    async def keep_time(self) -> None:
        """Tick until the session is done."""
        while not self.done.is_set():
            self._say(self._session.tick(self._clock()))
            await asyncio.sleep(TICK_S)

    def _say(self, state: GuidedState) -> None:
        self.state = state
        for tell in self._tell:
            tell(state)
        if state.phase is GuidedPhase.DONE:
            self.done.set()


class HeardStore:
    """An event store whose events a guided session hears once they are safe."""

    def __init__(self, store: EventStore, guided: GuidedRun) -> None:
        self._store = store
        self._guided = guided

    def put_many(self, events: Sequence[tuple[Event, Session]]) -> list[Record]:
        """Keep events, then let them be heard."""
        records = self._store.put_many(events)
        self._guided.hear(events)
        return records

    def depth(self) -> int:
        """How many records the far end does not hold yet."""
        return self._store.depth()
