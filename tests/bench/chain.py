"""Speed of the core, as ratios to the orientation filter alone on the same data in the same run."""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from vqf import VQF

from sensorhub.formats.plain_csv import HEADER, format_rows
from sensorhub.model.gait import Stride
from sensorhub.model.samples import SampleBlock
from sensorhub.pipeline.chain import Chain
from sensorhub.pipeline.recut import recut
from sensorhub.synthetic.runner import synthesise_run
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams

HOUR_S = 3600.0
RATE_HZ = 100.0
REPEATS = 5
Row = tuple[str, str, str]

# The kernel's high-water mark of the process itself: what wait4 tells would include the benchmark's own memory.
ANALYSE_AND_TELL_PEAK = """
import sys
from sensorhub.cli.main import app
app(["analyze", sys.argv[1], "--json"], standalone_mode=False)
print(*(line for line in open("/proc/self/status") if line.startswith("VmHWM")), file=sys.stderr)
"""


def measure() -> list[Row]:
    """Rows of (what, measured, goal)."""
    hour = synthesise_run(RunnerParams(bouts=(Bout(Pace.STAND, 8.0), Bout(Pace.RUN, HOUR_S)))).block
    return [*chain_rows(hour), live_row(hour), latency_row(hour), memory_row(hour), help_row()]


def chain_rows(hour: SampleBlock) -> list[Row]:
    """The running chain and the whole one against vqf alone, each round together so that a drifting machine cancels."""
    rounds = np.array(
        [
            (
                seconds(lambda: VQF(1.0 / RATE_HZ).updateBatch(hour.gyr_radps, hour.acc_mps2)),
                seconds(lambda: whole(Chain("run"), hour)),
                seconds(lambda: whole(Chain(), hour)),
            )
            for _ in range(REPEATS)
        ]
    )
    alone_s, running_s, whole_s = np.median(rounds, axis=0)
    running, both = np.median(rounds[:, 1:] / rounds[:, :1], axis=0)
    return [
        ("vqf.updateBatch, one hour at 100 Hz", f"{alone_s * 1e3:.0f} ms", "the limit"),
        ("running chain, one hour at 100 Hz", f"{running_s * 1e3:.0f} ms", ""),
        ("running chain / vqf", f"{running:.1f}", "at most 3"),
        ("whole chain with drills, one hour at 100 Hz", f"{whole_s * 1e3:.0f} ms", ""),
        ("whole chain with drills / vqf", f"{both:.1f}", "at most 8"),
    ]


def live_row(hour: SampleBlock) -> Row:
    """Eight sensors in blocks of 50 ms: processor seconds a second of samples."""
    span_s = 60.0
    blocks = list(recut([hour.cut(0, int(span_s * RATE_HZ))], 50.0))
    chains = [Chain() for _ in range(8)]
    used_s = seconds(lambda: [chain.feed(block) for block in blocks for chain in chains])
    return ("8 sensors live, 50 ms blocks, of one core", f"{100 * used_s / span_s:.1f} %", "under 15 %")


def latency_row(hour: SampleBlock) -> Row:
    """Samples between a toe-off and its stride."""
    chain = Chain()
    delays_s = [
        block.t_s[-1] - event.toe_off_s
        for block in recut([hour.cut(0, int(600 * RATE_HZ))], 10.0)
        for event in chain.feed(block)
        if isinstance(event, Stride) and event.revision == 0
    ]
    median, p99 = np.percentile(delays_s, [50, 99]) * 1e3
    return ("toe-off to stride, of samples", f"{median:.0f} ms, p99 {p99:.0f} ms", "120 ms, p99 200 ms")


def memory_row(hour: SampleBlock) -> Row:
    """Peak memory of `analyze` on an hour of CSV, as a whole process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hour.csv"
        path.write_text(HEADER + "\n" + format_rows(hour), encoding="utf-8")
        command = [sys.executable, "-c", ANALYSE_AND_TELL_PEAK, str(path)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    return ("peak memory of analysing an hour", f"{int(told.split()[-2]) / 1024:.0f} MB", "under 300 MB")


def help_row() -> Row:
    """Start of the command."""
    command = [sys.executable, "-m", "sensorhub", "--help"]
    times = [seconds(lambda: subprocess.run(command, check=True, capture_output=True)) for _ in range(REPEATS)]
    return ("sensorhub --help", f"{statistics.median(times):.2f} s", "under 0.4 s")


def whole(chain: Chain, block: SampleBlock) -> None:
    chain.feed(block)
    chain.finish()


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds of this process and, for commands, of what it waited for; wall time where that is larger."""
    before_s, wall_s = _processor_s(), time.perf_counter()
    work()
    used_s, wall_s = _processor_s() - before_s, time.perf_counter() - wall_s
    return used_s or wall_s


def _processor_s() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)
