"""What a store for line protocol must answer, so that the writer knows what to acknowledge and what to try again."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Outcome(StrEnum):
    """What became of a batch: all but its bad lines are stored, or nothing of it is known to be."""

    STORED = "stored"
    TRY_LATER = "try_later"
    MISCONFIGURED = "misconfigured"


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that the database refuses whatever company it is in. `index` counts in the batch that was given."""

    index: int
    line: str
    reason: str


@dataclass(frozen=True, slots=True)
class BatchResult:
    """The answer to one batch.

    STORED: every line but `bad` is in the database; the bad ones are to be set aside. TRY_LATER: the whole batch is
    to be written again (writing twice changes nothing), not before `retry_after_s` where the server named one.
    MISCONFIGURED: trying again is useless until somebody does what `message` says; keep the batch.
    """

    outcome: Outcome
    bad: tuple[BadLine, ...] = ()
    message: str = ""
    retry_after_s: float | None = None


class LineSink(Protocol):
    """A database that takes line protocol. It answers; it does not raise for what a database or network may do."""

    def write_batch(self, lines: Sequence[str]) -> BatchResult:
        """Write lines in one request, more where a bad line has to be found, and say what became of them."""
        ...

    def close(self) -> None:
        """Let go of the connection."""
        ...
