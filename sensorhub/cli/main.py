"""The `sensorhub` command: one file a command, imported lazily so that `--help` is quick."""

import gc
import os
import sys

import typer

from sensorhub import __version__
from sensorhub.cli.analyze import analyze
from sensorhub.cli.backup import backup, restore
from sensorhub.cli.calibrate import calibrate
from sensorhub.cli.dashboards import dashboards
from sensorhub.cli.demo import demo
from sensorhub.cli.doctor import doctor
from sensorhub.cli.drill import drill
from sensorhub.cli.evaluate import evaluate
from sensorhub.cli.forget import forget
from sensorhub.cli.history import history
from sensorhub.cli.outbox import outbox
from sensorhub.cli.record import record
from sensorhub.cli.replay import replay
from sensorhub.cli.run import run
from sensorhub.cli.scan import scan
from sensorhub.cli.synth import app as synth
from sensorhub.cli.write import write
from sensorhub.model.errors import SensorhubError

WRONG_USAGE = 2
INTERRUPTED = 130
COLLECT_EVERY = (100_000, 20, 50)
"""The default looks through all strides of a session every 700 new objects, for cycles that nothing here makes."""

app = typer.Typer(
    name="sensorhub",
    help="Pelvic drop on every stride and counted hip drills, from one clip-on pelvis sensor.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command(epilog="Example: sensorhub demo --seconds 30")(demo)
app.command(epilog="Example: sensorhub scan --seconds 10")(scan)
app.command(epilog="Example: sensorhub doctor --config sensorhub.toml")(doctor)
app.command(epilog="Example: sensorhub run --config club.toml --record today.shraw")(run)
app.command(epilog="Example: sensorhub drill side_plank --programme mine.toml")(drill)
app.command(epilog="Example: sensorhub history --runner ada --json")(history)
app.command(epilog="Example: sensorhub calibrate SH-0001 --config club.toml")(calibrate)
app.command(epilog="Example: sensorhub analyze run.csv --json > strides.jsonl")(analyze)
app.command(epilog="Example: sensorhub evaluate run.csv --truth contacts.csv")(evaluate)
app.command(epilog="Example: sensorhub record sunday.shraw --sensor SH-0001 --seconds 600")(record)
app.command(epilog="Example: sensorhub replay today.shraw --json")(replay)
app.add_typer(synth)
app.command(epilog="Example: sensorhub write --config sensorhub.toml")(write)
app.add_typer(dashboards)
app.command(epilog="Example: sensorhub outbox --retry")(outbox)
app.command(epilog="Example: sensorhub backup sunday.tar.gz")(backup)
app.command(epilog="Example: sensorhub restore sunday.tar.gz")(restore)
app.command(epilog="Example: sensorhub forget ada --folder ~/recordings")(forget)


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    *,
    version: bool = typer.Option(False, "--version", help="Print the version and end."),
) -> None:
    """Pelvic drop on every stride and counted hip drills, from one clip-on pelvis sensor."""
    if version:
        typer.echo(f"sensorhub {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main() -> None:
    """Run the command; every error a person can mend is one line on stderr and an exit code of the contract."""
    gc.set_threshold(*COLLECT_EVERY)
    try:
        code = _run()
        sys.stdout.flush()
    except SensorhubError as error:
        sys.exit(_complain(str(error), error.exit_code))
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # the reader has gone, as after `| head`: a command that still writes is ended so too
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except typer.TyperException as error:
        said = error.format_message().replace("Value error, ", "").rstrip("?.")
        sys.exit(_complain(f"{said}? Try --help." if "Did you mean" in said else f"{said}. Try --help.", WRONG_USAGE))
    sys.exit(code if isinstance(code, int) else 0)


def _run() -> object:
    """Run the command. What ended a task of the service is raised without its groups, unless a bug is among it."""
    try:
        return app(standalone_mode=False)
    except ExceptionGroup as group:
        known, bugs = group.split(SensorhubError)
        if known is None or bugs is not None:
            raise
        error: Exception = known
        while isinstance(error, ExceptionGroup):
            error = error.exceptions[0]
        raise error from None


def _complain(message: str, code: int) -> int:
    sys.stderr.write(f"sensorhub: {' '.join(message.split())}\n")
    return code
