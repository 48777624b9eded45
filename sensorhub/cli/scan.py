"""`sensorhub scan`: which sensors are near."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from sensorhub.cli.inputs import ConfigFile, settings_of

if TYPE_CHECKING:
    from sensorhub.adapters.ble.scan import FoundSensor


def scan(
    *,
    seconds: Annotated[float, typer.Option(min=0.2, max=120.0, help="How long to listen.")] = 5.0,
    everything: Annotated[bool, typer.Option("--all", help="Also show devices that no profile describes.")] = False,
    radio: Annotated[
        str | None,
        typer.Option(help="Not hub.radio of the settings: another adapter (hci1), or bumble:127.0.0.1:PORT."),
    ] = None,
    config: ConfigFile = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line, and nothing else.")] = False,
) -> None:
    """Show the sensors nearby, and the profile of each."""
    import asyncio

    found = asyncio.run(_scan(radio or settings_of(config).hub.radio, seconds))
    shown = [sensor for sensor in found if everything or sensor.profile is not None]
    if json:
        import msgspec

        sys.stdout.buffer.writelines(msgspec.json.encode(sensor) + b"\n" for sensor in shown)
        return
    for sensor in shown:
        typer.echo(f"{sensor.name or '-':<20} {sensor.address:<38} {sensor.rssi_dbm:>4} dBm  {sensor.profile or '-'}")
    if not shown:
        others = f", {len(found)} other devices (--all shows them)" if found else ""
        typer.echo(
            f"No sensor found in {seconds:g} s{others}. Is it charged, awake and not connected elsewhere?", err=True
        )


async def _scan(radio_choice: str | None, seconds: float) -> "list[FoundSensor]":
    from sensorhub.adapters.ble.backend import open_radio
    from sensorhub.adapters.ble.scan import scan as scan_radio
    from sensorhub.adapters.profiles import all_profiles

    radio = await open_radio(radio_choice)
    try:
        return await scan_radio(radio, all_profiles(), seconds)
    finally:
        await radio.aclose()
