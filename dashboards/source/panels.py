"""Panels as Grafana 11 to 13 read them. No meaning hangs on hue alone.

Levels differ in lightness and show as lines, labels or lengths too; the right side is dashed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from dashboards.source.influxql import Query
from sensorhub.model.metrics import Metric

DATASOURCE: Final = {"type": "influxdb", "uid": "${datasource}"}
FINE, LOOK, ACT = "#c6dbef", "#e69f00", "#a50026"
LEFT, RIGHT = "#0072b2", "#d55e00"
UNITS: Final = {
    "s": "s",
    "deg": "degree",
    "steps/min": "suffix: steps/min",
    "m": "lengthm",
    "share": "percentunit",
    "points": "none",
    "%": "percent",
    "count": "short",
    "dBm": "dBm",
    "Hz": "hertz",
    "deg/min": "suffix: °/min",
    "yes/no": "bool_yes_no",
}


@dataclass(frozen=True, slots=True)
class Levels:
    """Where a value becomes worth a look and where it asks for action; falling: lower is worse."""

    look: float
    act: float
    low: float
    high: float
    falling: bool = False

    def steps(self) -> list[dict[str, Any]]:
        """Give Grafana's steps, the first without a value."""
        ordered = [(ACT, None), (LOOK, self.act), (FINE, self.look)]
        if not self.falling:
            ordered = [(FINE, None), (LOOK, self.look), (ACT, self.act)]
        return [{"color": color, "value": value} for color, value in ordered]


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel. Width in 24ths of the page."""

    kind: str
    title: str
    description: str
    unit: str
    queries: Sequence[Query]
    width: int = 12
    height: int = 8
    levels: Levels | None = None
    defaults: dict[str, Any] = field(default_factory=dict)
    custom: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    overrides: Sequence[dict[str, Any]] = ()
    transformations: Sequence[dict[str, Any]] = ()
    time_from: str | None = None

    def json(self, number: int, x: int, y: int) -> dict[str, Any]:
        """The panel at its place."""
        made: dict[str, Any] = {
            "id": number,
            "type": self.kind,
            "title": self.title,
            "description": self.description,
            "datasource": DATASOURCE,
            "gridPos": {"x": x, "y": y, "w": self.width, "h": self.height},
            "fieldConfig": {"defaults": self._defaults(), "overrides": list(self.overrides)},
            "options": self.options,
            "targets": [_target(place, query) for place, query in enumerate(self.queries)],
            "transformations": list(self.transformations),
        }
        return made | ({"timeFrom": self.time_from} if self.time_from else {})

    def _defaults(self) -> dict[str, Any]:
        made: dict[str, Any] = {"unit": self.unit, "custom": self.custom} | self.defaults
        if self.levels is None:
            return made
        return made | {
            "min": self.levels.low,
            "max": self.levels.high,
            "color": self.defaults.get("color", {"mode": "thresholds"}),
            "thresholds": {"mode": "absolute", "steps": self.levels.steps()},
        }


def _target(place: int, query: Query) -> dict[str, Any]:
    made: dict[str, Any] = {
        "refId": chr(ord("A") + place),
        "datasource": DATASOURCE,
        "query": query.influxql,
        "rawQuery": True,
        "resultFormat": "table" if query.table else "time_series",
    }
    return made | ({"alias": query.alias} if query.alias else {})


def _reduce(calculation: str) -> dict[str, Any]:
    return {"reduceOptions": {"calcs": [calculation], "fields": "", "values": False}}


def says(metric: Metric, more: str) -> str:
    """What a metric means, and how to read the panel."""
    return f"{metric.meaning} {more}"


def gauge(metric: Metric, title: str, more: str, query: Query, levels: Levels, width: int = 4) -> Panel:
    """One number on a dial whose levels are written on it."""
    options = _reduce("lastNotNull") | {"showThresholdLabels": True, "showThresholdMarkers": True}
    unit = UNITS[metric.unit]
    return Panel("gauge", title, says(metric, more), unit, [query], width, 6, levels, {"decimals": 1}, options=options)


def stat(metric: Metric, title: str, more: str, query: Query, width: int = 4, decimals: int = 0) -> Panel:
    """One number without a verdict."""
    options = _reduce("lastNotNull") | {"colorMode": "none", "graphMode": "none", "textMode": "auto"}
    defaults = {"decimals": decimals}
    return Panel(
        "stat", title, says(metric, more), UNITS[metric.unit], [query], width, 6, defaults=defaults, options=options
    )


def over_time(
    metric: Metric,
    title: str,
    more: str,
    queries: Sequence[Query],
    width: int = 12,
    levels: Levels | None = None,
    **custom: Any,
) -> Panel:
    """Lines over time; levels are dashed lines."""
    look = {"drawStyle": "line", "lineWidth": 2, "showPoints": "auto", "pointSize": 5, "spanNulls": False}
    threshold_style = {"thresholdsStyle": {"mode": "dashed+area"}} if levels else {}
    unit, options = UNITS[metric.unit], {"legend": {"displayMode": "list", "placement": "bottom", "showLegend": True}}
    return Panel(
        "timeseries",
        title,
        says(metric, more),
        unit,
        queries,
        width,
        levels=levels,
        defaults={"color": {"mode": "palette-classic"}},
        custom=look | threshold_style | custom,
        options=options | {"tooltip": {"mode": "multi", "sort": "none"}},
        overrides=side_looks(),
    )


def bars(metric: Metric, title: str, more: str, queries: Sequence[Query], width: int = 12) -> Panel:
    """Bars beside each other over time, for amounts a week."""
    return over_time(metric, title, more, queries, width, drawStyle="bars", fillOpacity=60, lineWidth=1)


def bar_gauge(metric: Metric, title: str, more: str, query: Query, levels: Levels, width: int = 12) -> Panel:
    """One bar a series, its length the value."""
    options = _reduce("lastNotNull") | {"orientation": "horizontal", "displayMode": "basic", "valueMode": "text"}
    unit = UNITS[metric.unit]
    return Panel(
        "bargauge", title, says(metric, more), unit, [query], width, 8, levels, {"decimals": 1}, options=options
    )


def histogram(metric: Metric, title: str, more: str, query: Query, bucket: float, width: int = 12) -> Panel:
    """How often each value occurs."""
    return Panel(
        "histogram",
        title,
        says(metric, more),
        UNITS[metric.unit],
        [query],
        width,
        custom={"fillOpacity": 40, "lineWidth": 2},
        options={"bucketSize": bucket, "combine": False, "legend": {"displayMode": "list", "placement": "bottom"}},
        overrides=side_looks(),
    )


def table(
    title: str,
    description: str,
    queries: Sequence[Query],
    columns: Mapping[str, tuple[Metric, Levels | None]],
    width: int = 24,
    time_from: str | None = None,
) -> Panel:
    """Rows; `columns` gives units by column name, and for judged ones a bar whose length is the value."""
    overrides = [_column(name, metric, levels) for name, (metric, levels) in columns.items()]
    merge = [{"id": "merge", "options": {}}] if len(queries) > 1 else []
    return Panel(
        "table",
        title,
        description,
        "short",
        queries,
        width,
        9,
        defaults={"decimals": 1},
        custom={"align": "auto", "filterable": True},
        options={"showHeader": True, "cellHeight": "sm"},
        overrides=overrides,
        transformations=merge,
        time_from=time_from,
    )


def side_looks() -> list[dict[str, Any]]:
    """Draw left solid and right dashed, whatever their colours."""
    looks = (("left", LEFT, {"fill": "solid"}), ("right", RIGHT, {"fill": "dash", "dash": [8, 6]}))
    return [
        {
            "matcher": {"id": "byRegexp", "options": f"/(^|[ ,]){side}$/"},
            "properties": [
                {"id": "color", "value": {"mode": "fixed", "fixedColor": color}},
                {"id": "custom.lineStyle", "value": line},
            ],
        }
        for side, color, line in looks
    ]


def _column(name: str, metric: Metric, levels: Levels | None) -> dict[str, Any]:
    properties: list[dict[str, Any]] = [{"id": "unit", "value": UNITS[metric.unit]}]
    if levels:
        properties += [
            {"id": "min", "value": levels.low},
            {"id": "max", "value": levels.high},
            {"id": "color", "value": {"mode": "thresholds"}},
            {"id": "thresholds", "value": {"mode": "absolute", "steps": levels.steps()}},
            {"id": "custom.cellOptions", "value": {"type": "gauge", "mode": "basic", "valueDisplayMode": "text"}},
        ]
    return {"matcher": {"id": "byName", "options": name}, "properties": properties}
