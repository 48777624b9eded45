"""A thread that keeps one connection after another to the same broker, and says how that goes."""

import contextlib
import queue
import random
import threading
import time
from collections.abc import Callable
from typing import Protocol, Self

from sensorhub.adapters.mqtt.link import Connected, Ended, EventQueue, LinkEvent, LinkOptions, MqttLink, Woken
from sensorhub.config import MqttSettings
from sensorhub.model.errors import SensorhubError, network_reason
from sensorhub.model.status import Health, LinkStatus, Part
from sensorhub.pipeline.backoff import Backoff, BackoffParams

RECONNECT = BackoffParams(first_s=0.1, longest_s=5.0)
CONNACK_WITHIN_S = 10.0
CONNECTING_ENDS_WITHIN_S = 0.2
EVENTS_AT_ONCE = 1000


class Service(Protocol):
    """What is done on a connection."""

    def serve(self, link: MqttLink, connected: Connected) -> None:
        """Work until the loop is closing. Raises OSError or SensorhubError when the connection is of no more use."""
        ...


class LoopOwner:
    """A service with a loop of its own, which runs from `with` to its end."""

    _loop: "LinkLoop"

    def __enter__(self) -> Self:
        self._loop.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.close()


class LinkLoop:
    """Owns the thread, the event queue and the waiting between tries. It never raises for what a network may do."""

    def __init__(
        self, settings: MqttSettings, options: LinkOptions, service: Service, on_status: Callable[[LinkStatus], None]
    ) -> None:
        self.closing = threading.Event()
        self._settings = settings
        self._options = options
        self._service = service
        self._on_status = on_status
        self._events: EventQueue = queue.SimpleQueue()
        self._woken = threading.Event()
        self._told: dict[Part, tuple[Health, str]] = {}
        self._backoff = Backoff(RECONNECT)
        self._serving = False
        self._thread = threading.Thread(target=self._run, name=options.client_id, daemon=True)
        # Wrong settings are told to whoever builds it, not by a thread later.
        MqttLink(settings, options, self._events)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """Let the service say goodbye, and end the thread."""
        self.closing.set()
        self._events.put(Woken())
        # Who is still connecting has nothing to finish, and may hang there for as long as the network likes.
        self._thread.join(None if self._serving else CONNECTING_ENDS_WITHIN_S)

    def wake(self) -> None:
        """Make a waiting service look around."""
        if not self._woken.is_set():
            self._woken.set()
            self._events.put(Woken())

    def awake(self) -> None:
        """The service is about to look around: what happens from now on must wake it again."""
        self._woken.clear()

    def worked(self) -> None:
        """The connection was of use: if it ends now, the next try follows soon."""
        self._backoff.succeeded()

    def next_event(self, until_s: float) -> LinkEvent | None:
        """The next event, or None at this instant of the monotonic clock."""
        try:
            return self._events.get(timeout=max(0.001, until_s - time.monotonic()))
        except queue.Empty:
            return None

    def next_events(self, until_s: float) -> list[LinkEvent]:
        """The next event and all others that are there already."""
        first = self.next_event(until_s)
        events = [] if first is None else [first]
        with contextlib.suppress(queue.Empty):
            while len(events) < EVENTS_AT_ONCE:
                events.append(self._events.get_nowait())
        return events

    def tell(self, part: Part, health: Health, detail: str) -> None:
        """Report, if it is news."""
        if self._told.get(part) != (health, detail):
            self._told[part] = (health, detail)
            self._on_status(LinkStatus(part, health, detail))

    @property
    def where(self) -> str:
        """The broker, for people."""
        return f"MQTT broker {self._settings.host}:{self._settings.port}"

    def _run(self) -> None:
        while True:
            with contextlib.suppress(queue.Empty):
                while True:  # what an older connection left behind
                    self._events.get_nowait()
            self._woken.clear()
            if self.closing.is_set():
                return
            self._connect_and_serve()
            # Spread, not secret: so that many hubs do not come back in the same instant.
            self.closing.wait(self._backoff.failed(random.random()))  # noqa: S311

    def _connect_and_serve(self) -> None:
        link = MqttLink(self._settings, self._options, self._events)
        try:
            link.open()
            connected = self._first_word()
            if connected is not None:
                self.tell(Part.BROKER, Health.OK, f"{self.where} connected")
                self._serving = True
                self._service.serve(link, connected)
        except OSError as error:
            self.tell(Part.BROKER, Health.LOST, f"{self.where}: {network_reason(error)}; nothing is lost, trying again")
        except SensorhubError as error:
            self.tell(Part.STORE, Health.LOST, str(error))
        finally:
            link.close()
            self._serving = False

    def _first_word(self) -> Connected | None:
        until_s = time.monotonic() + CONNACK_WITHIN_S
        while not self.closing.is_set():
            event = self.next_event(until_s)
            if isinstance(event, Connected):
                return event
            if isinstance(event, Ended):
                raise ConnectionError(event.reason)
            if event is None:
                raise ConnectionError("it accepts the connection but does not answer")
        return None
