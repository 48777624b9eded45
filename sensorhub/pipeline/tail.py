"""Telling of records once they are kept: the page shows what the store holds, under the store's own ids."""

from collections.abc import Callable, Sequence
from typing import Final

from sensorhub.pipeline.lines import BatchResult, LineSink, Outcome
from sensorhub.pipeline.ports import History, StoredRecord

READ_AT_ONCE: Final = 500


class TailedSink:
    """A LineSink that writes to another and then tells of every record that is new in the history.

    `tell` is called in the thread that writes, by rising id; what was kept before it was made is not told.
    """

    def __init__(self, sink: LineSink, history: History, tell: Callable[[StoredRecord], None]) -> None:
        self._sink = sink
        self._history = history
        self._tell = tell
        newest = history.recent(1)
        self._told_id = newest[-1].event_id if newest else 0

    def write_batch(self, lines: Sequence[str]) -> BatchResult:
        """Write lines, then tell of them."""
        result = self._sink.write_batch(lines)
        if result.outcome is Outcome.STORED:
            self._tell_new()
        return result

    def close(self) -> None:
        """Close the sink behind."""
        self._sink.close()

    def _tell_new(self) -> None:
        full = True
        while full:
            records = self._history.since(self._told_id, READ_AT_ONCE)
            for record in records:
                self._tell(record)
                self._told_id = record.event_id
            full = len(records) == READ_AT_ONCE
