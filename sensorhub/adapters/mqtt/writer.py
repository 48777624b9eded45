"""Brings what hubs publish into a database, and answers the broker only for what the database holds."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from sensorhub.adapters.mqtt.link import Connected, Ended, LinkOptions, MqttLink, Subscribed, private_name
from sensorhub.adapters.mqtt.loop import LinkLoop, LoopOwner
from sensorhub.config import MqttSettings
from sensorhub.model.status import Health, LinkStatus, Part
from sensorhub.pipeline.backoff import Backoff, BackoffParams
from sensorhub.pipeline.lines import LineSink, Outcome
from sensorhub.pipeline.stored import encode_mark
from sensorhub.pipeline.topics import records_filter, stored_topic
from sensorhub.pipeline.writer import LineOf, Marks, Message, RefusedBook, prepare_batch

FOREVER_S = 3600.0
BATCH = 1000
KEPT_WHILE_AWAY_S = 7 * 24 * 3600
"""So long the broker keeps the queue of a writer that is away."""

TELL_EVERY_S = 0.5
"""At most so often the hubs hear how far they are stored."""

DATABASE_RETRY = BackoffParams(first_s=0.5, longest_s=10.0)
"""So long a database is left alone that does not answer."""


@dataclass(frozen=True, slots=True)
class WriterParams:
    """How a writer works.

    `group`: under this name the hubs hear what its database holds. `member`: its own stable name where several writers
    of a group share the work, None for one that does all. `gather_s`: so long a record may wait for others that go in
    the same request.
    """

    group: str
    member: str | None = None
    gather_s: float = 0.05


class Writer(LoopOwner):
    """What is not answered when it ends stays with the broker. `on_status` hears of broker and database."""

    def __init__(  # noqa: PLR0913, PLR0917 - its parts, put together in app
        self,
        settings: MqttSettings,
        sink: LineSink,
        line_of: LineOf,
        book: RefusedBook,
        on_status: Callable[[LinkStatus], None],
        params: WriterParams,
    ) -> None:
        self._sink = sink
        self._line_of = line_of
        self._book = book
        self._params = params
        self._share = private_name(settings, params.group) if params.member else None
        self._marks = Marks()
        self._waiting: list[Message] = []
        self._backoff = Backoff(DATABASE_RETRY)
        self._write_at_s = 0.0
        self._gather_until_s = 0.0
        self._tell_at_s = 0.0
        options = LinkOptions(
            client_id="-".join(filter(None, ("sensorhub", params.group, params.member))),
            session_expiry_s=KEPT_WHILE_AWAY_S,
            receive_maximum=2 * BATCH,
            manual_ack=True,
        )
        self._loop = LinkLoop(settings, options, self, on_status)

    def serve(self, link: MqttLink, connected: Connected) -> None:  # noqa: ARG002 - the session goes on either way
        """Serve one connection; see LinkLoop."""
        self._waiting.clear()  # unanswered messages of an older connection come again
        link.subscribe(records_filter(self._share))
        while not self._loop.closing.is_set():
            for event in self._loop.next_events(self._next_instant_s()):
                if isinstance(event, Message):
                    if not self._waiting:
                        self._gather_until_s = time.monotonic() + self._params.gather_s
                    self._waiting.append(event)
                elif isinstance(event, Subscribed) and max(event.codes) >= 0x80:
                    raise ConnectionError(f"may not read records: {event.reason}; mend its access list")
                elif isinstance(event, Ended):
                    raise ConnectionError(event.reason)
            if self._waiting and time.monotonic() >= self._write_instant_s():
                self._write(link)
            self._tell(link)
        self._tell(link, at_once=True)

    def _next_instant_s(self) -> float:
        instants = [time.monotonic() + FOREVER_S]
        if self._waiting:
            instants.append(self._write_instant_s())
        if self._marks.has_news:
            instants.append(self._tell_at_s)
        return min(instants)

    def _write_instant_s(self) -> float:
        """When to write what waits: at once if it fills a batch, but a write that failed is not tried early."""
        gathered = len(self._waiting) >= BATCH
        return self._write_at_s if gathered else max(self._write_at_s, self._gather_until_s)

    def _write(self, link: MqttLink) -> None:
        batch = prepare_batch(self._waiting[:BATCH], self._line_of)
        result = self._sink.write_batch(batch.lines)
        if result.outcome is not Outcome.STORED:
            wait_s = max(result.retry_after_s or 0.0, self._backoff.failed(random.random()))  # noqa: S311 - spread
            self._write_at_s = time.monotonic() + wait_s
            health = Health.WAITING if result.outcome is Outcome.TRY_LATER else Health.LOST
            self._loop.tell(Part.STORE, health, f"{result.message}; nothing is lost, the broker keeps it")
            return
        self._backoff.succeeded()
        self._loop.worked()
        self._loop.tell(Part.STORE, Health.OK, "storing")
        self._marks.stored(batch, result, self._book)
        link.acknowledge(batch.messages)
        del self._waiting[: len(batch.messages)]
        self._gather_until_s = time.monotonic() + self._params.gather_s

    def _tell(self, link: MqttLink, *, at_once: bool = False) -> None:
        if self._marks.has_news and (at_once or time.monotonic() >= self._tell_at_s):
            self._tell_at_s = time.monotonic() + TELL_EVERY_S
            for hub, mark in self._marks.take():
                link.publish(stored_topic(hub, self._params.group), encode_mark(mark), retain=True)
