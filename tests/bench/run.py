"""`make bench`: every speed and size that sensorhub promises, with a peer or the limit beside it."""

import gc
import platform
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sensorhub.cli.main import COLLECT_EVERY
from tests.bench import chain, delivery, influx, live_way, page

PARTS = [chain, delivery, page, influx, live_way]


def main() -> None:
    gc.set_threshold(*COLLECT_EVERY)
    print(f"{platform.machine()}, {_processor()}, Python {platform.python_version()}; medians, shared machine\n")
    print("| what | measured | goal |\n|---|---|---|")
    for part in PARTS:
        for row in part.measure():
            print("| " + " | ".join(row) + " |", flush=True)


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} x {names[0]}" if names else platform.processor()


if __name__ == "__main__":
    main()
