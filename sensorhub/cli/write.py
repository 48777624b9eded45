"""`sensorhub write`: MQTT to InfluxDB."""

import asyncio
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from sensorhub.cli.inputs import ConfigFile, settings_of

if TYPE_CHECKING:
    from sensorhub.model.status import LinkStatus


def write(
    *,
    config: ConfigFile = None,
    member: Annotated[
        str | None, typer.Option(help="This writer's own, lasting name, where several share the work.")
    ] = None,
    seconds: Annotated[float | None, typer.Option(min=1.0, help="End by itself after so long.")] = None,
) -> None:
    """Write every record from the broker to InfluxDB.

    The hubs are told what is stored. It goes on until Ctrl-C.

    A record is acknowledged when the database has it, so nothing is lost when either is away. What the database will
    never take is set aside in refused.sqlite.
    """
    from sensorhub.app.writer import write as write_records

    asyncio.run(write_records(settings_of(config), member, seconds, _say))


def _say(status: "LinkStatus") -> None:
    sys.stderr.write(f"{status.part.value} {status.health.value}: {status.detail}\n")
    sys.stderr.flush()
