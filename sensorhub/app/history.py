"""`sensorhub history`: a runner's sessions on one time axis, what changed, and what the programme's rule suggests."""

from dataclasses import dataclass
from pathlib import Path

from sensorhub.adapters.sqlite.keeper import Keeper
from sensorhub.analysis.change import Change, changes_since, scatter_of_history
from sensorhub.analysis.training.progression import Suggestion, suggest
from sensorhub.app.advice import dose_of, events_of
from sensorhub.app.delivery import keeper_path
from sensorhub.config import Settings
from sensorhub.model.errors import UsageError
from sensorhub.model.programme import Programme
from sensorhub.model.summary import Summary
from sensorhub.pipeline.ports import History, SessionDigest


@dataclass(frozen=True, slots=True)
class TrainingHistory:
    """Sessions oldest first; the changes of the last run against the one before; a suggestion for each drill."""

    runner: str
    sessions: tuple[SessionDigest, ...]
    changes: tuple[Change, ...]
    suggestions: tuple[Suggestion, ...]


def training_history(settings: Settings, programme: Programme, runner: str | None, limit: int) -> TrainingHistory:
    """Read what is kept of one runner.

    Raises UsageError where several runners are kept and none is named, or others than the one that is.
    """
    path: Path = keeper_path(settings)
    if not path.exists():
        return TrainingHistory(
            runner or "", (), (), tuple(suggest(drill, programme.progression, ()) for drill in programme.drills)
        )
    with Keeper.open(path) as keeper:
        return history_of(keeper, programme, runner, limit)


def history_of(kept: History, programme: Programme, runner: str | None, limit: int) -> TrainingHistory:
    """Sum a runner's kept sessions up."""
    known = kept.sessions(limit)
    wanted = _the_runner(known, runner)
    sessions = tuple(reversed([session for session in known if session.runner == wanted]))
    doses, summaries = [], []
    for session in sessions:
        events = events_of(kept, session)
        doses.append(dose_of(session, events))
        summaries += [event for event in events if isinstance(event, Summary) and event.strides]
    scatter_deg = scatter_of_history(summaries[:-1])
    last_two = summaries[-2:]
    changes = changes_since(last_two[0], last_two[1], day_to_day_sd_deg=scatter_deg) if len(last_two) == 2 else ()
    suggestions = tuple(suggest(drill, programme.progression, doses) for drill in programme.drills)
    return TrainingHistory(wanted, sessions, changes, suggestions)


def _the_runner(sessions: list[SessionDigest], runner: str | None) -> str:
    names = sorted({session.runner for session in sessions})
    if not names:
        return runner or ""
    if runner is None and len(names) > 1:
        raise UsageError(f"Whose history? Name one with --runner: {', '.join(names)}.")
    if runner not in {None, *names}:
        raise UsageError(
            f"--runner {runner}: nothing is kept of this name in these sessions, only of {', '.join(names)}."
        )
    return runner or names[0]
