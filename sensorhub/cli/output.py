"""What every command that prints events shares: records for programs, lines for people, warnings on stderr."""

import sys
from collections.abc import Iterable

from sensorhub.formats.records import encode_event
from sensorhub.model.events import Event


def write_events(events: Iterable[Event], *, as_json: bool) -> None:
    """Write events to stdout: one JSON object a line and nothing else, or a line each for people."""
    if as_json:
        sys.stdout.buffer.writelines(encode_event(event) + b"\n" for event in events)
        return
    from sensorhub.cli.terminal import print_events

    print_events(events)


def warn(line: str) -> None:
    """Write one line that matters, but ends nothing, to stderr."""
    sys.stderr.write(f"sensorhub: {line}\n")
