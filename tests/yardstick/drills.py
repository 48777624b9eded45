"""Made drills in number: how often the count is exact, and what the scenes without a drill are taken for.

python -m tests.yardstick.drills [--sets 200] > tables.md
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from sensorhub.model.exercise import BandWalkSet, ClamshellSet, DrillSet, SidePlankSet
from sensorhub.model.gait import Side, Stride
from sensorhub.model.samples import SampleBlock
from sensorhub.pipeline.chain import Chain
from sensorhub.pipeline.settled import settled
from sensorhub.synthetic.band_walk import BandWalkParams, BandWalkSetPlan, synthesise_band_walk
from sensorhub.synthetic.negatives import NOT_A_PERSONS_PELVIS, NegativeParams, Scene, synthesise_negative
from sensorhub.synthetic.sensor import SensorParams
from sensorhub.synthetic.side_plank import HoldPlan, SidePlankParams, synthesise_side_plank
from sensorhub.synthetic.standing_clamshell import ClamshellParams, ClamshellSetPlan, synthesise_clamshell
from sensorhub.synthetic.truth import SyntheticRecording, TrueSet

SETS_A_RECORDING = 4


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=int, default=200)
    recordings = max(1, parser.parse_args().sets // SETS_A_RECORDING)
    for table in (band_walk_table, side_plank_table, clamshell_table, negatives_table):
        sys.stdout.write("\n".join(table(recordings)) + "\n\n")
        sys.stdout.flush()


def events_of(block: SampleBlock) -> list:
    """What the whole chain says of a recording, with nothing told."""
    chain = Chain("auto")
    return settled([*chain.feed(block), *chain.finish()])


def paired(found: list[DrillSet], true: tuple[TrueSet, ...], kind: type) -> Iterator[tuple[TrueSet, DrillSet | None]]:
    """Each true set with the found set of its kind that covers half of it or more."""
    left = [one for one in found if isinstance(one, kind)]
    for one in true:
        best = max(left, key=lambda other: _overlap(one, other), default=None)
        if best is None or _overlap(one, best) < 0.5 * (one.end_s - one.start_s):
            yield one, None
        else:
            left.remove(best)
            yield one, best


def _overlap(one: TrueSet, other: DrillSet) -> float:
    return max(0.0, min(one.end_s, other.end_s) - max(one.start_s, other.start_s))


def band_walk_params(seed: int, rng: np.random.Generator) -> BandWalkParams:
    """A band walk as somebody might do it."""
    first = Side.LEFT if rng.random() < 0.5 else Side.RIGHT
    steps = [int(n) for n in rng.integers(8, 18, SETS_A_RECORDING)]
    return BandWalkParams(
        seed=seed,
        sets=tuple(BandWalkSetPlan(first if i % 2 == 0 else first.other, n) for i, n in enumerate(steps)),
        tempo_spm=float(rng.uniform(28, 55)),
        step_length_m=float(rng.uniform(0.18, 0.35)),
        first_surge_share=float(rng.choice([0.5, 0.65, 0.8, 1.0])),
        drop_deg=float(rng.uniform(4, 12)),
        moving_share=float(rng.uniform(0.6, 0.95)),
        pause_s=float(rng.uniform(5.5, 12)),
        sensor=SensorParams(rate_hz=float(rng.choice([60.0, 100.0, 120.0]))),
    )


def band_walk_table(recordings: int) -> list[str]:
    """Exact counts against tempo, step length, surges and rate, one at a time, the rest as it comes."""
    rows = [
        "### Band walk",
        "",
        "| | sets | found | exact count | within one | direction | not there |",
        "|---|" + "---:|" * 6,
    ]
    variants: list[tuple[str, Callable[[BandWalkParams], BandWalkParams]]] = [("as it comes", lambda p: p)]
    variants += [(f"{t} steps/min", lambda p, t=t: replace(p, tempo_spm=float(t))) for t in (20, 30, 45, 60, 75, 90)]
    variants += [(f"{m:.2f} m", lambda p, m=m: replace(p, step_length_m=m)) for m in (0.10, 0.15, 0.2, 0.3, 0.4, 0.5)]
    variants += [(f"first surge {s}", lambda p, s=s: replace(p, first_surge_share=s)) for s in (0.5, 0.65, 0.8, 1.0)]
    variants += [
        (f"{hz} Hz", lambda p, hz=hz: replace(p, sensor=replace(p.sensor, rate_hz=float(hz)))) for hz in (50, 100, 200)
    ]
    variants += [
        (f"back after {pause_s} s", lambda p, pause_s=pause_s: replace(p, pause_s=pause_s, stays_bent=True))
        for pause_s in (1.0, 2.0, 3.0)
    ]
    for label, vary in variants:
        made = (
            synthesise_band_walk(vary(band_walk_params(seed, np.random.default_rng([1, seed]))))
            for seed in range(recordings)
        )
        rows.append(_counts(label, made, BandWalkSet))
    return rows


def clamshell_table(recordings: int) -> list[str]:
    """Exact counts against how far the pelvis moves; where it hardly does, an answer of `null` is the right one."""
    rows = [
        "### Standing clamshell",
        "",
        "| pelvis turns by | sets | found | exact count | within one | side | not there | counted at all |",
        "|---|" + "---:|" * 7,
    ]
    for turn in (0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0):
        made = (clamshell(seed, turn) for seed in range(recordings))
        rows.append(_counts(f"{turn} deg", made, ClamshellSet, counted=True))
    return rows


def clamshell(seed: int, turn_deg: float) -> SyntheticRecording:
    """Clamshells as somebody might do them, on a pelvis that turns so far."""
    rng = np.random.default_rng([2, seed])
    reps = [int(n) for n in rng.integers(8, 16, SETS_A_RECORDING)]
    sides = [Side.LEFT if (i + seed) % 2 else Side.RIGHT for i in range(SETS_A_RECORDING)]
    return synthesise_clamshell(
        ClamshellParams(
            seed=seed,
            sets=tuple(ClamshellSetPlan(side, n) for side, n in zip(sides, reps, strict=True)),
            tempo_s=float(rng.uniform(2.0, 4.0)),
            turn_deg=turn_deg,
            drop_deg=0.3 * turn_deg,
            pause_s=float(rng.uniform(5.0, 10.0)),
            sensor=SensorParams(rate_hz=float(rng.choice([60.0, 100.0, 120.0]))),
        )
    )


def _counts(label: str, made: Iterator[SyntheticRecording], kind: type, *, counted: bool = False) -> str:
    sets = found = exact = near = side_right = extra = told = 0
    for recording in made:
        events = [one for one in events_of(recording.block) if isinstance(one, DrillSet)]
        pairs = list(paired(events, recording.truth.sets, kind))
        extra += len(events) - sum(other is not None for _, other in pairs)
        for true, other in pairs:
            sets += 1
            if other is None:
                continue
            found += 1
            count = other.steps if isinstance(other, BandWalkSet) else getattr(other, "reps", None)
            told += count is not None
            exact += count == true.count
            near += count is not None and abs(count - (true.count or 0)) <= 1
            side_right += (true.direction or true.side) is (
                other.direction if isinstance(other, BandWalkSet) else other.side
            )
    share = [f"{100 * n / max(sets, 1):.1f} %" for n in (found, exact, near, side_right)]
    cells = [label, str(sets), *share, str(extra)]
    return "| " + " | ".join([*cells, f"{100 * told / max(sets, 1):.1f} %"] if counted else cells) + " |"


def side_plank_table(recordings: int) -> list[str]:
    """Holds found, sides right, and how far the hold time is off."""
    rows = [
        "### Side plank",
        "",
        "| | holds | found | side | median error | worst error | leg lift right | not there |",
        "|---|" + "---:|" * 7,
    ]
    variants: list[tuple[str, Callable[[SidePlankParams], SidePlankParams]]] = [
        ("as it comes", lambda p: p),
        ("dips of 0.8 s", lambda p: replace(p, holds=tuple(replace(one, dips_s=(8.0, 14.0)) for one in p.holds))),
        ("lift of 10 deg", lambda p: replace(p, lift_deg=10.0)),
        ("lift of 20 deg", lambda p: replace(p, lift_deg=20.0)),
        ("stands between", lambda p: replace(p, stands_between=True)),
        ("50 Hz", lambda p: replace(p, sensor=replace(p.sensor, rate_hz=50.0))),
    ]
    for label, vary in variants:
        made = (
            synthesise_side_plank(vary(side_plank_params(seed, np.random.default_rng([3, seed]))))
            for seed in range(recordings)
        )
        rows.append(_holds(label, made))
    return rows


def side_plank_params(seed: int, rng: np.random.Generator) -> SidePlankParams:
    """Side planks as somebody might do them."""
    first = Side.LEFT if rng.random() < 0.5 else Side.RIGHT
    holds = tuple(
        HoldPlan(
            first if i % 2 == 0 else first.other,
            float(rng.uniform(18, 40)),
            float(rng.uniform(0, 5)),
            leg_lift_s=float(rng.uniform(5, 10)) if rng.random() < 0.3 else None,
        )
        for i in range(2)
    )
    return SidePlankParams(
        seed=seed,
        holds=holds,
        lift_deg=float(rng.uniform(10, 20)),
        lift_s=float(rng.uniform(0.6, 1.2)),
        shake_deg=float(rng.uniform(0.1, 0.6)),
        rest_s=float(rng.uniform(6, 15)),
        sensor=SensorParams(rate_hz=float(rng.choice([60.0, 100.0, 120.0]))),
    )


def _holds(label: str, made: Iterator[SyntheticRecording]) -> str:
    holds = found = side_right = extra = lifts_told = lifts_right = 0
    errors = []
    for recording in made:
        events = [one for one in events_of(recording.block) if isinstance(one, DrillSet)]
        pairs = list(paired(events, recording.truth.sets, SidePlankSet))
        extra += len(events) - sum(other is not None for _, other in pairs)
        for true, other in pairs:
            holds += 1
            if not isinstance(other, SidePlankSet):
                continue
            found += 1
            side_right += other.side is true.side
            errors.append(abs(other.hold_s - (true.hold_s or 0.0)))
            if other.leg_lift is not None:
                lifts_told += 1
                lifts_right += other.leg_lift == true.leg_lift
    share = [f"{100 * n / max(holds, 1):.1f} %" for n in (found, side_right)]
    error = [f"{value:.2f} s" for value in (np.median(errors), np.max(errors))] if errors else ["-", "-"]
    return "| " + " | ".join([label, str(holds), *share, *error, f"{lifts_right} of {lifts_told}", str(extra)]) + " |"


def negatives_table(recordings: int) -> list[str]:
    """Sets and strides found where there are none; of strides the share at quality 0.3 or more."""
    rows = [
        "### Scenes without a drill",
        "",
        "| scene | minutes | drill sets | strides | quality 0.3 or more |",
        "|---|" + "---:|" * 4,
    ]
    for scene in Scene:
        count = max(1, recordings // 5)
        sets = strides = believed = 0
        for seed in range(count):
            sensor = SensorParams(rate_hz=(60.0, 100.0, 200.0)[seed % 3])
            events = events_of(synthesise_negative(NegativeParams(scene, seed, 120.0, sensor)).block)
            sets += sum(isinstance(one, DrillSet) for one in events)
            made = [one for one in events if isinstance(one, Stride)]
            strides += len(made)
            believed += sum(one.quality >= 0.3 and not one.flags for one in made)
        note = " (no pelvis)" if scene in NOT_A_PERSONS_PELVIS else ""
        rows.append(f"| {scene.value}{note} | {2 * count} | {sets} | {strides} | {believed} |")
    return rows


if __name__ == "__main__":
    main()
