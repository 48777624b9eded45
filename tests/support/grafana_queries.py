"""What Grafana makes of a dashboard before it asks InfluxDB: variables and macros filled in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

HOUR_MS = 3_600_000
UNIT_MS = {"m": 60_000, "h": HOUR_MS, "d": 24 * HOUR_MS, "w": 168 * HOUR_MS}
LEFT_OVER = re.compile(r"\$\{?\w+")


@dataclass(frozen=True)
class Target:
    dashboard: str
    panel: str
    ref: str
    influxql: str
    since_ms: int

    @property
    def name(self) -> str:
        return f"{self.dashboard}: {self.panel} {self.ref}"


def targets(board: dict) -> Iterator[Target]:
    """Every target of every panel, and the queries of variables."""
    since = board["time"]["from"]
    for panel in board["panels"]:
        for target in panel["targets"]:
            begin = panel.get("timeFrom") or since
            yield Target(board["title"], panel["title"], target["refId"], target["query"], duration_ms(begin))
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            query = variable["query"]
            yield Target(board["title"], f"variable {variable['name']}", "", query, duration_ms(since))


def duration_ms(text: str) -> int:
    """Turn "now-8w" or "10m" into ms."""
    number, unit = re.fullmatch(r"(?:now-)?(\d+)([mhdw])", text).groups()
    return int(number) * UNIT_MS[unit]


def expanded(target: Target, now_ms: int, values: dict[str, str]) -> str:
    """The InfluxQL that reaches the database. `values` are the regular expressions of the variables chosen."""
    interval_ms = max(1_000, target.since_ms // 1_000)
    text = target.influxql.replace("$timeFilter", f"time >= {now_ms - target.since_ms}ms and time <= {now_ms}ms")
    text = text.replace("$__interval", f"{interval_ms}ms")
    for name, value in values.items():
        text = text.replace(f"${{{name}:regex}}", value)
    assert not LEFT_OVER.search(text), text
    return text
