"""What the terminal says, and in what colour."""

import io
from dataclasses import replace

import pytest

from sensorhub.cli.terminal import TerminalView, event_line
from sensorhub.model.exercise import BandWalkSet, ClamshellSet, Drill, DrillRep, SidePlankSet
from sensorhub.model.gait import Flag, Side
from sensorhub.model.session import Record
from sensorhub.model.status import Gap, Health, LinkStatus, Part
from sensorhub.model.summary import Estimate, Summary
from tests.support.page import SESSION, stride


def line(event: object) -> str:
    return "".join(text for text, _ in event_line(event))  # type: ignore[arg-type]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_stride_is_one_line_with_side_excursion_drop_contact_cadence_and_doubts() -> None:
    said = line(stride(7, pelvic_drop_deg=4.94, pelvic_drop_excursion_deg=3.71, flags=(Flag.TURN,)))
    for part in ("0:12.5", "RIGHT", "excursion  3.7°", "drop  4.9°", "contact 240 ms", "167/min", "turn"):
        assert part in said
    assert "\n" not in said
    assert "quality 38 %" in line(stride(7, quality=0.38))
    assert "quality" not in line(stride(7))
    assert len(line(stride(7, flags=(Flag.UNSETTLED,)))) <= 80, "it fits a terminal of 80 columns"


def test_unknown_is_a_dash_and_a_revision_is_no_news() -> None:
    assert "drop    \N{EN DASH}°" in line(stride(0, pelvic_drop_deg=None))
    stream = io.StringIO()
    TerminalView(stream).show(Record(SESSION, 0, stride(0, revision=1)))
    assert stream.getvalue() == ""
    TerminalView(stream).show_final(stride(0, revision=1))
    assert "LEFT" in stream.getvalue()


def test_where_several_run_each_line_says_who() -> None:
    stream = io.StringIO()
    view = TerminalView(stream, ["ada", "cleo", "ada"])
    for runner in ("ada", "cleo"):
        view.show(Record(replace(SESSION, runner=runner), 0, stride(0)))
    assert [text.split()[0] for text in stream.getvalue().splitlines()] == ["ada", "cleo"]
    assert len({text.index("LEFT") for text in stream.getvalue().splitlines()}) == 1
    alone = io.StringIO()
    TerminalView(alone, ["ada"]).show(Record(SESSION, 0, stride(0)))
    assert "ada" not in alone.getvalue()


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (DrillRep(Drill.BAND_WALK, 1, 7, 61.0, Side.LEFT, None, 1.1, 6.25), "1:01.0  LEFT   band walk  set 1    7"),
        (BandWalkSet(1, Side.LEFT, 12, 40.0, 61.0, 33.0, 0.9, 84.0), "12 steps, level score 84"),
        (SidePlankSet(2, Side.RIGHT, 24.6, 2.0, 0.3, None, None, 80.0, 104.6), "held 24.6 s, sag 2.0°"),
        (ClamshellSet(1, None, None, 0.0, "too level", 1.0, 31.0, None, 97.0), "standing clamshell  set 1 done: not"),
        (ClamshellSet(1, Side.LEFT, None, 0.2, "too level", 1.0, 31.0, None, 97.0), "not counted: too level"),
        (Gap(10.0, 13.5, 350), "gap until 0:13.5, 3.5 s"),
    ],
)
def test_drills_and_gaps_are_said(event: object, said: str) -> None:
    assert said in line(event)


def test_the_summary_says_both_sides_with_their_interval() -> None:
    estimate = Estimate(5.0, 4.6, 5.4, 300)
    said = line(
        Summary(0.0, 1800.0, 180_000, 0, 1, 600, 300, 300, 0, 0.98, 165.0, 0.24, estimate, None, None, 0.5, 0.0, 0.0)
    )
    assert "600 strides (300 left, 300 right), 1 gap" in said
    assert "mean drop      left 5.0° (4.6 to 5.4), right \N{EN DASH}; smallest real change" in said


def test_a_summary_without_means_says_what_gives_them() -> None:
    said = line(Summary(0.0, 20.0, 2000, 0, 0, 32, 16, 16, 0, 0.0, 165.0, 0.24, None, None, None, None, None, None))
    assert "32 strides (16 left, 16 right)" in said
    assert "half a minute of steady running" in said
    assert "\N{EN DASH}" not in said


def test_colour_only_on_a_terminal_and_not_where_it_is_unwanted(monkeypatch: pytest.MonkeyPatch) -> None:
    def written(stream: io.StringIO) -> str:
        TerminalView(stream).show_final(stride(0))
        return stream.getvalue()

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b[" in written(Terminal())
    assert "\x1b[" not in written(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in written(Terminal())


def test_a_change_of_status_is_a_line() -> None:
    stream = io.StringIO()
    TerminalView(stream).show_link(LinkStatus(Part.BROKER, Health.LOST, "The broker has gone; measuring goes on."))
    assert stream.getvalue() == "broker: The broker has gone; measuring goes on.\n"
