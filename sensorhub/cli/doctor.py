"""`sensorhub doctor`: is everything there that the service needs? Each failing line says how it is mended."""

import os
import sys
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sensorhub.cli.inputs import ConfigFile, settings_of

if TYPE_CHECKING:
    from sensorhub.adapters.checkup import Check, Finding
    from sensorhub.config import InfluxSettings, Settings

MOST_CLOCK_ERROR_S: Final = 5.0
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

    findings = [finding_of(name, check) for name, check in chosen(checks(settings_of(config)), only).items()]
    healthy = all(finding.verdict is not Verdict.FAILED for finding in findings)
    if as_json:
        typer.echo(findings_json(findings, healthy=healthy))
    else:
        for finding in findings:
            typer.echo(finding_lines(finding, colour=sys.stdout.isatty()))
    raise typer.Exit(0 if healthy else 1)


def checks(settings: "Settings") -> dict[str, "Check"]:
    """Give the checks that these settings ask for by name, in order."""
    from sensorhub.adapters import checkup

    asked: dict[str, Check] = {
        "python": checkup.check_python,
        "bluetooth": lambda: checkup.check_bluetooth(settings.hub.radio),
        "broker": lambda: checkup.check_broker(settings.mqtt, needed=broker_is_needed(settings)),
        "store": lambda: checkup.check_store(settings.hub.folder),
        "page": lambda: checkup.check_page_port(settings.page),
    }
    if settings.influx.token_file is not None:
        asked["database"] = lambda: check_database(settings.influx)
        if not settings.sensor:
            asked["bluetooth"] = lambda: checkup.not_needed_for_writing("bluetooth")
            asked["page"] = lambda: checkup.not_needed_for_writing("page port")
    return asked


def broker_is_needed(settings: "Settings") -> bool:
    """Whether somebody counts on a broker: the hub's own page, terminal and history need none."""
    from sensorhub.config import MqttSettings

    hub, influx = settings.hub, settings.influx
    elsewhere = hub.stored_elsewhere_by or settings.homeassistant.enabled or influx.token_file is not None
    return settings.mqtt.enabled and (bool(elsewhere) or settings.mqtt != MqttSettings())


def finding_of(name: str, check: "Check") -> "Finding":
    """Look at one thing; a file that its settings name and that cannot be used is a finding too."""
    from sensorhub.adapters.checkup import Finding, Verdict
    from sensorhub.model.errors import UsageError

    try:
        return check()
    except UsageError as error:
        return Finding(name, Verdict.FAILED, "its settings cannot be used", str(error))


def chosen(asked: dict[str, "Check"], only: list[str] | None) -> dict[str, "Check"]:
    """Choose by name; all without a choice. Raises UsageError for a name that these settings do not ask for."""
    from sensorhub.model.errors import UsageError

    unknown = set(only or ()) - set(asked)
    if unknown:
        raise UsageError(f"--only {min(unknown)}: these settings give {', '.join(asked)} to look at.")
    return {name: check for name, check in asked.items() if not only or name in only}


def check_database(settings: "InfluxSettings") -> "Finding":
    """Ask InfluxDB for its token, bucket and clock."""
    from sensorhub.adapters.checkup import Finding, Verdict
    from sensorhub.adapters.influx import InfluxSink
    from sensorhub.pipeline.lines import Outcome

    with InfluxSink(settings) as sink:
        answer = sink.probe()
        if answer.outcome is not Outcome.STORED:
            return Finding("database", Verdict.FAILED, settings.url, answer.message)
        ahead_s = sink.clock_ahead_s()
    if ahead_s is not None and abs(ahead_s) > MOST_CLOCK_ERROR_S:
        found = f"its clock is {abs(ahead_s):.0f} s {'ahead' if ahead_s > 0 else 'behind'}"
        return Finding("database", Verdict.FAILED, found, "Set both clocks by NTP: timedatectl set-ntp true")
    return Finding("database", Verdict.OK, f"{settings.url}, bucket {settings.bucket}")


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
