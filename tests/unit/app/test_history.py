"""A runner's history: sessions in order, what changed, and what is suggested, for people and programs."""

import json
from typing import Any

import pytest

from sensorhub.adapters.programmes import load_programme
from sensorhub.app.advice import KeptAdvice
from sensorhub.app.history import history_of
from sensorhub.cli.history import history_json, history_lines
from sensorhub.config import Settings
from sensorhub.model.errors import UsageError
from sensorhub.model.events import Event
from sensorhub.model.exercise import SidePlankSet
from sensorhub.model.gait import Side
from sensorhub.model.session import Record, Session
from sensorhub.pipeline.ports import SessionDigest
from tests.support.page import START_UNIX_NS, MemoryHistory, stride

DAY_NS = 86_400_000_000_000


def digest(session: Session, **changes: Any) -> SessionDigest:
    unknown: dict[str, Any] = dict.fromkeys(SessionDigest.__dataclass_fields__)
    counts = {name: 0 for name in unknown if name.endswith(("_sets", "_steps", "_reps", "_hold_s", "strides"))}
    named = {"session": session.session, "runner": session.runner, "start_unix_ns": session.start_unix_ns}
    return SessionDigest(**(unknown | counts | named | changes))


def kept(runner: str = "ada") -> MemoryHistory:
    """Three days of two good planks on each side, and a stride."""
    history = MemoryHistory()
    seq = 0
    for day in range(3):
        session = Session("hub", "clip", runner, f"s{day}", START_UNIX_NS + day * DAY_NS)
        planks = [SidePlankSet(1, side, 29.0, 1.0, 0.2, None, None, 0.0, 29.0) for side in Side for _ in range(2)]
        events: list[Event] = [stride(0), *planks]
        for event in events:
            seq += 1
            history.keep(Record(session, seq, event))
        history.digests.insert(0, digest(session, side_plank_sets=4, side_plank_hold_s=116.0, duration_s=900.0))
    return history


def test_sessions_come_oldest_first_with_a_suggestion_for_each_drill() -> None:
    told = history_of(kept(), load_programme(), None, 100)
    assert [session.session for session in told.sessions] == ["s0", "s1", "s2"]
    assert [suggestion.next_stage for suggestion in told.suggestions] == ["longer hold", None, None]
    lines = history_lines(told)
    assert "side plank 4 sets, 116 s" in lines[1]
    assert any(line.startswith("side plank: try 'longer hold': 3 sessions in a row") for line in lines)


def test_the_json_has_times_and_everything() -> None:
    told = json.loads(history_json(history_of(kept(), load_programme(), "ada", 100)))
    assert told["runner"] == "ada"
    assert told["sessions"][0]["time"].endswith("Z")
    assert told["suggestions"][0]["drill"] == "side_plank"


def test_one_of_several_runners_is_named() -> None:
    history = kept()
    history.digests.append(digest(Session("hub", "clip-2", "bob", "other", START_UNIX_NS)))
    with pytest.raises(UsageError, match="ada, bob"):
        history_of(history, load_programme(), None, 100)
    assert len(history_of(history, load_programme(), "bob", 100).sessions) == 1
    with pytest.raises(UsageError, match="only of ada, bob"):
        history_of(history, load_programme(), "eve", 100)


def test_nothing_kept_is_said() -> None:
    told = history_of(MemoryHistory(), load_programme(), None, 100)
    assert "Nothing is kept yet" in history_lines(told)[0]


def test_the_page_is_advised_by_the_same_rule() -> None:
    advice = KeptAdvice(kept(), Settings())
    assert [suggestion.next_stage for suggestion in advice.suggestions("ada")] == ["longer hold", None, None]
    assert {suggestion.next_stage for suggestion in advice.suggestions("bob")} == {None}
