"""What Home Assistant is told, and when: the newest state of each sensor, at most once in ten seconds."""

from typing import Any, Final

import msgspec

from sensorhub.formats.home_assistant import state_of
from sensorhub.model.session import Record

PERIOD_S: Final = 10.0
"""The least time between two words about the same sensor."""

_encoder = msgspec.json.Encoder()


class HomeState:
    """Gathers records and gives what is due."""

    def __init__(self) -> None:
        self._states: dict[str, dict[str, Any]] = {}
        self._news: set[str] = set()
        self._told_s: dict[str, float] = {}

    def hear(self, record: Record) -> None:
        """Take a record; all but status and summaries are passed over."""
        told = state_of(record)
        if told:
            sensor = record.session.sensor
            self._states[sensor] = self._states.get(sensor, {}) | told
            self._news.add(sensor)

    def due(self, now_s: float) -> list[tuple[str, bytes]]:
        """Sensors and their states that may be told at this instant of a monotonic clock."""
        ready = [one for one in sorted(self._news) if now_s - self._told_s.get(one, -PERIOD_S) >= PERIOD_S]
        for sensor in ready:
            self._news.remove(sensor)
            self._told_s[sensor] = now_s
        return [(sensor, _encoder.encode(self._states[sensor])) for sensor in ready]

    def everything(self, now_s: float) -> list[tuple[str, bytes]]:
        """Tell all states again, for a Home Assistant that has just started."""
        self._news.update(self._states)
        self._told_s.clear()
        return self.due(now_s)

    def next_instant_s(self, now_s: float) -> float | None:
        """When something will be due; None where there is no news."""
        return min((self._told_s.get(one, now_s - PERIOD_S) + PERIOD_S for one in self._news), default=None)
