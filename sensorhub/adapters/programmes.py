"""Programmes of drills from TOML files that a coach edits; an unknown key is an error that names key and file."""

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Final

import msgspec

from sensorhub.model.errors import UsageError
from sensorhub.model.exercise import Drill
from sensorhub.model.gait import Side
from sensorhub.model.programme import Prescription, Programme, ProgressionRule, Stage

DEFAULT_PROGRAMME: Final = Path(__file__).parents[1] / "programmes" / "hip_strength.toml"

AtLeastOne = Annotated[int, msgspec.Meta(ge=1)]
Seconds = Annotated[float, msgspec.Meta(ge=0)]
Positive = Annotated[float, msgspec.Meta(gt=0)]


class _StageTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    low: Positive
    high: Positive
    cue: str


class _DrillTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    drill: Drill
    sets: AtLeastOne
    rest_s: Seconds
    change_s: Seconds
    stages: tuple[_StageTable, ...]
    first_side: Side = Side.LEFT
    stage: AtLeastOne = 1
    since: date | None = None


class _ProgressionTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sessions: AtLeastOne
    level_score: Annotated[float, msgspec.Meta(ge=0, le=100)]
    top_share: Annotated[float, msgspec.Meta(gt=0, le=1)]


class _ProgrammeTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    get_ready_s: Seconds
    drills: tuple[_DrillTable, ...]
    progression: _ProgressionTable


def load_programme(path: Path = DEFAULT_PROGRAMME, only: Drill | None = None) -> Programme:
    """Read a programme, of one drill alone where that is wanted.

    Raises UsageError that names file and key.
    """
    try:
        table = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _ProgrammeTable)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}). Name a programme that is there.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise UsageError(f"{path}: {error}. docs/programme.md shows a programme.") from None
    drills = tuple(_prescription(path, drill) for drill in table.drills if only in {None, drill.drill})
    if not drills:
        raise UsageError(f"{path}: has no {only or 'drill'} in it. Add a [[drills]] table for it.")
    rule = table.progression
    progression = ProgressionRule(rule.sessions, rule.level_score, rule.top_share)
    return Programme(table.name, table.get_ready_s, drills, progression)


def _prescription(path: Path, table: _DrillTable) -> Prescription:
    stages = tuple(Stage(stage.name, stage.low, stage.high, stage.cue) for stage in table.stages)
    if not 1 <= table.stage <= len(stages):
        raise UsageError(f"{path}: {table.drill} is at stage {table.stage}, but it has {len(stages)}.")
    for stage in stages:
        if stage.low > stage.high:
            raise UsageError(f"{path}: {table.drill}, stage {stage.name!r}: low is above high.")
    return Prescription(
        drill=table.drill,
        sets=table.sets,
        rest_s=table.rest_s,
        change_s=table.change_s,
        first_side=table.first_side,
        stage=table.stage,
        stages=stages,
        since_unix_ns=None if table.since is None else _midnight_unix_ns(table.since),
    )


def _midnight_unix_ns(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1_000_000_000
