"""The queries' common words. The schema is docs/adr/0014-influx-schema.md."""

from dataclasses import dataclass
from typing import Final

RUNNER: Final = '"runner" =~ /^${runner:regex}$/'
SESSION: Final = '"session_id" =~ /^${session:regex}$/'
COUNTED: Final = '"superseded" = 0'
TRUSTED: Final = "\"flags\" = ''"
WHEN: Final = "$timeFilter"
A_WHILE: Final = "time($__interval)"
A_WEEK: Final = "time(1w, 4d)"
"""Weeks that begin on Monday: InfluxDB counts them from a Thursday."""


@dataclass(frozen=True, slots=True)
class Query:
    """One target. `alias` names its series; a table has none."""

    influxql: str
    alias: str = ""
    table: bool = False


def where(*conditions: str) -> str:
    """Join conditions."""
    return " AND ".join(conditions)


def strides(select: str, *conditions: str, by: str = "", alias: str = "", table: bool = False) -> Query:
    """Ask the strides of the chosen runner and session that count."""
    group = f" GROUP BY {by}" if by else ""
    wanted = where(RUNNER, SESSION, COUNTED, *conditions, WHEN)
    return Query(f'SELECT {select} FROM "stride" WHERE {wanted}{group}', alias, table)


def ask(select: str, measurement: str, *conditions: str, by: str = "", alias: str = "", table: bool = False) -> Query:
    """Ask any measurement in the time range."""
    group = f" GROUP BY {by}" if by else ""
    return Query(f'SELECT {select} FROM "{measurement}" WHERE {where(*conditions, WHEN)}{group}', alias, table)
