"""The yardstick's fourteen goals, in process, so that hundreds of variants of recordings can be scored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sensorhub.analysis.agreement import Agreement, agreement, intraclass_correlation, left_right_difference_error_deg
from sensorhub.model.gait import Side, Stride
from sensorhub.model.samples import SampleBlock
from sensorhub.model.truth import ReferenceStride
from sensorhub.pipeline.chain import Chain
from sensorhub.pipeline.settled import settled

GOALS = (
    ("F1", 0.995, 1),
    ("side", 0.995, 1),
    ("IC bias, ms", 10.0, -1),
    ("IC SD, ms", 12.0, -1),
    ("TO bias, ms", 10.0, -1),
    ("TO SD, ms", 15.0, -1),
    ("contact RMSE, ms", 18.0, -1),
    ("drop RMSE, deg", 0.50, -1),
    ("drop bias, deg", 0.20, -1),
    ("drop r", 0.95, 1),
    ("drop ICC", 0.95, 1),
    ("excursion RMSE, deg", 0.60, -1),
    ("worst mean, deg", 0.70, -1),
    ("L-R RMSE, deg", 0.40, -1),
)


@dataclass(frozen=True, slots=True)
class Case:
    """A recording with its truth. group: whose it is."""

    name: str
    group: str
    block: SampleBlock
    truth: tuple[ReferenceStride, ...]


def measured(block: SampleBlock, activity: str = "run") -> list[Stride]:
    """All strides of a recording, fed in pieces of ten seconds."""
    chain = Chain(activity)
    events = []
    for start in range(0, len(block), 1000):
        events += chain.feed(block.cut(start, start + 1000))
    events += chain.finish()
    return [event for event in settled(events) if isinstance(event, Stride)]


def scored(case: Case) -> Agreement:
    """The agreement of one case."""
    return agreement(measured(case.block), case.truth)


def goals(results: Sequence[Agreement]) -> dict[str, float]:
    """The fourteen numbers over all recordings together."""
    pairs = [pair for result in results for pair in result.pairs]
    true, found = sum(one.true for one in results), sum(one.found for one in results)
    told = [pair.found.side is pair.true.side for pair in pairs if pair.true.side is not None]
    contact, toe_off = _differences(results, "initial contact"), _differences(results, "toe-off")
    duration, drop = _differences(results, "contact time"), _differences(results, "drop")
    means = [abs(limit.bias) for one in results if (limit := one.limit("drop")) is not None]
    both = [error for one in results if (error := left_right_difference_error_deg(one)) is not None]
    agreeing = [_side_agreement(pairs, side) for side in Side]
    values = (
        2 * len(pairs) / max(true + found, 1),
        float(np.mean(told)) if told else np.nan,
        abs(1e3 * _mean(contact)),
        1e3 * _sd(contact),
        abs(1e3 * _mean(toe_off)),
        1e3 * _sd(toe_off),
        1e3 * _rms(duration),
        _rms(drop),
        abs(_mean(drop)),
        min(one[0] for one in agreeing),
        min(one[1] for one in agreeing),
        _rms(_differences(results, "excursion")),
        max(means, default=np.nan),
        _rms(np.array(both)),
    )
    return {name: value for (name, _, _), value in zip(GOALS, values, strict=True)}


def met(values: dict[str, float]) -> int:
    """How many of the fourteen goals are met."""
    return sum(values[name] >= goal if sign > 0 else values[name] <= goal for name, goal, sign in GOALS)


def markdown(title: str, rows: Iterable[tuple[str, dict[str, float]]]) -> str:
    """A table of one row a variant; a number that misses its goal is bold."""
    head = [f"### {title}", "", "| | " + " | ".join(name for name, _, _ in GOALS) + " | goals |"]
    head.append("|---|" + "---:|" * (len(GOALS) + 1))
    for label, values in rows:
        cells = [_cell(values[name], goal, sign) for name, goal, sign in GOALS]
        head.append(f"| {label} | " + " | ".join(cells) + f" | {met(values)} |")
    return "\n".join(head) + "\n"


def _cell(value: float, goal: float, sign: int) -> str:
    good = value >= goal if sign > 0 else value <= goal
    text = f"{value:.3f}" if goal < 1.0 and sign > 0 else f"{value:.2f}" if goal < 1.0 else f"{value:.1f}"
    return text if good else f"**{text}**"


def _differences(results: Sequence[Agreement], measure: str) -> np.ndarray:
    parts = [limit.differences for one in results if (limit := one.limit(measure)) is not None]
    return np.concatenate(parts) if parts else np.empty(0)


def _side_agreement(pairs: Sequence[object], side: Side) -> tuple[float, float]:
    known = np.array(
        [
            (pair.found.pelvic_drop_deg, pair.true.pelvic_drop_deg)
            for pair in pairs
            if pair.true.side is side
            and pair.found.pelvic_drop_deg is not None
            and pair.true.pelvic_drop_deg is not None
        ]
    ).reshape(-1, 2)
    if len(known) < 10:
        return np.nan, np.nan
    return float(np.corrcoef(known.T)[0, 1]), intraclass_correlation(known[:, 0], known[:, 1])


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else np.nan


def _sd(values: np.ndarray) -> float:
    return float(values.std()) if len(values) else np.nan


def _rms(values: np.ndarray) -> float:
    return float(np.sqrt((values**2).mean())) if len(values) else np.nan
