"""`sensorhub history`: drills and runs on one time axis."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sensorhub.cli.inputs import ConfigFile, settings_of

if TYPE_CHECKING:
    from sensorhub.app.history import TrainingHistory
    from sensorhub.pipeline.ports import SessionDigest


def history(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Everything as one JSON object on stdout.")] = False,
    runner: Annotated[str | None, typer.Option(help="Whose; needed where several are kept.")] = None,
    sessions: Annotated[int, typer.Option(min=1, help="How many sessions to look back.")] = 100,
    programme: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The programme whose rule suggests the next stage.")
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Show drills and runs over time, and what comes next.

    The dose of drills, the pelvic drop of runs, what changed, and the next stage by your coach's rule.
    """
    from sensorhub.adapters.programmes import load_programme
    from sensorhub.app.guided import programme_path
    from sensorhub.app.history import training_history

    settings = settings_of(config)
    told = training_history(settings, load_programme(programme_path(settings, programme)), runner, sessions)
    typer.echo(history_json(told) if as_json else "\n".join(history_lines(told)))


def history_json(told: "TrainingHistory") -> str:
    """Say a history for programs; each session carries its start as `time` too."""
    import msgspec

    from sensorhub.formats.records import rfc3339

    mapping = msgspec.to_builtins(told)
    for session in mapping["sessions"]:
        start = session["start_unix_ns"]
        session["time"] = None if start is None else rfc3339(start)
    return msgspec.json.encode(mapping).decode()


def history_lines(told: "TrainingHistory") -> list[str]:
    """Say a history for people."""
    if not told.sessions:
        return ["Nothing is kept yet. `sensorhub run` begins."]
    lines = [f"{'start (UTC)':<17} {'length':>7}  {'excursion L / R':<17} drills"]
    lines += [session_line(session) for session in told.sessions]
    for change in told.changes:
        words = change.verdict.value.replace("_", " ")
        lines.append(f"Last run against the one before, {change.side.value}: {words} ({change.reason})")
    for suggestion in told.suggestions:
        drill = suggestion.drill.value.replace("_", " ")
        what = f"try {suggestion.next_stage!r}" if suggestion.next_stage else f"stay at {suggestion.stage!r}"
        lines.append(f"{drill}: {what}: {suggestion.reason}")
    return lines


def session_line(session: "SessionDigest") -> str:
    """Say one session in a line."""
    from sensorhub.cli.terminal import UNKNOWN
    from sensorhub.formats.records import rfc3339

    start = session.session if session.start_unix_ns is None else rfc3339(session.start_unix_ns)[:16].replace("T", " ")
    length = UNKNOWN if session.duration_s is None else f"{session.duration_s / 60:.0f} min"
    sides = (session.pelvic_drop_excursion_left_deg, session.pelvic_drop_excursion_right_deg)
    excursion = " / ".join(UNKNOWN if side is None else f"{side:.1f}°" for side in sides)
    doses = [
        (session.band_walk_sets, "band walk", f"{session.band_walk_steps} steps"),
        (session.side_plank_sets, "side plank", f"{session.side_plank_hold_s:.0f} s"),
        (session.standing_clamshell_sets, "clamshell", f"{session.standing_clamshell_reps} reps"),
    ]
    drills = "; ".join(f"{name} {sets} sets, {amount}" for sets, name, amount in doses if sets)
    return f"{start:<17} {length:>7}  {excursion:<17} {drills}".rstrip()
