"""`python -m sensorhub.adapters.virtual_sensor`: virtual sensors in a process of their own.

It prints one line of JSON when it is ready ({"event":"ready","port":N,"sensors":[...]}) and one when a sensor's motion
begins and when it ends, takes orders as lines of JSON on stdin ({"do":"vanish","sensor":"SH-0001"}; reappear, reboot),
and exits when stdin ends or on SIGTERM.
"""

import argparse
import asyncio
import json
import random
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from sensorhub.adapters.virtual_sensor.air import Air
from sensorhub.adapters.virtual_sensor.hci_server import HciServer
from sensorhub.adapters.virtual_sensor.motion import recording_blocks, runner_blocks, still_blocks
from sensorhub.adapters.virtual_sensor.native import NativeFirmware
from sensorhub.adapters.virtual_sensor.peripheral import Faults, Unit, VirtualPeripheral
from sensorhub.adapters.virtual_sensor.sampler import Sampler, Scales
from sensorhub.adapters.virtual_sensor.witmotion import SCALES as WIT_SCALES
from sensorhub.adapters.virtual_sensor.witmotion import WitMotionFirmware
from sensorhub.model.errors import SensorhubError
from sensorhub.model.samples import SampleBlock


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sensorhub.adapters.virtual_sensor", description=__doc__)
    parser.add_argument("--input", type=Path, help="a plain CSV recording; without it a made runner")
    parser.add_argument("--at-rest", action="store_true", help="no runner: a sensor that lies still")
    parser.add_argument("--personality", choices=("native", "witmotion"), default="native", help="the kind of sensor")
    parser.add_argument("--sensors", type=int, default=1, help="how many sensors play it")
    parser.add_argument("--rate-hz", type=float, default=100.0, help="of the made runner, or at rest")
    parser.add_argument("--still-s", type=float, default=86400.0, help="how long it is at rest")
    parser.add_argument("--port", type=int, default=0, help="of HCI on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--supervision-s", type=float, default=4.0, help="after which a lost link is known to be lost")
    parser.add_argument("--loss", type=float, default=0.0, help="share of packets lost")
    parser.add_argument("--corrupt", type=float, default=0.0, help="share of packets corrupted")
    parser.add_argument("--drift-ppm", type=float, default=0.0, help="error of the sensor's crystal")
    parser.add_argument("--seed", type=int, default=None, help="of everything left to chance")
    return parser.parse_args()


def _motion(arguments: argparse.Namespace, chance: random.Random) -> Iterator[SampleBlock]:
    if arguments.input is not None:
        return recording_blocks(arguments.input)
    if arguments.at_rest:
        return still_blocks(arguments.rate_hz, arguments.still_s)
    return runner_blocks(chance.randrange(1 << 31), arguments.rate_hz)


def _peripheral(arguments: argparse.Namespace, air: Air, number: int) -> VirtualPeripheral:
    chance = random.Random(None if arguments.seed is None else arguments.seed + number)  # noqa: S311 - no secrets
    motion = _motion(arguments, chance)
    faults = Faults(arguments.loss, arguments.corrupt, arguments.drift_ppm)
    unit = _UNITS[arguments.personality](number, motion, chance)
    return VirtualPeripheral(air, unit, faults, chance)


def _native_unit(number: int, motion: Iterator[SampleBlock], chance: random.Random) -> Unit:
    scales = Scales()
    sampler = Sampler(motion, scales)
    return Unit(f"SH-{number:04X}", _address(number), NativeFirmware(number, sampler.rate_hz, scales, chance), sampler)


def _witmotion_unit(number: int, motion: Iterator[SampleBlock], _chance: random.Random) -> Unit:
    sampler = Sampler(motion, WIT_SCALES)
    return Unit(f"WT901BLE{number:02d}", _address(number), WitMotionFirmware(sampler.rate_hz), sampler)


def _address(number: int) -> str:
    return f"F1:00:00:00:00:{number:02X}"


_UNITS = {"native": _native_unit, "witmotion": _witmotion_unit}


def _say(event: str, **more: object) -> None:
    print(json.dumps({"event": event, **more}), flush=True)  # noqa: T201 - the parent reads it


async def _tell(sensor: VirtualPeripheral) -> None:
    await sensor.began.wait()
    _say("began", sensor=sensor.name, unix_ns=sensor.began_unix_ns)
    await sensor.ended.wait()
    _say("ended", sensor=sensor.name)


async def _obey(sensors: dict[str, VirtualPeripheral], stop: asyncio.Event) -> None:
    """Follow the orders on stdin until it ends."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        order = json.loads(line)
        sensor = sensors[order["sensor"]]
        match order["do"]:
            case "vanish":
                sensor.vanish()
            case "reappear":
                sensor.reappear()
            case "reboot":
                await sensor.reboot()
        _say("done", **order)
    stop.set()


async def _main(arguments: argparse.Namespace) -> None:
    air = Air(arguments.supervision_s)
    sensors = [_peripheral(arguments, air, number) for number in range(1, arguments.sensors + 1)]
    for sensor in sensors:
        await sensor.start()
    server = HciServer(air)
    port = await server.start(arguments.port)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stop.set)
    tasks = [
        asyncio.create_task(doing, name=sensor.name) for sensor in sensors for doing in (sensor.run(), _tell(sensor))
    ]
    tasks.append(asyncio.create_task(_obey({sensor.name: sensor for sensor in sensors}, stop), name="orders"))
    for task in tasks:
        task.add_done_callback(lambda ended: stop.set() if not ended.cancelled() and ended.exception() else None)
    _say("ready", port=port, radio=f"bumble:127.0.0.1:{port}", sensors=[sensor.name for sensor in sensors])
    await stop.wait()
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    server.close()
    for task in tasks:
        if not task.cancelled():
            task.result()  # raises what ended it


def main() -> int:
    """Run until told to stop."""
    try:
        asyncio.run(_main(_arguments()))
    except SensorhubError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the one line for a person
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
