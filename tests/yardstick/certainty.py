"""How sure is sure: false alarms and power of the verdict, cover of the intervals, and whether quality is honest.

python -m tests.yardstick.certainty [--pairs 200] [--recordings ../shared/data/running] > tables.md
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from sensorhub.analysis.change import Verdict, changes_since
from sensorhub.model.gait import Side
from sensorhub.model.summary import Summary
from sensorhub.model.truth import ReferenceStride
from sensorhub.pipeline.chain import Chain
from sensorhub.synthetic.clip import Impact, Slip
from sensorhub.synthetic.runner import synthesise_run
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams, Style, Turn
from sensorhub.synthetic.sensor import PacketLoss, SensorParams
from sensorhub.synthetic.truth import SyntheticRecording
from tests.yardstick.robustness import read_case
from tests.yardstick.scoring import Case, scored
from tests.yardstick.variants import lossy

WOBBLE_DEG = 0.4
"""A clip wobbles by up to this at each contact, another way each time it is put on."""


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--recordings", type=Path)
    chosen = parser.parse_args()
    cases = [read_case(path) for path in sorted(chosen.recordings.glob("*.csv"))] if chosen.recordings else []
    for table in (change_table(chosen.pairs), quality_table(cases)):
        sys.stdout.write("\n".join(table) + "\n\n")
        sys.stdout.flush()


def runner(seed: int) -> Style:
    """Somebody, always the same for a seed."""
    rng = np.random.default_rng([11, seed])
    speed = float(rng.uniform(2.5, 3.8))
    return Style(
        speed_mps=speed,
        cadence_spm=float(np.clip(160 + 7 * (speed - 2.5) + 6 * rng.standard_normal(), 145, 195)),
        duty_factor=float(np.clip(0.36 - 0.04 * (speed - 2.5) + 0.01 * rng.standard_normal(), 0.28, 0.40)),
        drop_left_deg=float(rng.uniform(2, 7)),
        drop_right_deg=float(rng.uniform(2, 7)),
        lean_deg=float(rng.uniform(3, 10)),
        mass_kg=float(rng.uniform(50, 90)),
    )


def session(style: Style, seed: int, strides_a_side: int = 60) -> tuple[Summary, SyntheticRecording]:
    """One run of somebody: clip put on anew, another sensor of the same kind, strides drawn anew."""
    rng = np.random.default_rng([12, seed])
    duration_s = 2 * (strides_a_side + 4) * 60 / style.cadence_spm
    recording = synthesise_run(
        RunnerParams(
            seed=seed,
            style=style,
            bouts=(Bout(Pace.STAND, 8.0), Bout(Pace.RUN, duration_s)),
            impact=Impact(shock_g=float(rng.uniform(0, 2.5)), wobble_deg=float(rng.uniform(0, WOBBLE_DEG))),
            sensor=SensorParams(rate_hz=100.0, mount="random"),
        )
    )
    return summary_of(recording), recording


def summary_of(recording: SyntheticRecording) -> Summary:
    """What the chain sums a recording up to."""
    chain = Chain("run")
    chain.feed(recording.block)
    (summary,) = [event for event in chain.finish() if isinstance(event, Summary)]
    return summary


def change_table(pairs: int) -> list[str]:
    """Pairs of sessions of the same runner, without a change, and with the left side 1.5 deg more."""
    rows = ["### Has it changed since last time?", ""]
    rows += [
        "| true change of the left drop | pairs | said to have changed | seen on the left | session means off, SD |"
    ]
    rows += ["|---|---:|---:|---:|---:|"]
    for change_deg in (0.0, 1.5):
        said = seen = unknown = 0
        off: list[float] = []
        for pair in range(pairs):
            style = runner(pair)
            after = replace(style, drop_left_deg=style.drop_left_deg + change_deg)
            (before, one), (now, two) = session(style, 2 * pair), session(after, 2 * pair + 1)
            off += _mean_errors(before, one) + _mean_errors(now, two)
            left, right = changes_since(before, now)
            unknown += left.verdict is Verdict.UNKNOWN
            said += any(side.verdict in {Verdict.MORE, Verdict.LESS} for side in (left, right))
            seen += left.verdict is Verdict.MORE
        label = "none" if not change_deg else f"{change_deg:+.1f} deg"
        spread = f"{np.sqrt(np.mean(np.square(off))):.2f} deg" if off else "-"
        rows.append(f"| {label} | {pairs} | {100 * said / pairs:.1f} % | {100 * seen / pairs:.1f} % | {spread} |")
        if unknown:
            rows.append(f"| | of these {unknown} unknown | | | |")
    return rows


def _mean_errors(summary: Summary, recording: SyntheticRecording) -> list[float]:
    """Session mean less the mean of the true strides, both sides."""
    errors = []
    for side, estimate in ((Side.LEFT, summary.pelvic_drop_left_deg), (Side.RIGHT, summary.pelvic_drop_right_deg)):
        true = [step.drop for step in recording.truth.steps[6:] if step.side is side]
        if estimate is not None:
            errors.append(estimate.mean - float(np.mean(true)))
    return errors


def troubled(seed: int) -> Case:
    """A run with something the matter: turns, a slip, losses, a wobbling clip, or a low range."""
    rng = np.random.default_rng([13, seed])
    sensor = SensorParams(
        rate_hz=float(rng.choice([60.0, 100.0, 200.0])),
        acc_range_g=float(rng.choice([4.0, 8.0, 16.0])),
        loss=PacketLoss(float(rng.choice([0.0, 0.03, 0.1])), 10, float(rng.choice([1.0, 3.0]))),
    )
    recording = synthesise_run(
        RunnerParams(
            seed=seed,
            style=runner(seed),
            bouts=(Bout(Pace.STAND, 8.0), Bout(Pace.RUN, 60.0)),
            turns=(Turn(25.0, 90.0), Turn(45.0, -180.0, 4.0)) if rng.random() < 0.5 else (),
            slips=(Slip(40.0, 15.0, (1.0, 0.3, 0.2)),) if rng.random() < 0.3 else (),
            impact=Impact(shock_g=float(rng.uniform(0, 4)), wobble_deg=float(rng.uniform(0, 2))),
            sensor=sensor,
        )
    )
    return Case(f"made {seed}", "made", recording.block, reference(recording))


def reference(recording: SyntheticRecording) -> tuple[ReferenceStride, ...]:
    """A made truth as a laboratory's."""
    return tuple(ReferenceStride(one.t_ic, one.t_to, one.side, one.drop, one.exc) for one in recording.truth.steps)


def quality_table(cases: list[Case], made: int = 24) -> list[str]:
    """RMS error of the drop of the best half of all strides by quality, and of the worst tenth."""
    rows = [
        "### Is quality honest?",
        "",
        "| strides of | n | drop RMSE, best half | worst tenth | times |",
        "|---|---:|---:|---:|---:|",
    ]
    pools: list[tuple[str, Iterator[Case]]] = [("made runs with troubles", (troubled(seed) for seed in range(made)))]
    if cases:
        pools.append(("recordings", iter(cases)))
        rng = np.random.default_rng(14)
        pools.append(("recordings with 5 % of packets lost", (lossy(case, 0.05, 2.0, rng) for case in cases)))
    every: list[tuple[float, float]] = []
    for label, pool in pools:
        graded = [
            (pair.found.quality, pair.found.pelvic_drop_deg - pair.true.pelvic_drop_deg)
            for case in pool
            for pair in scored(case).pairs
            if pair.found.pelvic_drop_deg is not None and pair.true.pelvic_drop_deg is not None
        ]
        rows.append(_graded_row(label, graded))
        every += graded
    return [*rows, _graded_row("all of these", every)]


def _graded_row(label: str, graded: list[tuple[float, float]]) -> str:
    if len(graded) < 20:
        return f"| {label} | {len(graded)} | - | - | - |"
    by_quality = np.array(sorted(graded))
    worst, best = by_quality[: len(graded) // 10, 1], by_quality[len(graded) // 2 :, 1]
    errors = [float(np.sqrt(np.mean(part**2))) for part in (best, worst)]
    return f"| {label} | {len(graded)} | {errors[0]:.2f} deg | {errors[1]:.2f} deg | {errors[1] / errors[0]:.1f} |"


if __name__ == "__main__":
    main()
