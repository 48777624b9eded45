"""The choices at the top of a dashboard: data source, runner, session."""

from typing import Any, Final

from dashboards.source.influxql import RUNNER, WHEN
from dashboards.source.panels import DATASOURCE

RUNNERS: Final = 'SHOW TAG VALUES FROM "session" WITH KEY = "runner"'
SESSIONS: Final = f'SELECT DISTINCT("session_id") FROM "session" WHERE {RUNNER} AND {WHEN}'


def datasource() -> dict[str, Any]:
    """Choose the InfluxDB: panels name it by this variable, so that a dashboard fits any Grafana."""
    return {
        "name": "datasource",
        "label": "Data source",
        "description": "The InfluxDB that holds the club's runs.",
        "type": "datasource",
        "query": "influxdb",
        "refresh": 1,
    }


def _query(name: str, label: str, description: str, influxql: str, refresh: int, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "description": description,
        "type": "query",
        "datasource": DATASOURCE,
        "query": influxql,
        "refresh": refresh,
        "sort": 1,
        **more,
    }


def runner(*, everybody: bool = False) -> dict[str, Any]:
    """Choose a runner, or several where that makes sense."""
    more = {"multi": True, "includeAll": True, "allValue": ".*"} if everybody else {"multi": False, "includeAll": False}
    return _query("runner", "Runner", "Whose runs and drills.", RUNNERS, 1, **more)


def session() -> dict[str, Any]:
    """Choose sessions of the time range; asked anew when the range changes."""
    more = {"multi": True, "includeAll": True, "allValue": ".*", "current": {"text": "All", "value": "$__all"}}
    return _query("session", "Session", "Which sessions in the time range.", SESSIONS, 2, **more)
