"""`sensorhub write`: MQTT to InfluxDB."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sensorhub.model.status import LinkStatus


def write(
    *,
    config: Annotated[Path, typer.Option("--config", "-c", help="The settings.")] = Path("sensorhub.toml"),
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
    from sensorhub.app.writer import write_until
    from sensorhub.config import load_settings

    async def run() -> None:
        stop = asyncio.Event()
        if seconds is not None:
            asyncio.get_running_loop().call_later(seconds, stop.set)
        await write_until(load_settings(config), member, stop, _say)

    asyncio.run(run())


def _say(status: "LinkStatus") -> None:
    sys.stderr.write(f"{status.part.value} {status.health.value}: {status.detail}\n")
    sys.stderr.flush()
