"""What a kill cost: a gap, from the last record of a session that was never summed up until its sensor is back."""

from collections.abc import Sequence
from typing import Final

from sensorhub.formats.records import event_instant_s
from sensorhub.model.events import Event
from sensorhub.model.session import Record, Session
from sensorhub.model.status import ActivitySpan, Gap, SensorStatus
from sensorhub.model.summary import Summary
from sensorhub.pipeline.hub import IDLE_NS

LOOK_BACK: Final = 50
"""Records: a session's last ones are not in order, as a stride is told before the activity that it belongs to."""


def interruption(records: Sequence[Record], heard_unix_ns: int) -> list[tuple[Event, Session]]:
    """Find the gap at the end of a session, the newest of whose records these are; none if it was summed up.

    heard_unix_ns: when the first frame of the next one came.
    """
    if not records or any(isinstance(record.event, Summary) for record in records):
        return []
    ended = records[0].session
    if ended.start_unix_ns is None:
        return []
    start_s = max(_known_until_s(record.event) for record in records)
    # It would have ended by itself, had nothing been heard for so long.
    end_s = min((heard_unix_ns - ended.start_unix_ns) * 1e-9, start_s + IDLE_NS * 1e-9)
    rates_hz = [record.event.rate_hz for record in records if isinstance(record.event, SensorStatus)]
    rate_hz = next((rate_hz for rate_hz in rates_hz if rate_hz), None)
    if end_s <= start_s or not rate_hz:
        return []
    return [(Gap(start_s, end_s, round((end_s - start_s) * rate_hz)), ended)]


def _known_until_s(event: Event) -> float:
    return event.end_s if isinstance(event, ActivitySpan | Gap) else event_instant_s(event)
