"""The coach's rule applied to what the keeper holds: for the page, and for `sensorhub history`."""

from collections.abc import Sequence
from typing import Final

from sensorhub.adapters.programmes import load_programme
from sensorhub.analysis.training.guided_session import fact_of
from sensorhub.analysis.training.progression import DoneSet, SessionDose, Suggestion, suggest
from sensorhub.app.guided import programme_path
from sensorhub.config import Settings
from sensorhub.formats.records import decode_record
from sensorhub.model.events import Event
from sensorhub.model.exercise import BandWalkSet, ClamshellSet, SidePlankSet
from sensorhub.pipeline.ports import History, SessionDigest

MOST_RECORDS: Final = 100_000
SESSIONS_BACK: Final = 30


class KeptAdvice:
    """An adviser over a history; the programme is read anew each time, as a coach edits it."""

    def __init__(self, kept: History, settings: Settings) -> None:
        self._kept = kept
        self._settings = settings

    def suggestions(self, runner: str) -> Sequence[Suggestion]:
        """Give what the rule says of each drill of this runner."""
        programme = load_programme(programme_path(self._settings))
        known = [session for session in self._kept.sessions(SESSIONS_BACK) if session.runner == runner]
        doses = [dose_of(session, events_of(self._kept, session)) for session in reversed(known)]
        return [suggest(drill, programme.progression, doses) for drill in programme.drills]


def events_of(kept: History, session: SessionDigest) -> list[Event]:
    """Read the few events that are not strides; a session's strides are in its digest already."""
    records = kept.records_of(session.session, MOST_RECORDS)
    return [decode_record(record.data).event for record in records if b'"type":"stride"' not in record.data[:40]]


def dose_of(session: SessionDigest, events: list[Event]) -> SessionDose:
    """Sum the drills of a session up."""
    sets = [fact_of(event) for event in events if isinstance(event, BandWalkSet | SidePlankSet | ClamshellSet)]
    done = tuple(
        DoneSet(fact.drill, fact.side, fact.amount, fact.level_score) for fact in sets if fact.side is not None
    )
    return SessionDose(session.session, session.start_unix_ns, done)
