"""Records are told after they are kept, each once, by rising id."""

from collections.abc import Sequence

from sensorhub.formats.records import decode_record, encode_record
from sensorhub.model.session import Record
from sensorhub.pipeline.lines import BatchResult, Outcome
from sensorhub.pipeline.tail import READ_AT_ONCE, TailedSink
from tests.support.page import SESSION, MemoryHistory, stride


class MemorySink:
    """A sink over a history in memory, which can be told to fail."""

    def __init__(self, history: MemoryHistory) -> None:
        self._history = history
        self.outcome = Outcome.STORED

    def write_batch(self, lines: Sequence[str]) -> BatchResult:
        if self.outcome is Outcome.STORED:
            for line in lines:
                self._history.keep(decode_record(line))
        return BatchResult(self.outcome)

    def close(self) -> None:
        self.outcome = Outcome.MISCONFIGURED


def lines(first: int, last: int) -> list[str]:
    return [encode_record(Record(SESSION, number, stride(number))).decode() for number in range(first, last)]


def test_what_is_kept_is_told_once_in_order_and_what_was_there_before_is_not() -> None:
    history = MemoryHistory()
    sink = MemorySink(history)
    sink.write_batch(lines(0, 3))
    told: list[int] = []
    tailed = TailedSink(sink, history, lambda record: told.append(record.event_id))
    tailed.write_batch(lines(3, 6))
    tailed.write_batch(lines(6, 7 + READ_AT_ONCE))
    assert told == list(range(4, 8 + READ_AT_ONCE))


def test_what_could_not_be_kept_is_told_when_it_is() -> None:
    history = MemoryHistory()
    sink = MemorySink(history)
    told: list[int] = []
    tailed = TailedSink(sink, history, lambda record: told.append(record.event_id))
    sink.outcome = Outcome.TRY_LATER
    assert tailed.write_batch(lines(0, 1)).outcome is Outcome.TRY_LATER
    assert told == []
    sink.outcome = Outcome.STORED
    tailed.write_batch(lines(0, 1))
    assert told == [1]
