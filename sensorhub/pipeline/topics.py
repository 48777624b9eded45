"""Topic names: what stands where, and which names may stand there."""

import unicodedata

from sensorhub.model.errors import UsageError

ROOT = "sensorhub/v1"
RESERVED_LEVELS = frozenset({"command", "status", "stored"})
MAX_LEVEL_BYTES = 128


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


def stored_topic(hub: str) -> str:
    """Retained: what the writer has in the database, see pipeline/stored.py."""
    return f"{ROOT}/{check_level(hub, 'hub')}/stored"


def all_records(share: str | None = None) -> str:
    """The filter that gets every record of every hub; with `share`, the members of that group share the work."""
    every = f"{ROOT}/+/+/+"
    return every if share is None else f"$share/{check_level(share, 'share')}/{every}"
