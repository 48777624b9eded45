"""Score recordings with truth, and variants of them, and print markdown tables.

    python -m tests.yardstick.robustness ../shared/data/running [--mountings 20] [--only TEXT] > tables.md

Nothing is fitted here: each runner alone, and all but each, show how far the result hangs on one of them. What the
contact model loses for a runner who was not in its fit is in docs/methods.md.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from sensorhub.adapters.plain_recording import read_plain_recording
from sensorhub.analysis.agreement import agreement
from sensorhub.formats.truth import decode_truth_json
from sensorhub.model.gait import Flag
from sensorhub.model.samples import SampleBlock
from tests.yardstick.scoring import Case, goals, markdown, measured, scored
from tests.yardstick.variants import lossy, mirrored, remounted, resampled, stretched

LOSSES = ((0.0, 1.0), (0.01, 1.0), (0.05, 1.0), (0.10, 1.0), (0.20, 1.0), (0.05, 4.0), (0.10, 4.0), (0.20, 4.0))


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", type=Path)
    parser.add_argument("--mountings", type=int, default=20)
    parser.add_argument("--only", default="")
    chosen = parser.parse_args()
    cases = [read_case(path) for path in sorted(chosen.recordings.glob("*.csv")) if chosen.only in path.name]
    if not cases:
        sys.exit(f"{chosen.recordings}: holds no recording with truth.")
    for table in tables(cases, chosen.mountings):
        sys.stdout.write(table + "\n")
        sys.stdout.flush()


def read_case(path: Path) -> Case:
    """A recording and the truth beside it; the runner is the first part of its name."""
    block = SampleBlock.joined(list(read_plain_recording(path)))
    truth_path = path.with_name(path.stem + ".truth.json")
    return Case(
        path.stem, path.stem.split("_")[0], block, tuple(decode_truth_json(truth_path.read_bytes(), str(truth_path)))
    )


def tables(cases: list[Case], mountings: int) -> Iterator[str]:
    """Each table in turn."""
    as_is = {case.name: scored(case) for case in cases}
    yield markdown("All recordings", [("as recorded", goals(list(as_is.values())))])
    groups = sorted({case.group for case in cases})
    yield markdown(
        "Each runner alone, and all but each",
        [
            row
            for number, group in enumerate(groups, 1)
            for row in (
                (f"runner {number}", goals([as_is[case.name] for case in cases if case.group == group])),
                (f"all but {number}", goals([as_is[case.name] for case in cases if case.group != group])),
            )
        ],
    )
    yield markdown(
        "Mounted anew, at random", [_pool(cases, f"mounting {k + 1}", _mounting(k)) for k in range(mountings)]
    )
    yield markdown(
        "Resampled",
        [_pool(cases, f"{hz:.0f} Hz", lambda case, hz=hz: resampled(case, hz)) for hz in (52.0, 100.0, 208.0)],
    )
    yield markdown(
        "Stretched in time and mirrored",
        [
            *(
                _pool(cases, f"x {factor}", lambda case, factor=factor: stretched(case, factor))
                for factor in (0.93, 1.08)
            ),
            _pool(cases, "mirrored", mirrored),
        ],
    )
    yield loss_table(cases)


def _mounting(number: int) -> Callable[[Case], Case]:
    return lambda case: remounted(case, np.random.default_rng([number, len(case.block)]))


def _pool(cases: list[Case], label: str, variant: Callable[[Case], Case]) -> tuple[str, dict[str, float]]:
    return label, goals([scored(variant(case)) for case in cases])


def loss_table(cases: list[Case]) -> str:
    """R10: strides found against no loss, strides across a gap that carry no flag, and the error of what is trusted."""
    lines = ["### Packets of ten samples lost", ""]
    lines.append(
        "| lost | strides found | of no loss | across a gap without a flag | drop RMSE, all | drop RMSE, unflagged |"
    )
    lines.append("|---|---:|---:|---:|---:|---:|")
    whole = 0
    for share, burst in LOSSES:
        found = unflagged_across = 0
        every: list[float] = []
        trusted: list[float] = []
        for case in cases:
            worse = lossy(case, share, burst, np.random.default_rng([7, len(case.block)]))
            strides = measured(worse.block)
            found += len(strides)
            unflagged_across += _across_without_flag(worse.block, strides)
            for pair in agreement(strides, worse.truth).pairs:
                if pair.found.pelvic_drop_deg is not None and pair.true.pelvic_drop_deg is not None:
                    error = pair.found.pelvic_drop_deg - pair.true.pelvic_drop_deg
                    every.append(error)
                    if not pair.found.flags:
                        trusted.append(error)
        whole = whole or found
        label = f"{100 * share:.0f} %" + ("" if burst == 1.0 else f", bursts of {burst:.0f}")
        lines.append(
            f"| {label} | {found} | {100 * found / whole - 100:+.2f} % | {unflagged_across} "
            f"| {_rms(every)} | {_rms(trusted)} |"
        )
    return "\n".join(lines) + "\n"


def _across_without_flag(block: SampleBlock, strides: list) -> int:
    step_s = float(np.median(np.diff(block.t_s)))
    holes = np.flatnonzero(np.diff(block.t_s) > 1.5 * step_s)
    starts, ends = block.t_s[holes], block.t_s[holes + 1]
    # A stride runs from the same foot's contact before it.
    return sum(
        bool(((starts < one.toe_off_s) & (ends > one.initial_contact_s - (one.stride_time_s or 0.0))).any())
        and Flag.GAP not in one.flags
        for one in strides
    )


def _rms(values: list[float]) -> str:
    return f"{np.sqrt(np.mean(np.square(values))):.2f}" if values else "-"


if __name__ == "__main__":
    main()
