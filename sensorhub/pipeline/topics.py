"""Topic names: what stands where, and which names may stand there."""

import functools
import unicodedata

from sensorhub.model.errors import UsageError

ROOT = "sensorhub/v1"
RESERVED_LEVELS = frozenset({"command", "status", "stored"})
MAX_LEVEL_BYTES = 128


@functools.lru_cache(maxsize=1024)
def check_level(name: str, what: str) -> str:
    """The name, fit to be one level of a topic.

    Raises
    ------
    UsageError
        When it is empty, too long, reserved, or holds ``+ # / $`` or a control character.

    """
    if not name:
        raise UsageError(f"{what} is empty: give it a name")
    if len(name.encode("utf-8", errors="replace")) > MAX_LEVEL_BYTES:
        raise UsageError(f"{what} {name[:20]!r}... is longer than {MAX_LEVEL_BYTES} bytes: shorten it")
    if name in RESERVED_LEVELS:
        raise UsageError(f"{what} {name!r} is a word that sensorhub's topics need themselves: choose another name")
    for character in name:
        # Cc control, Cs lone surrogate (no UTF-8), Cn unassigned and non-characters: a broker may close the connection
        if character in "+#/$" or unicodedata.category(character) in {"Cc", "Cs", "Cn", "Zl", "Zp"}:
            raise UsageError(f"{what} {name!r} holds {character!r}, which a topic cannot: remove it")
    return name


def record_topic(hub: str, sensor: str, kind: str) -> str:
    """Where a record is published.

    >>> record_topic("club", "clip-7", "stride")
    'sensorhub/v1/club/clip-7/stride'
    """
    return f"{ROOT}/{check_level(hub, 'hub')}/{check_level(sensor, 'sensor')}/{kind}"


def status_topic(hub: str) -> str:
    """Retained: online, or offline by the last will."""
    return f"{ROOT}/{check_level(hub, 'hub')}/status"


def home_state_topic(hub: str, sensor: str) -> str:
    """What Home Assistant is told of a sensor; under `status`, so that it is no record.

    >>> home_state_topic("club", "clip-7")
    'sensorhub/v1/club/status/clip-7'
    """
    return f"{status_topic(hub)}/{check_level(sensor, 'sensor')}"


def stored_topic(hub: str, group: str) -> str:
    """Retained: what a group of writers has in its database, see pipeline/stored.py."""
    return f"{ROOT}/{check_level(hub, 'hub')}/stored/{check_level(group, 'group')}"


def stored_filter(hub: str) -> str:
    """The filter that gets what every group has stored of this hub."""
    return f"{ROOT}/{check_level(hub, 'hub')}/stored/+"


def records_filter(share: str | None = None) -> str:
    """The filter that gets every record of every hub; with `share`, the members of a group share the work.

    It gets what is published under `command` and `stored` too: see is_record_topic.
    """
    records = f"{ROOT}/+/+/+"
    return records if share is None else f"$share/{check_level(share, 'group')}/{records}"


def is_record_topic(topic: str) -> bool:
    """Whether a topic that the filter lets through is one of a sensor's records.

    >>> is_record_topic("sensorhub/v1/club/clip/stride"), is_record_topic("sensorhub/v1/club/stored/influx")
    (True, False)
    """
    levels = topic.split("/")
    return len(levels) == 5 and levels[3] not in RESERVED_LEVELS
