"""Hub health: batteries, radio, losses, and how far the outbox is behind."""

from typing import Any, Final

from dashboards.source import page, panels, variables
from dashboards.source.influxql import A_WHILE, ask
from dashboards.source.levels import BATTERY, LATENCY, LOSS, OUTBOX, SIGNAL
from dashboards.source.panels import Levels, Panel
from sensorhub.model.metrics import metric
from sensorhub.model.status import Gap, SensorStatus
from sensorhub.model.summary import Summary

BY_SENSOR: Final = f'{A_WHILE}, "sensor" fill(none)'


def dashboard() -> dict[str, Any]:
    """Every sensor and the way from it."""
    text = "Sensors and hubs: batteries, radio, losses, latency, and records that wait to be stored."
    shown = [_batteries(), _latest(), *_over_time(), *_losses()]
    return page.dashboard("sensorhub-hub-health", "Hub health", text, [variables.datasource()], shown, "now-24h")


def _batteries() -> Panel:
    last = ask('last("battery_percent")', "sensor", by='"sensor"', alias="$tag_sensor")
    battery = metric(SensorStatus, "battery_percent")
    return panels.bar_gauge(battery, "Batteries", "The latest of each sensor.", last, BATTERY, 8)


def _latest() -> Panel:
    judged = {
        "connected": None,
        "rssi_dbm": SIGNAL,
        "rate_hz": None,
        "loss_share": LOSS,
        "latency_s": LATENCY,
        "outbox_depth": None,
    }
    select = ", ".join(f'last("{name}") AS "{metric(SensorStatus, name).label}"' for name in judged)
    columns = {metric(SensorStatus, name).label: (metric(SensorStatus, name), level) for name, level in judged.items()}
    text = "What each sensor said last in the time range."
    return panels.table("Sensors", text, [ask(select, "sensor", by='"sensor", "runner"', table=True)], columns, 16)


def _line(name: str, select: str, more: str, levels: Levels) -> Panel:
    entry = metric(SensorStatus, name)
    query = ask(f'{select}("{name}")', "sensor", by=BY_SENSOR, alias="$tag_sensor")
    return panels.over_time(entry, entry.label, more, [query], levels=levels)


def _over_time() -> list[Panel]:
    return [
        _line("battery_percent", "min", "A line that falls faster than the others is an old battery.", BATTERY),
        _line("rssi_dbm", "mean", "Move the hub, or the runner's phone, when it sinks.", SIGNAL),
        _line("loss_share", "max", "The worst of each moment.", LOSS),
        _line("latency_s", "max", "The slowest of each moment; a cue needs it under 0.15 s.", LATENCY),
        _line("outbox_depth", "max", "Rising: broker, writer or database is down; nothing is lost.", OUTBOX),
    ]


def _losses() -> list[Panel]:
    gaps, rejected = metric(Gap, "samples"), metric(Summary, "rejected_samples")
    lost = ask('sum("gap_samples")', "sensor", by=BY_SENSOR, alias="$tag_sensor")
    refused = ask('sum("rejected_samples")', "session", by=BY_SENSOR, alias="$tag_sensor")
    return [
        panels.bars(gaps, "Gaps", "By sensor.", [lost]),
        panels.bars(rejected, "Rejected samples", "By sensor; many mean a fault in it.", [refused]),
    ]
