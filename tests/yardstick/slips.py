"""How soon a clip that slips on somebody's recorded run is noticed.

    python -m tests.yardstick.slips ../shared/data/running > table.md

The run of each recording is repeated from one left contact to another, the clip turned at some moment of it, smoothly
within 0.4 s.
"""

import sys
from pathlib import Path

import numpy as np

from sensorhub.analysis.alignment.aligner import Aligner
from sensorhub.dsp.front_end import FrontEnd
from sensorhub.model.alignment import Alignment
from sensorhub.model.gait import Side
from sensorhub.model.samples import SampleBlock
from sensorhub.synthetic.clip import Slip, carried_by, slip_turning
from tests.yardstick.robustness import read_case
from tests.yardstick.scoring import Case

TIMES = 4
SLIP_S = (17.0, 22.0, 60.0, 90.0)
SLIPS = {  # axis in the pelvis frame, and angles, deg
    "aside": ((1.0, 0.0, 0.0), (8.0, 10.0, 15.0)),
    "ahead": ((0.0, 1.0, 0.0), (15.0, 20.0)),
    "about the vertical": ((0.0, 0.0, 1.0), (20.0, 30.0, 90.0, 180.0)),
}


def main() -> None:
    """Print the table."""
    cases = [read_case(path) for path in sorted(Path(sys.argv[1]).glob("*.csv"))]
    sys.stdout.write(slip_table(cases))


def slip_table(cases: list[Case]) -> str:
    """One row for each way and size: how many of all are noticed, and how long after the slip."""
    runs = [(block, *noticed_s(block)) for block in (repeated(case) for case in cases)]
    lines = [
        "### A clip that slips",
        "",
        "| slip | trials | noticed | after, s, median | worst |",
        "|---|---:|---:|---:|---:|",
    ]
    for way, (axis, sizes_deg) in SLIPS.items():
        for size_deg in sizes_deg:
            late_s = [
                after
                for number, (block, _, alignment) in enumerate(runs)
                for slip_s in SLIP_S
                for after in _after(block, alignment, axis, size_deg, slip_s + 0.17 * number)
            ]
            trials = len(runs) * len(SLIP_S)
            lines.append(
                f"| {size_deg:.0f} deg {way} | {trials} | {len(late_s)} | {np.median(late_s):.1f} | {max(late_s):.1f} |"
            )
    false = sum(len(times_s) for _, times_s, _ in runs)
    return "\n".join([*lines, f"| none | {len(runs)} | {false} | - | - |"]) + "\n"


def repeated(case: Case) -> SampleBlock:
    """The recording with its run several times over, from the second left contact to the last but one."""
    block = case.block
    left_s = [step.initial_contact_s for step in case.truth if step.side is Side.LEFT]
    first, last = np.searchsorted(block.t_s, [left_s[1], left_s[-2]])
    index = np.concatenate([np.arange(last), *[np.arange(first, last)] * (TIMES - 1)])
    step_s = float(np.median(np.diff(block.t_s)))
    return SampleBlock(block.t_s[0] + step_s * np.arange(len(index)), block.acc_mps2[index], block.gyr_radps[index])


def noticed_s(block: SampleBlock) -> tuple[list[float], Alignment]:
    """When slips were noticed, and the last alignment."""
    front_end, aligner = FrontEnd(), Aligner()
    blocks = [part for motion in front_end.feed(block).motion for part in aligner.feed(motion)] + aligner.finish()
    mountings = [(part.alignment.mounting, float(part.motion.t_s[0])) for part in blocks if part.alignment is not None]
    first_s = dict(reversed(mountings))
    if aligner.alignment is None:
        raise ValueError("no gait was found in a run")
    return [t_s for number, t_s in sorted(first_s.items()) if number > 0], aligner.alignment


def _after(
    block: SampleBlock, alignment: Alignment, axis: tuple[float, float, float], size_deg: float, slip_s: float
) -> list[float]:
    """How long after it a slip about an axis of the pelvis was first noticed; nothing if it was not."""
    left, up = np.array(alignment.left_sensor), np.array(alignment.up_sensor)
    in_sensor = axis[0] * np.cross(left, up) + axis[1] * left + axis[2] * up
    turning = slip_turning(Slip(slip_s, size_deg, tuple(in_sensor)), block.t_s)
    force, rate = carried_by(block.acc_mps2, block.gyr_radps, [turning])
    times_s, _ = noticed_s(SampleBlock(block.t_s, force, rate))
    return [t_s - slip_s for t_s in times_s if t_s > slip_s][:1]


if __name__ == "__main__":
    main()
