"""A whole dashboard as Grafana 11 to 13 read it."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from dashboards.source.panels import Panel

SCHEMA_VERSION: Final = 39
COLUMNS: Final = 24


def dashboard(
    uid: str, title: str, description: str, variables: Iterable[dict[str, Any]], panels: Sequence[Panel], since: str
) -> dict[str, Any]:
    """The whole page: panels flow from left to right."""
    placed, x, y, row_height = [], 0, 0, 0
    for number, panel in enumerate(panels, start=1):
        if x + panel.width > COLUMNS:
            x, y, row_height = 0, y + row_height, 0
        placed.append(panel.json(number, x, y))
        x, row_height = x + panel.width, max(row_height, panel.height)
    return {
        "uid": uid,
        "title": title,
        "description": description,
        "tags": ["sensorhub"],
        "schemaVersion": SCHEMA_VERSION,
        "editable": True,
        "timezone": "browser",
        "time": {"from": since, "to": "now"},
        "refresh": "",
        "graphTooltip": 1,
        "links": [{"type": "dashboards", "tags": ["sensorhub"], "title": "sensorhub", "keepTime": True}],
        "annotations": {"list": []},
        "templating": {"list": list(variables)},
        "panels": placed,
    }
