"""A guided session inside the service: it hears the drills as they are measured, keeps time, and takes what is asked.

It hears events where they are stored, not where they arrive, so a broker that is away does not stop the count.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Protocol

from sensorhub.adapters.programmes import DEFAULT_PROGRAMME, load_programme
from sensorhub.analysis.training.guided_session import GuidedSession
from sensorhub.config import Settings
from sensorhub.model.events import Event
from sensorhub.model.exercise import BandWalkSet, ClamshellSet, Drill, DrillRep, SidePlankSet
from sensorhub.model.frames import RawFrame
from sensorhub.model.gait import Side
from sensorhub.model.guided import GuidedAction, GuidedPhase, GuidedState
from sensorhub.model.programme import Programme
from sensorhub.model.session import Session
from sensorhub.model.status import Health, LinkStatus, Part
from sensorhub.pipeline.announcements import announcing
from sensorhub.pipeline.hub import EventStore

TICK_S: Final = 0.2

Tell = Callable[[GuidedState], None]
"""Shows a state to somebody."""


class GuidedRun:
    """One guided session that runs; all calls belong to the event loop's thread.

    `done` is set at its end, `complete` once the last set's own record has come too.
    """

    def __init__(
        self, programme: Programme, runner: str, *tell: Tell, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._programme = programme
        self._session = GuidedSession(programme)
        self._clock = clock
        self.runner = runner
        self._tell = list(tell)
        self.state = self._session.tick(self._clock())
        self.done = asyncio.Event()
        self.complete = asyncio.Event()
        for each in self._tell:
            each(self.state)

    def tell_too(self, tell: Tell) -> None:
        """Show states to one more."""
        self._tell.append(tell)
        tell(self.state)

    def act(self, action: GuidedAction) -> None:
        """Do what the runner asks; a start after the end begins anew."""
        if action is GuidedAction.START and self.state.phase is GuidedPhase.DONE:
            self._session = GuidedSession(self._programme)
        self._say(self._session.act(action, self._clock()))

    def hear(self, events: Sequence[tuple[Event, Session]]) -> None:
        """Take what was measured; what other runners do is not heard."""
        for event, session in events:
            if session.runner == self.runner and isinstance(
                event, DrillRep | BandWalkSet | SidePlankSet | ClamshellSet
            ):
                self._say(self._session.hear(event, self._clock()))

    def hear_link(self, status: LinkStatus) -> None:
        """Take how the sensor fares."""
        if status.part is Part.SENSOR:
            lost = status.health is Health.LOST
            self._say(self._session.hear_sensor(lost=lost, now_s=self._clock()))

    async def keep_time(self) -> None:
        """Tick for ever."""
        while True:
            self._say(self._session.tick(self._clock()))
            await asyncio.sleep(TICK_S)

    def _say(self, state: GuidedState) -> None:
        if state.phase is GuidedPhase.DONE:
            self.done.set()
            if not self._session.awaiting_record:
                self.complete.set()
        if state == self.state:
            return
        self.state = state
        for tell in self._tell:
            tell(state)


class Announced(Protocol):
    """Who is told what a runner is to do next: the lines of his sensors."""

    def announce(self, announcement: RawFrame) -> None:
        """Take it, as a frame among the sensor's own."""
        ...


class Announcer:
    """Tells a runner's sensors what is due, so that a set which was asked for is believed from its first step on."""

    def __init__(self, lines: Sequence[Announced]) -> None:
        self._lines = lines
        self._due: tuple[Drill | None, Side | None] = (None, None)

    def __call__(self, state: GuidedState) -> None:
        """Take how the session stands."""
        due = (state.drill, state.side) if state.phase is GuidedPhase.WORK else (None, None)
        if due == self._due:
            return
        self._due = due
        for line in self._lines:
            line.announce(announcing(time.monotonic_ns(), *due))


@asynccontextmanager
async def guiding(guided: GuidedRun | None, tell: Tell) -> AsyncIterator[None]:
    """Let a guided session tick and tell while the block runs."""
    if guided is None:
        yield
        return
    guided.tell_too(tell)
    async with asyncio.TaskGroup() as tasks:
        ticking = tasks.create_task(guided.keep_time(), name="guided session")
        yield
        ticking.cancel()


def offered_session(settings: Settings) -> GuidedRun | None:
    """Make the session that the page offers: of the settings' programme, where there is one runner alone."""
    runners = {sensor.runner for sensor in settings.sensor}
    if len(runners) != 1:
        return None
    return GuidedRun(load_programme(programme_path(settings)), runners.pop())


def programme_path(settings: Settings, named: Path | None = None) -> Path:
    """Find the programme: the one that was named, else the settings', else the one that comes along."""
    set_path = settings.drills.programme
    return named or (Path(set_path).expanduser() if set_path else DEFAULT_PROGRAMME)


class HeardStore:
    """An event store whose events a guided session hears once they are safe."""

    def __init__(self, store: EventStore, guided: GuidedRun) -> None:
        self._store = store
        self._guided = guided

    def put_many(self, events: Sequence[tuple[Event, Session]], kept: Callable[[], None]) -> None:
        """Keep events, then let them be heard."""

        def then_heard() -> None:
            kept()
            self._guided.hear(events)

        self._store.put_many(events, then_heard)
