"""A guided session in the terminal: one line that changes there, lines that stay elsewhere; a bell at set ends."""

import os
from typing import Final, TextIO

from sensorhub.cli.terminal import DRILL_NAMES, UNKNOWN
from sensorhub.model.guided import GuidedPhase, GuidedState, SetResult, Unit
from sensorhub.model.session import Record
from sensorhub.model.status import Health, LinkStatus

PHASES: Final = {
    GuidedPhase.READY: "Ready",
    GuidedPhase.COUNTDOWN: "Get ready",
    GuidedPhase.WORK: "Go",
    GuidedPhase.REST: "Rest",
    GuidedPhase.PAUSED: "Paused",
    GuidedPhase.DONE: "Done",
}
KEYS: Final = "Keys: space starts, pauses and goes on; n skips; q stops."
CLEAR_LINE: Final = "\r\x1b[2K"
BELL: Final = "\a"


class GuidedScreen:
    """Shows states as they come."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._live = stream.isatty()
        self._shown = ""
        self._cue = ""
        self._rings: int | None = None
        self._results = 0

    def show_guided(self, state: GuidedState) -> None:
        """Show how the session stands."""
        for result in state.results[self._results :]:
            self.say(result_line(result))
        self._results = len(state.results)
        if self._live and state.cue != self._cue and state.phase is not GuidedPhase.DONE:
            self._cue = state.cue
            self.say(f"  {state.cue}")  # a line of its own: beside the count it would not fit
        line = state_line(state, live=self._live)
        if line != self._shown:
            self._shown = line
            self._write(f"{CLEAR_LINE}{line[: columns()]}" if self._live else f"{line}\n")
        if self._live and self._rings is not None and state.rings > self._rings:
            self._write(BELL)
        self._rings = state.rings

    def show(self, record: Record) -> None:
        """Show nothing of what is stored: the count says it."""

    def show_link(self, status: LinkStatus) -> None:
        """Show what is not well, and when it is again."""
        if status.health is not Health.WAITING:
            self.say(f"{status.part.value}: {status.detail or status.health.value}")

    def end(self, state: GuidedState) -> None:
        """Leave done against prescribed behind."""
        self._shown = ""
        self.say("")
        for result in state.results:
            self.say(result_line(result))
        self.say(state.cue if state.phase is GuidedPhase.DONE else "Broken off.")

    def say(self, line: str) -> None:
        """Write a line that stays, above the one that changes."""
        self._write(f"{CLEAR_LINE}{line}\n{self._shown[: columns()]}" if self._live else f"{line}\n")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def columns() -> int:
    """How wide a line may be."""
    return max(20, int(os.environ.get("COLUMNS") or os.get_terminal_size().columns) - 1)


def state_line(state: GuidedState, *, live: bool) -> str:
    """Say how it stands in one line; live: with the count, clock or countdown instead of the cue."""
    if state.phase is GuidedPhase.DONE:
        return state.cue
    counted = f"  {state.count} {state.unit}" if state.count else ""
    lost = "  (sensor away)" if state.sensor_lost else ""
    return f"{head(state)}  {amount(state):>10}{lost}" if live else f"{head(state)}{counted}{lost}  {state.cue}"


def head(state: GuidedState) -> str:
    """Say where in the programme the session is."""
    drill = DRILL_NAMES[state.drill] if state.drill else state.programme
    side = f" {state.side.value}" if state.side else ""
    return f"{state.step}/{state.steps} {PHASES[state.phase]}: {drill}{side}, set {state.set} of {state.sets}"


def amount(state: GuidedState) -> str:
    """Say the number that matters now."""
    if state.remaining_s is not None:
        return f"{state.remaining_s:.0f} s"
    if state.unit is Unit.SECONDS:
        return UNKNOWN if state.clock_s is None else f"{state.clock_s:.0f} of {state.target_high:.0f} s"
    return f"{UNKNOWN if state.count is None else state.count} of {state.target_high or 0:.0f}"


def result_line(result: SetResult) -> str:
    """Say what a set came to."""
    prescribed = f"{result.prescribed_low:.0f} to {result.prescribed_high:.0f} {result.unit}"
    done = "not counted" if result.done is None else f"{result.done:.0f} {result.unit}"
    level = "" if result.level_score is None else f", level score {result.level_score:.0f}"
    name = f"{DRILL_NAMES[result.drill]} {result.side.value}, set {result.set}"
    return f"  {name}: {done} ({prescribed} prescribed){level}"
