"""The rules of the writer: what a batch of messages becomes, and what may be answered once the database has spoken."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from sensorhub.model.errors import InputError
from sensorhub.pipeline.lines import BatchResult
from sensorhub.pipeline.stored import MarkBuilder, StoredMark
from sensorhub.pipeline.topics import ROOT, is_record_topic

# The line of a record for the database, None where it has none. It raises InputError for what can never have one.
LineOf = Callable[[bytes], str | None]


class RefusedBook(Protocol):
    """Where records are set aside that the database will never take. On the disk when add() returns."""

    def add(self, topic: str, payload: bytes, reason: str) -> None:
        """Keep one."""
        ...


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the broker. `mid` names it on this connection until it is answered; 0 wants no answer."""

    topic: str
    payload: bytes
    mid: int


class _Envelope(msgspec.Struct):
    hub: str
    seq: int
    revision: int = 0


@dataclass(slots=True)
class Batch:
    """Messages on their way into the database. `lines[i]` came from `senders[i]`."""

    messages: list[Message]
    lines: list[str] = field(default_factory=list)
    senders: list[Message] = field(default_factory=list)
    numbers: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    refused: list[tuple[Message, str]] = field(default_factory=list)


def prepare_batch(messages: Sequence[Message], line_of: LineOf) -> Batch:
    """Turn messages into lines. What is no record, or speaks for another hub than its topic, is refused here."""
    batch = Batch(list(messages))
    for message in messages:
        if not is_record_topic(message.topic):
            continue
        try:
            envelope = msgspec.json.decode(message.payload, type=_Envelope)
            _check_hub(envelope.hub, message.topic)
        except (ValueError, InputError) as error:  # no JSON, no UTF-8 in it, or another's
            batch.refused.append((message, str(error)))
            continue
        batch.numbers.setdefault(envelope.hub, []).append((envelope.seq, envelope.revision))
        try:
            line = line_of(message.payload)
        except InputError as error:  # it will never have a line: set aside, it must not come again
            batch.refused.append((message, str(error)))
            continue
        if line is not None:
            batch.lines.append(line)
            batch.senders.append(message)
    return batch


def _check_hub(hub: str, topic: str) -> None:
    # The broker guards topics, not what stands in a message: a hub must not overwrite another one's records.
    if not topic.startswith(f"{ROOT}/{hub}/"):
        raise InputError(f"it says hub {hub!r} under topic {topic}")


class Marks:
    """What is stored of every hub, gathered until it is told."""

    def __init__(self) -> None:
        self._builders: dict[str, MarkBuilder] = {}
        self._news: set[str] = set()

    @property
    def has_news(self) -> bool:
        """Whether there is something to tell."""
        return bool(self._news)

    def stored(self, batch: Batch, result: BatchResult, book: RefusedBook) -> None:
        """The database has this batch. Bad lines are set aside and count as stored: they must not come again."""
        for message, reason in batch.refused:
            book.add(message.topic, message.payload, reason)
        for bad in result.bad:
            sender = batch.senders[bad.index]
            book.add(sender.topic, sender.payload, bad.reason)
        for hub, numbers in batch.numbers.items():
            self._builders.setdefault(hub, MarkBuilder()).add(numbers)
            self._news.add(hub)

    def take(self) -> list[tuple[str, StoredMark]]:
        """What to tell now: hub and mark."""
        told = [(hub, self._builders[hub].take()) for hub in sorted(self._news)]
        self._news.clear()
        return told
