"""`sensorhub outbox`: what waits to be sent, and what was given up."""

import json
import sys
from typing import Annotated

import typer

from sensorhub.cli.inputs import ConfigFile, settings_of


def outbox(
    seqs: Annotated[list[int] | None, typer.Argument(metavar="[SEQ]...", help="With --retry: only these.")] = None,
    *,
    retry: Annotated[bool, typer.Option("--retry", help="Queue the dead letters again, all or those named.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Queue every record that is still here, for a database that lost its own.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    config: ConfigFile = None,
) -> None:
    """Show what waits to be sent, and the dead letters.

    The service may be running.
    """
    from dataclasses import asdict

    from sensorhub.app.outbox import look_into_outbox
    from sensorhub.formats.records import rfc3339
    from sensorhub.model.errors import UsageError

    if seqs and not retry:
        raise UsageError("Numbers go with --retry.")
    view = look_into_outbox(settings_of(config), (seqs or []) if retry else None, everything=everything)
    if as_json:
        letters = [asdict(letter) | {"payload": letter.payload.decode()} for letter in view.dead_letters]
        sys.stdout.write(json.dumps(asdict(view) | {"dead_letters": letters}) + "\n")
        return
    if retry or everything:
        sys.stdout.write(f"{view.queued} records are queued again; a running service sends them within 30 s.\n")
    sys.stdout.write(f"{view.unsent} to be sent, {view.unconfirmed} not yet confirmed as stored.\n")
    sys.stdout.write(f"{len(view.dead_letters)} dead letters.\n")
    for letter in view.dead_letters:
        since = rfc3339(letter.since_unix_ns)[:19]
        sys.stdout.write(f"{letter.seq}  {since}  {letter.tries} tries  {letter.topic}  {letter.reason}\n")
