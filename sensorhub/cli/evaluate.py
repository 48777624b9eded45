"""`sensorhub evaluate`: sensorhub's strides against motion capture or force plates."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sensorhub.cli.inputs import READ_BY_US
from sensorhub.model.errors import InputError, UsageError
from sensorhub.model.gait import Side

if TYPE_CHECKING:
    from sensorhub.analysis.agreement import Agreement, BlandAltman
    from sensorhub.model.truth import ReferenceStride


def evaluate(
    recording: Annotated[Path, typer.Argument(readable=READ_BY_US, help="The recording that sensorhub measures.")],
    *,
    truth: Annotated[
        list[Path],
        typer.Option(
            "--truth",
            metavar="FILE",
            readable=READ_BY_US,
            help="Truth: .json, .csv, .mot, .sto, .trc. Name it again for more files.",
        ),
    ],
    shift: Annotated[float, typer.Option(help="Seconds to add to the truth's times.")] = 0.0,
    standing: Annotated[
        str | None, typer.Option(metavar="FROM:TO", help="Where the kinematics show quiet standing, truth's seconds.")
    ] = None,
    first_side: Annotated[Side | None, typer.Option(help="The first stance, where one plate saw both.")] = None,
    plot: Annotated[Path | None, typer.Option(metavar="OUT.png", help="Also draw Bland and Altman's plot.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of the table.")] = False,
) -> None:
    """Score a recording's strides against truth."""
    from sensorhub.adapters.truth_files import TruthOptions, read_truth
    from sensorhub.analysis.agreement import agreement
    from sensorhub.app.offline import analyze_recording
    from sensorhub.cli.output import warn
    from sensorhub.model.gait import Stride

    stances = _shifted(read_truth(truth, TruthOptions(_span(standing), first_side)), shift)
    events = analyze_recording(recording, activity="run", warn=warn)
    strides = [event for event in events if isinstance(event, Stride)]
    if not strides:
        raise InputError(f"{recording}: no stride was found, so there is nothing to compare.")
    result = agreement(strides, stances)
    if not result.pairs:
        raise InputError(
            f"{truth[0]}: none of its {result.true} stances lies within 60 ms of a stride. "
            "Do both clocks agree? Try --shift."
        )
    if plot is not None:
        from sensorhub.adapters.agreement_plot import write_agreement_plot

        write_agreement_plot(result, plot)
    if json:
        import msgspec

        typer.echo(msgspec.json.encode(_as_mapping(result)).decode())
    else:
        typer.echo("\n".join(_lines(result)))


def _shifted(stances: "list[ReferenceStride]", shift_s: float) -> "list[ReferenceStride]":
    return [
        replace(
            stance,
            initial_contact_s=stance.initial_contact_s + shift_s,
            toe_off_s=None if stance.toe_off_s is None else stance.toe_off_s + shift_s,
        )
        for stance in stances
    ]


def _span(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        start, end = (float(part) for part in text.split(":"))
    except ValueError:
        raise UsageError(f"--standing {text!r}: give two times, as in 1.5:6.") from None
    return start, end


def _lines(result: "Agreement") -> Iterator[str]:
    from sensorhub.analysis.agreement import left_right_difference_error_deg

    yield f"strides: truth {result.true}, found {result.found}, matched {len(result.pairs)}"
    yield f"{'stride F1 (contacts within 60 ms)':42s} {result.f1:8.3f}"
    if result.sides_right is not None:
        yield f"{'left/right right':42s} {result.sides_right:8.3f}"
    yield ""
    yield (
        f"{'measure':20s}{'side':5s}{'n':>5s}{'bias':>7s}{'SD':>6s}{'RMSE':>6s}{'95 % limits':>15s}"
        f"{'slope':>6s}{'r':>5s}{'ICC':>5s}"
    )
    for one in result.limits:
        yield _row(one)
    difference = left_right_difference_error_deg(result)
    if difference is not None:
        yield ""
        yield f"{'left-right difference of drop, error, deg':42s} {difference:8.3f}"


def _row(one: "BlandAltman") -> str:
    scale, unit = (1000.0, "ms") if one.unit == "s" else (1.0, one.unit)
    digits = 1 if unit == "ms" else 2
    bias, sd, rmse, low, high = (scale * value for value in (one.bias, one.sd, one.rmse, one.low, one.high))
    limits = f"{low:+.{digits}f} to {high:+.{digits}f}"
    rest = "".join(f"{'-' if value is None else f'{value:.2f}':>5s}" for value in (one.r, one.icc))
    slope = "-" if one.slope is None else f"{one.slope:+.2f}"
    side = "both" if one.side is None else one.side.value
    return (
        f"{f'{one.measure}, {unit}':20s}{side:5s}{one.n:5d}{bias:+7.{digits}f}{sd:6.{digits}f}{rmse:6.{digits}f}"
        f"{limits:>15s}{slope:>6s}{rest}"
    )


def _as_mapping(result: "Agreement") -> dict[str, object]:
    names = ("measure", "unit", "n", "bias", "sd", "low", "high", "rmse", "slope", "r", "icc")
    return {
        "true": result.true,
        "found": result.found,
        "matched": len(result.pairs),
        "f1": result.f1,
        "sides_right": result.sides_right,
        "limits": [
            {**{name: getattr(one, name) for name in names}, "side": one.side and one.side.value}
            for one in result.limits
        ],
    }
