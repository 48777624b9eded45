"""The terminal view: one line a stride, a repetition, a set or a change of status; coloured only on a terminal."""

import os
import sys
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Final, TextIO

from sensorhub.model.events import Event
from sensorhub.model.exercise import BandWalkSet, ClamshellSet, Drill, DrillRep, SidePlankSet
from sensorhub.model.gait import Side, Stride
from sensorhub.model.session import Record
from sensorhub.model.status import Activity, ActivitySpan, Gap, Health, LinkStatus, SensorStatus
from sensorhub.model.summary import Estimate, Summary

if TYPE_CHECKING:
    from rich.console import Console

Piece = tuple[str, str]
"""Some text and its style (empty: plain)."""

UNKNOWN: Final = "\N{EN DASH}"
SIDE_STYLES: Final = {Side.LEFT: "bold blue", Side.RIGHT: "bold yellow"}
LOW_QUALITY: Final = 0.5
DRILL_NAMES: Final = {
    Drill.BAND_WALK: "band walk",
    Drill.SIDE_PLANK: "side plank",
    Drill.STANDING_CLAMSHELL: "standing clamshell",
}
ACTIVITY_NAMES: Final = {
    Activity.RUN: "running",
    Activity.WALK: "walking",
    Activity.STAND: "standing",
    Activity.OTHER: "moving",
    **{Activity(drill.value): name for drill, name in DRILL_NAMES.items()},
}
HEALTH_STYLES: Final = {Health.OK: "green", Health.WAITING: "yellow", Health.LOST: "bold red"}


class TerminalView:
    """Writes lines to a stream, as they come."""

    def __init__(self, stream: TextIO, runners: Collection[str] = ()) -> None:
        """Take whose events will come; where there are several, each line says whose it is."""
        self._stream = stream
        self._console = colour_console(stream)
        self._name_columns = max(map(len, runners)) if len(set(runners)) > 1 else 0

    def show(self, record: Record) -> None:
        """Write the line of a record as it comes; a stride that comes again, revised, is no news."""
        pieces = event_line(record.event)
        if not pieces or (isinstance(record.event, Stride) and record.event.revision > 0):
            return
        if self._name_columns:
            pieces.insert(0, (f"{record.session.runner:<{self._name_columns}}", "bold"))
        self._write(pieces)

    def show_final(self, event: Event) -> None:
        """Write the line of an event that will not come again."""
        self._write(event_line(event))

    def show_link(self, status: LinkStatus) -> None:
        """Write how a part fares now."""
        self._write([(f"{status.part.value}: {status.detail or status.health.value}", HEALTH_STYLES[status.health])])

    def _write(self, pieces: list[Piece]) -> None:
        if not pieces:
            return
        if self._console is None:
            self._stream.write("".join(text for text, _ in pieces) + "\n")
            self._stream.flush()
            return
        from rich.text import Text

        self._console.print(Text.assemble(*pieces))


def print_events(events: Iterable[Event]) -> None:
    """Write the lines of a whole recording to stdout."""
    view = TerminalView(sys.stdout)
    for event in events:
        view.show_final(event)


def colour_console(stream: TextIO) -> "Console | None":
    """Give a console that colours, where the stream is a terminal and colour is not unwanted (NO_COLOR)."""
    if not stream.isatty() or os.environ.get("NO_COLOR"):
        return None
    from rich.console import Console

    return Console(file=stream, highlight=False, soft_wrap=True)


def event_line(event: Event) -> list[Piece]:  # noqa: PLR0911 - one line for each kind of event
    """Say an event in one line; no pieces where there is nothing to say."""
    match event:
        case Stride():
            return _stride_line(event)
        case DrillRep():
            return _rep_line(event)
        case BandWalkSet() | SidePlankSet() | ClamshellSet():
            return _set_line(event)
        case Gap():
            return [
                *_at(event.start_s),
                (f"gap until {_clock(event.end_s)}, {event.end_s - event.start_s:.1f} s", "yellow"),
            ]
        case ActivitySpan():
            span = f"{ACTIVITY_NAMES[event.activity]} until {_clock(event.end_s)}, {event.end_s - event.start_s:.0f} s"
            return [*_at(event.start_s), (span, "dim")]
        case Summary():
            return _summary_line(event)
        case SensorStatus():
            return []


def _stride_line(stride: Stride) -> list[Piece]:
    doubts = [flag.value for flag in stride.flags]
    if not doubts and stride.quality < LOW_QUALITY:
        doubts = [f"quality {_number(stride.quality, 0, 100)} %"]
    contact = f"contact {_number(stride.ground_contact_time_s, 0, 1000):>3} ms"
    return [
        *_at(stride.initial_contact_s),
        _side(stride.side),
        (f" excursion {_number(stride.pelvic_drop_excursion_deg, 1):>4}°", "bold"),
        (f"  drop {_number(stride.pelvic_drop_deg, 1):>4}°", ""),
        (f"  {contact}  {_number(stride.cadence_spm):>3}/min", "dim" if doubts else ""),
        ("".join(f"  {doubt}" for doubt in doubts), "yellow"),
    ]


def _side(side: Side | None) -> Piece:
    return (f"{side.value.upper():<5}", SIDE_STYLES[side]) if side else (f"{UNKNOWN:<5}", "")


def _rep_line(rep: DrillRep) -> list[Piece]:
    drop = "" if rep.pelvic_drop_deg is None else f"  drop {rep.pelvic_drop_deg:.1f}°"
    return [
        *_at(rep.t_s),
        _side(rep.direction or rep.side),
        (f"  {DRILL_NAMES[rep.drill]}  set {rep.set}  ", ""),
        (f"{rep.rep:>3}", "bold"),
        (drop, ""),
    ]


def _set_line(drill_set: BandWalkSet | SidePlankSet | ClamshellSet) -> list[Piece]:
    side: Side | None
    match drill_set:
        case BandWalkSet():
            side, name = drill_set.direction, DRILL_NAMES[Drill.BAND_WALK]
            done = f"{drill_set.steps} steps, level score {_number(drill_set.level_score, 0)}"
        case SidePlankSet():
            side, name = drill_set.side, DRILL_NAMES[Drill.SIDE_PLANK]
            done = f"held {drill_set.hold_s:.1f} s, sag {_number(drill_set.sag_deg, 1)}°"
        case ClamshellSet():
            side, name = drill_set.side, DRILL_NAMES[Drill.STANDING_CLAMSHELL]
            counted = f"{drill_set.reps} reps" if drill_set.reps is not None else f"not counted: {drill_set.reason}"
            done = f"{counted}, level score {_number(drill_set.level_score, 0)}"
    return [
        *_at(drill_set.end_s),
        _side(side),
        (f"  {name}  set {drill_set.set} done: {done}", "bold green"),
    ]


def _summary_line(summary: Summary) -> list[Piece]:
    counts = [
        f"{_counted(summary.strides, 'stride')} ({summary.strides_left} left, {summary.strides_right} right)",
        _counted(summary.drill_sets, "drill set") if summary.drill_sets else "",
        _counted(summary.gaps, "gap"),
        f"{_counted(summary.rejected_samples, 'sample')} refused as impossible" if summary.rejected_samples else "",
    ]
    lines = [(f"{_clock(summary.duration_s):>9}  in all: {', '.join(filter(None, counts))}", "bold")]
    drops_deg = (summary.pelvic_drop_left_deg, summary.pelvic_drop_right_deg)
    excursions_deg = (summary.pelvic_drop_excursion_left_deg, summary.pelvic_drop_excursion_right_deg)
    if summary.strides and not any((*drops_deg, *excursions_deg)):
        lines.append(
            (f"\n{'':>11}too few trusted strides for a mean; half a minute of steady running gives one", "bold")
        )
    elif summary.strides:
        drops, excursions = ("left {}, right {}".format(*map(_estimate, both)) for both in (drops_deg, excursions_deg))
        change = f"smallest real change {_number(summary.minimal_detectable_change_deg, 1)}°"
        lines.append((f"\n{'':>11}mean excursion {excursions}", "bold"))
        if any(drops_deg):
            lines.append((f"\n{'':>11}mean drop      {drops}; {change}", "bold"))
    return lines


def _counted(count: int, thing: str) -> str:
    """Say how many there are.

    >>> _counted(1, "gap"), _counted(0, "gap")
    ('1 gap', '0 gaps')
    """
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _estimate(estimate: Estimate | None) -> str:
    return UNKNOWN if estimate is None else f"{estimate.mean:.1f}° ({estimate.low:.1f} to {estimate.high:.1f})"


def _at(t_s: float) -> list[Piece]:
    return [(f"{_clock(t_s):>9}  ", "dim")]


def _clock(t_s: float) -> str:
    minutes, seconds = divmod(round(t_s, 1), 60)
    return f"{int(minutes)}:{seconds:04.1f}"


def _number(value: float | None, digits: int = 0, scale: float = 1.0) -> str:
    return UNKNOWN if value is None else f"{value * scale:.{digits}f}"
