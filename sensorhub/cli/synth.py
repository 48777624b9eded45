"""`sensorhub synth`: made recordings with exact truth beside them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sensorhub.model.errors import SensorhubError, UsageError

if TYPE_CHECKING:
    from sensorhub.model.gait import Side
    from sensorhub.synthetic.sensor import SensorParams
    from sensorhub.synthetic.truth import SyntheticRecording

app = typer.Typer(name="synth", help="Make recordings of runners and drills with exact truth.")

Out = Annotated[Path, typer.Option("--out", metavar="FILE.csv", help="Where to write; the truth goes beside it.")]
Seed = Annotated[int, typer.Option(min=0, help="The same seed and options give the same bits.")]
Rate = Annotated[float, typer.Option(min=50.0, max=400.0, help="Samples a second.")]
Mount = Annotated[str, typer.Option(help="How the sensor sits: random, upright, or w,x,y,z.")]
Loss = Annotated[float, typer.Option(min=0.0, max=0.5, help="Share of 10-sample packets lost.")]
Perfect = Annotated[bool, typer.Option("--perfect", help="A sensor without bias, noise or limits.")]
Sets = Annotated[str, typer.Option(help="Sides or directions in order, as in left,right.")]


@app.callback(invoke_without_command=True)
def synth(context: typer.Context) -> None:
    """Make recordings of runners and drills with exact truth."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command(name="run", epilog="Example: sensorhub synth run --drop-left 6 --minutes 10 --out run.csv")
def synth_run(
    out: Out,
    *,
    seed: Seed = 0,
    rate: Rate = 100.0,
    mount: Mount = "random",
    loss: Loss = 0.0,
    perfect: Perfect = False,
    minutes: Annotated[float, typer.Option(min=0.1, max=240.0, help="How long to run.")] = 2.0,
    stand: Annotated[float, typer.Option(min=0.0, help="Seconds of standing before it.")] = 8.0,
    speed: Annotated[float, typer.Option(min=1.6, max=7.0, help="m/s.")] = 2.9,
    cadence: Annotated[float, typer.Option(min=120.0, max=230.0, help="Steps a minute.")] = 165.0,
    duty_factor: Annotated[float, typer.Option(min=0.2, max=0.47, help="Contact's share of the stride.")] = 0.36,
    drop_left: Annotated[float, typer.Option(help="Peak drop in left stances, deg.")] = 4.0,
    drop_right: Annotated[float, typer.Option(help="Peak drop in right stances, deg.")] = 4.0,
    drift_left: Annotated[float, typer.Option(help="Change of the left drop, deg a minute.")] = 0.0,
    drift_right: Annotated[float, typer.Option(help="Change of the right drop, deg a minute.")] = 0.0,
    shock: Annotated[float, typer.Option(min=0.0, max=10.0, help="Impact shock at the clip, g.")] = 0.0,
    wobble: Annotated[float, typer.Option(min=0.0, max=10.0, help="Clip wobble at each contact, deg.")] = 0.0,
    walk_every: Annotated[float, typer.Option(min=0.0, help="Walk 20 s after so many seconds; 0: never.")] = 0.0,
    turn_every: Annotated[float, typer.Option(min=0.0, help="A bend of 90 deg each so many seconds; 0: none.")] = 0.0,
    slip: Annotated[float, typer.Option(min=0.0, help="The clip slips by 20 deg at this second; 0: never.")] = 0.0,
) -> None:
    """Make a run."""
    from sensorhub.synthetic.clip import Impact, Slip
    from sensorhub.synthetic.runner import synthesise_run
    from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams, Style, Turn

    seconds = 60.0 * minutes
    bouts = [Bout(Pace.STAND, stand)] if stand else []
    spell = walk_every or seconds
    whole = max(1, round(seconds / spell))
    for index in range(whole):
        bouts.append(Bout(Pace.RUN, spell if walk_every else seconds, speed))
        if walk_every and index < whole - 1:
            bouts.append(Bout(Pace.WALK, 20.0))
    turns = int(seconds / turn_every) if turn_every else 0
    params = RunnerParams(
        seed,
        Style(
            cadence_spm=cadence,
            duty_factor=duty_factor,
            speed_mps=speed,
            drop_left_deg=drop_left,
            drop_right_deg=drop_right,
            drift_left_deg_per_min=drift_left,
            drift_right_deg_per_min=drift_right,
        ),
        tuple(bouts),
        tuple(Turn(stand + (i + 1) * turn_every, 90.0 if i % 2 else -90.0) for i in range(turns)),
        Impact(shock_g=shock, wobble_deg=wobble),
        (Slip(slip, 20.0),) if slip else (),
        _sensor(rate, mount, loss, perfect=perfect),
    )
    _write(out, synthesise_run(params))


@app.command(name="band_walk", epilog="Example: sensorhub synth band_walk --tempo 30 --sets left,right --out walk.csv")
def synth_band_walk(
    out: Out,
    *,
    seed: Seed = 0,
    rate: Rate = 100.0,
    mount: Mount = "random",
    loss: Loss = 0.0,
    perfect: Perfect = False,
    sets: Sets = "left,right",
    steps: Annotated[int, typer.Option(min=1, max=200, help="Leading-foot steps a set.")] = 12,
    tempo: Annotated[float, typer.Option(min=10.0, max=120.0, help="Leading-foot steps a minute.")] = 40.0,
    step_length: Annotated[float, typer.Option(min=0.05, max=0.8, help="m.")] = 0.25,
    first_surge: Annotated[float, typer.Option(min=0.3, max=1.0, help="1: one surge a step, 0.5: two alike.")] = 0.65,
    pause: Annotated[float, typer.Option(min=3.0, help="Seconds between sets.")] = 8.0,
) -> None:
    """Make lateral band walks."""
    from sensorhub.synthetic.band_walk import BandWalkParams, BandWalkSetPlan, synthesise_band_walk

    params = BandWalkParams(
        seed,
        tuple(BandWalkSetPlan(side, steps) for side in _sides(sets)),
        tempo,
        step_length,
        first_surge,
        pause_s=pause,
        sensor=_sensor(rate, mount, loss, perfect=perfect),
    )
    _write(out, synthesise_band_walk(params))


@app.command(name="side_plank", epilog="Example: sensorhub synth side_plank --hold 30 --out plank.csv")
def synth_side_plank(
    out: Out,
    *,
    seed: Seed = 0,
    rate: Rate = 100.0,
    mount: Mount = "random",
    loss: Loss = 0.0,
    perfect: Perfect = False,
    sets: Sets = "left,right",
    hold: Annotated[float, typer.Option(min=2.0, max=600.0, help="Seconds of each hold.")] = 25.0,
    lift: Annotated[float, typer.Option(min=4.0, max=30.0, help="How far the pelvis turns in the lift, deg.")] = 14.0,
    sag: Annotated[float, typer.Option(min=0.0, max=15.0, help="How far it sags in the hold, deg.")] = 2.0,
    dip: Annotated[float, typer.Option(min=0.0, help="The hips dip for 0.8 s at this second; 0: never.")] = 0.0,
    leg_lift: Annotated[float, typer.Option(min=0.0, help="The top leg rises at this second; 0: never.")] = 0.0,
) -> None:
    """Make side planks."""
    from sensorhub.synthetic.side_plank import HoldPlan, SidePlankParams, synthesise_side_plank

    dips = (dip,) if dip else ()
    holds = tuple(HoldPlan(side, hold, sag, dips, leg_lift_s=leg_lift or None) for side in _sides(sets))
    sensor = _sensor(rate, mount, loss, perfect=perfect)
    _write(out, synthesise_side_plank(SidePlankParams(seed, holds, lift_deg=lift, sensor=sensor)))


@app.command(name="standing_clamshell", epilog="Example: sensorhub synth standing_clamshell --turn 3 --out clam.csv")
def synth_standing_clamshell(
    out: Out,
    *,
    seed: Seed = 0,
    rate: Rate = 100.0,
    mount: Mount = "random",
    loss: Loss = 0.0,
    perfect: Perfect = False,
    sets: Sets = "left,right",
    reps: Annotated[int, typer.Option(min=1, max=200, help="Repetitions a set.")] = 12,
    tempo: Annotated[float, typer.Option(min=1.0, max=12.0, help="Seconds of each repetition.")] = 2.8,
    turn: Annotated[float, typer.Option(min=0.0, max=20.0, help="How far the pelvis turns, deg; 0: level.")] = 4.0,
    drop: Annotated[float, typer.Option(min=0.0, max=10.0, help="How far it sinks on that side, deg.")] = 1.2,
) -> None:
    """Make standing clamshells."""
    from sensorhub.synthetic.standing_clamshell import ClamshellParams, ClamshellSetPlan, synthesise_clamshell

    plans = tuple(ClamshellSetPlan(side, reps) for side in _sides(sets))
    sensor = _sensor(rate, mount, loss, perfect=perfect)
    params = ClamshellParams(seed, plans, tempo, turn_deg=turn, drop_deg=drop, sensor=sensor)
    _write(out, synthesise_clamshell(params))


@app.command(name="negative", epilog="Example: sensorhub synth negative stairs --out stairs.csv")
def synth_negative(
    scene: Annotated[str, typer.Argument(help="walking, stairs, car_ride, ...; `list` names all.")],
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE.csv", help="Where to write.")] = None,
    *,
    seed: Seed = 0,
    rate: Rate = 100.0,
    mount: Mount = "random",
    loss: Loss = 0.0,
    perfect: Perfect = False,
    seconds: Annotated[float, typer.Option(min=10.0, max=36_000.0, help="How long.")] = 60.0,
) -> None:
    """Make a scene in which there is no drill to be found."""
    from sensorhub.synthetic.negatives import NegativeParams, Scene, synthesise_negative

    names = [one.value for one in Scene]
    if scene == "list":
        typer.echo("\n".join(names))
        return
    if scene not in names:
        raise UsageError(f"{scene!r} is no scene. Choose one of {', '.join(names)}.")
    if out is None:
        raise UsageError("Where to? Name a file with --out FILE.csv.")
    params = NegativeParams(Scene(scene), seed, seconds, _sensor(rate, mount, loss, perfect=perfect))
    _write(out, synthesise_negative(params))


def _sensor(rate: float, mount: str, loss: float, *, perfect: bool) -> "SensorParams":
    from dataclasses import replace

    from sensorhub.synthetic.sensor import PERFECT, PacketLoss, SensorParams

    base = PERFECT if perfect else SensorParams()
    return replace(base, rate_hz=rate, mount=_mounting(mount), loss=PacketLoss(loss))


def _mounting(text: str) -> str | tuple[float, float, float, float]:
    if text in {"random", "upright"}:
        return text
    try:
        w, x, y, z = (float(part) for part in text.split(","))
    except ValueError:
        raise UsageError(f"--mount {text!r}: give random, upright, or a quaternion as w,x,y,z.") from None
    if w * w + x * x + y * y + z * z < 1e-6:
        raise UsageError("--mount: a quaternion of length 0 is no rotation.")
    return (w, x, y, z)


def _sides(text: str) -> list["Side"]:
    from sensorhub.model.gait import Side

    try:
        return [Side(part.strip()) for part in text.split(",")]
    except ValueError:
        raise UsageError(f"--sets {text!r}: give left and right in order, as in left,right.") from None


def _write(out: Path, recording: "SyntheticRecording") -> None:
    from sensorhub.formats.plain_csv import HEADER, format_rows
    from sensorhub.formats.truth import encode_truth

    if out.suffix != ".csv":
        raise UsageError(f"--out {out}: a plain recording ends in .csv.")
    truth = out.with_name(out.stem + ".truth.json")
    try:
        out.write_text(HEADER + "\n" + format_rows(recording.block), encoding="utf-8")
        truth.write_bytes(encode_truth(recording.truth.as_json()))
    except OSError as error:
        raise SensorhubError(f"{out}: cannot be written ({error.strerror}). Choose another place.") from None
    typer.echo(f"{out}: {len(recording.block)} samples; truth in {truth}", err=True)
