"""The outbox as the sender sees it, what may enter it, and what a broker's answer means. No I/O, no clock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from sensorhub.pipeline.stored import StoredMark


@dataclass(frozen=True, slots=True)
class OutboxParams:
    """Limits of the outbox.

    `window`: messages under way at once (the broker's receive maximum may lower it). `max_tries`: refusals of one
    message before it becomes a dead letter. `resend_after_s`: how long the writer may take to say that a delivered
    record is stored. `probe`: records sent again while the writer says nothing at all. `answer_within_s`: after that a
    silent broker is given up. `keep_stored`: how many records are kept even though they are stored.
    """

    window: int = 200
    max_tries: int = 3
    max_payload_bytes: int = 16_384
    resend_after_s: float = 30.0
    resend_longest_s: float = 600.0
    resend_batch: int = 5_000
    probe: int = 200
    answer_within_s: float = 10.0
    keep_stored: int = 100_000


@dataclass(frozen=True, slots=True)
class Letter:
    """A record in the outbox. `place` is unique for ever: a revision takes a new place."""

    place: int
    seq: int
    revision: int
    tries: int
    topic: str
    payload: bytes


class Outbox(Protocol):
    """What the sender needs from the store. Each call is one transaction."""

    def listen(self, wake: Callable[[], None]) -> None:
        """Call this, from whatever thread, whenever there may be something to send."""
        ...

    def next_letters(self, after_place: int, limit: int) -> list[Letter]:
        """Letters beyond this place, oldest first."""
        ...

    def delivered(self, letters: Sequence[Letter]) -> None:
        """The broker took them."""
        ...

    def refused(self, letter: Letter, reason: str, *, give_up: bool) -> None:
        """One try failed; with `give_up` it becomes a dead letter, else it goes to the end of the queue."""
        ...

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups of writers that must confirm."""
        ...

    def mark_stored(self, group: str, mark: StoredMark) -> None:
        """A group of writers has these in its database."""
        ...

    def tick(self) -> None:
        """One resend interval has passed."""
        ...

    def requeue_unconfirmed(self, group: str, limit: int) -> int:
        """Queue again what was delivered over an interval ago and this group has not confirmed; how many."""
        ...

    def retry_dead_letters(self, seqs: Sequence[int] | None = None) -> int:
        """Queue dead letters again, all or these; how many."""
        ...

    def prune(self, keep: int) -> int:
        """Delete some of the oldest stored records beyond the newest `keep`; how many."""
        ...


class Verdict(Enum):
    """What an answer of the broker means for one message."""

    DELIVERED = "delivered"
    NOBODY_THERE = "nobody there"
    REFUSED = "refused"
    BUSY = "busy"


NO_MATCHING_SUBSCRIBERS = 0x10
QUOTA_EXCEEDED = 0x97
RECEIVE_MAXIMUM_EXCEEDED = 0x93


def verdict_of(reason_code: int) -> Verdict:
    """What a PUBACK's reason code says. Below 0x80 the broker took it; 0x10: it threw it away, nobody subscribes."""
    if reason_code == NO_MATCHING_SUBSCRIBERS:
        return Verdict.NOBODY_THERE
    if reason_code < 0x80:
        return Verdict.DELIVERED
    if reason_code in {QUOTA_EXCEEDED, RECEIVE_MAXIMUM_EXCEEDED}:
        return Verdict.BUSY
    return Verdict.REFUSED


def why_not_sendable(topic: str, payload: bytes, params: OutboxParams) -> str | None:
    """Why a broker would choke on this message, or None. It is asked before a message is queued."""
    if len(payload) > params.max_payload_bytes:
        return f"{len(payload)} bytes are more than the {params.max_payload_bytes} that one message may have"
    if not topic or any(character in topic for character in "+#\0") or len(topic.encode()) > 1024:
        return f"topic {topic!r} cannot be published to"
    return None
