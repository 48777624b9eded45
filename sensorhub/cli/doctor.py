"""`sensorhub doctor`: is everything there that the service needs? Each failing line says how it is mended."""

import os
import sys
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sensorhub.cli.inputs import ConfigFile, settings_of

if TYPE_CHECKING:
    from sensorhub.adapters.checkup import Check, Finding

MARKS: Final = {
    "ok": ("\N{CHECK MARK}", "green"),
    "failed": ("\N{MULTIPLICATION X}", "red"),
}


def doctor(
    config: ConfigFile = None,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Look at this alone (python, bluetooth, broker, store, page, database); again for more."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The findings as one JSON object on stdout.")] = False,
) -> None:
    """Check that this machine is ready.

    Python, Bluetooth, broker, store, page port and, where it is set, the database.

    Every line that fails says how it is mended. Ends with 1 when something that is needed fails.
    """
    from sensorhub.adapters.checkup import Verdict
    from sensorhub.app.doctor import checks, finding_of

    findings = [finding_of(name, check) for name, check in chosen(checks(settings_of(config)), only).items()]
    healthy = all(finding.verdict is not Verdict.FAILED for finding in findings)
    if as_json:
        typer.echo(findings_json(findings, healthy=healthy))
    else:
        for finding in findings:
            typer.echo(finding_lines(finding, colour=sys.stdout.isatty()))
    raise typer.Exit(0 if healthy else 1)


def chosen(asked: dict[str, "Check"], only: list[str] | None) -> dict[str, "Check"]:
    """Choose by name; all without a choice. Raises UsageError for a name that these settings do not ask for."""
    from sensorhub.model.errors import UsageError

    unknown = set(only or ()) - set(asked)
    if unknown:
        raise UsageError(f"--only {min(unknown)}: these settings give {', '.join(asked)} to look at.")
    return {name: check for name, check in asked.items() if not only or name in only}


def finding_lines(finding: "Finding", *, colour: bool) -> str:
    """Say a finding for people: a mark, a word, what was found, and below it what to do."""
    mark, style = MARKS[finding.verdict]
    head = f"{mark} {finding.name:<10} {finding.verdict.value:<8}"
    if colour and not os.environ.get("NO_COLOR"):
        head = typer.style(head, fg=style)
    remedy = f"\n{'':13}{finding.remedy}" if finding.remedy else ""
    return f"{head} {finding.found}{remedy}"


def findings_json(findings: list["Finding"], *, healthy: bool) -> str:
    """Say the findings for programs."""
    import msgspec

    return msgspec.json.encode({"ok": healthy, "checks": findings}).decode()
