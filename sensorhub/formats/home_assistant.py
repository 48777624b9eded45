"""Home Assistant's MQTT discovery: a hub is a device, each sensor gives it entities; no strides."""

from typing import Any, Final

import msgspec

from sensorhub.model.metrics import Metric, metric
from sensorhub.model.session import Record
from sensorhub.model.status import SensorStatus
from sensorhub.model.summary import Summary

OFFLINE_AFTER_S: Final = 300

_STATUS: Final = ("connected", "battery_percent", "rssi_dbm", "loss_share", "outbox_depth")
_SUMMARY: Final = (
    "strides",
    "cadence_spm",
    "pelvic_drop_left_deg",
    "pelvic_drop_right_deg",
    "asymmetry_deg",
    "trusted_share",
)
_UNITS: Final = {"deg": "°", "steps/min": "spm", "%": "%", "dBm": "dBm", "share": "%", "s": "s"}
_CLASSES: Final = {"battery_percent": "battery", "rssi_dbm": "signal_strength"}
_encoder = msgspec.json.Encoder()


def device_id(hub: str) -> str:
    """The hub's id at Home Assistant, also a level of the discovery topic: letters, digits, - and _ only.

    >>> device_id("club hub")
    'sensorhub-club_20hub'
    """
    return f"sensorhub-{_plain(hub)}"


def discovery_topic(prefix: str, hub: str) -> str:
    """Where the device is announced, retained."""
    return f"{prefix}/device/{device_id(hub)}/config"


def discovery(hub: str, state_topics: dict[str, str], availability_topic: str, version: str) -> bytes:
    """Announce the hub with the entities of its sensors; `state_topics` by sensor."""
    components: dict[str, Any] = {}
    for sensor, topic in state_topics.items():
        for record_type, names in ((SensorStatus, _STATUS), (Summary, _SUMMARY)):
            for name in names:
                key = f"{device_id(hub)}-{_plain(sensor)}-{name}"
                components[key] = _component(key, sensor, metric(record_type, name), topic)
    device = {"identifiers": [device_id(hub)], "name": f"sensorhub {hub}", "manufacturer": "sensorhub"}
    origin = {"name": "sensorhub", "sw_version": version}
    announced = {
        "device": device,
        "origin": origin,
        "components": components,
        "availability_topic": availability_topic,
        "payload_available": "online",
        "payload_not_available": "offline",
        "qos": 1,
    }
    return _encoder.encode(announced)


def state_of(record: Record) -> dict[str, Any]:
    """What a record tells Home Assistant; empty for all but status and summary. Unknown is null."""
    event = record.event
    if isinstance(event, SensorStatus):
        return {name: _told(metric(SensorStatus, name), getattr(event, name)) for name in _STATUS}
    if isinstance(event, Summary):
        told = {name: _told(metric(Summary, name), getattr(event, name)) for name in _SUMMARY}
        return told | {"runner": record.session.runner}
    return {}


def _component(key: str, sensor: str, entry: Metric, topic: str) -> dict[str, Any]:
    binary = entry.unit == "yes/no"
    made: dict[str, Any] = {
        "platform": "binary_sensor" if binary else "sensor",
        "unique_id": key,
        "name": f"{sensor} {entry.label}",
        "state_topic": topic,
        "value_template": f"{{{{ value_json.{entry.name} }}}}",
    }
    if binary:
        return made | {"device_class": "connectivity", "payload_on": "True", "payload_off": "False"}
    made |= {"state_class": "measurement", "expire_after": OFFLINE_AFTER_S} if entry.name in _STATUS else {}
    more = {"unit_of_measurement": _UNITS.get(entry.unit), "device_class": _CLASSES.get(entry.name)}
    return made | {key: word for key, word in more.items() if word is not None}


def _told(entry: Metric, value: Any) -> Any:
    number = getattr(value, "mean", value)
    if number is None or isinstance(number, bool):
        return number
    return round(100.0 * number if entry.unit == "share" else number, 2)


def _plain(name: str) -> str:
    """Letters, digits and - as they are, any other character by its number."""
    return "".join(one if one.isascii() and (one.isalnum() or one == "-") else f"_{ord(one):x}" for one in name)
