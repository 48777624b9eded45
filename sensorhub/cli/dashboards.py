"""`sensorhub dashboards`: Grafana's dashboards, pushed and checked."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sensorhub.cli.inputs import ConfigFile, settings_of

if TYPE_CHECKING:
    from sensorhub.adapters.grafana import Change

dashboards = typer.Typer(name="dashboards", help="Push Grafana's dashboards, or check them.")

Directory = Annotated[
    Path | None, typer.Option("--from", help="A folder of dashboards; without it those that come with sensorhub.")
]
Source = Annotated[bool, typer.Option("--datasource/--no-datasource", help="Make the InfluxDB data source too.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line on stdout.")]


@dashboards.command(epilog="Example: sensorhub dashboards push --dry-run")
def push(
    *,
    config: ConfigFile = None,
    directory: Directory = None,
    datasource: Source = True,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put folder, data source and dashboards into Grafana; what is there by the same uid is replaced."""
    for change in _changes(config, directory, datasource=datasource, dry_run=dry_run):
        _say(change, as_json=as_json)


@dashboards.command(epilog="Example: sensorhub dashboards check --no-datasource")
def check(
    *, config: ConfigFile = None, directory: Directory = None, datasource: Source = True, as_json: AsJson = False
) -> None:
    """Compare Grafana with what push would make of it. Ends with 1 when they differ. A token cannot be compared."""
    changes = _changes(config, directory, datasource=datasource, dry_run=True, with_secrets=False)
    for change in changes:
        _say(change, as_json=as_json)
    raise typer.Exit(int(any(change.action != "keep" for change in changes)))


def _changes(
    config: Path | None, directory: Path | None, *, datasource: bool, dry_run: bool, with_secrets: bool = True
) -> list["Change"]:
    from sensorhub.adapters.grafana import Grafana, influx_datasource

    settings = settings_of(config)
    source = influx_datasource(settings.grafana, settings.influx) if datasource else None
    if source and not with_secrets:
        source.pop("secureJsonData", None)
    boards = _boards(directory)
    with Grafana(settings.grafana) as grafana:
        return grafana.push(boards, source, dry_run=dry_run)


def _boards(directory: Path | None) -> list[dict[str, Any]]:
    from sensorhub.model.errors import InputError

    folder = directory or _shipped()
    boards = []
    for path in sorted(folder.glob("*.json")):
        try:
            board = json.loads(path.read_text(encoding="utf-8"))
            boards.append({**board, "uid": board["uid"], "title": board["title"]})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path} is no dashboard that can be pushed: {error!r}.") from None
    if not boards:
        raise InputError(f"{folder} has no dashboards (*.json).")
    return boards


def _shipped() -> Path:
    """Find the dashboards: in the wheel beside the package's files, in a checkout at its root."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "dashboards"
    return inside if inside.is_dir() else package.parent / "dashboards"


def _say(change: "Change", *, as_json: bool) -> None:
    if as_json:
        said = {"kind": change.kind, "uid": change.uid, "title": change.title, "action": change.action.value}
        typer.echo(json.dumps(said))
    else:
        typer.echo(f"{change.action.value:<7} {change.kind:<12} {change.title}")
