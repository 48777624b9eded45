"""Drills: how much, how level, and what the running makes of it."""

from typing import Any, Final

from dashboards.source import page, panels, variables
from dashboards.source.influxql import A_WEEK, COUNTED, RUNNER, TRUSTED, Query, ask
from dashboards.source.levels import LEVEL_SCORE
from dashboards.source.panels import Panel
from sensorhub.model.exercise import BandWalkSet, ClamshellSet, DrillRep, SidePlankSet
from sensorhub.model.gait import Stride
from sensorhub.model.metrics import metric

BAND_WALK: Final = "\"drill\" = 'band_walk'"
SIDE_PLANK: Final = "\"drill\" = 'side_plank'"
CLAMSHELL: Final = "\"drill\" = 'standing_clamshell'"
A_DAY: Final = "time(1d)"


def dashboard() -> dict[str, Any]:
    """One runner's programme."""
    chosen = [variables.datasource(), variables.runner()]
    text = "One runner's hip drills: how much, how level, and whether the running follows."
    shown = [*_dose(), *_level(), *_progress(), _sets()]
    return page.dashboard("sensorhub-drills", "Drills", text, chosen, shown, "now-8w")


def _sets_of(select: str, drill: str, by: str, alias: str) -> Query:
    return ask(select, "drill_set", RUNNER, drill, by=f"{by} fill(none)", alias=alias)


def _dose() -> list[Panel]:
    steps = _sets_of('sum("steps")', BAND_WALK, f'{A_WEEK}, "direction"', "$tag_direction")
    hold = _sets_of('sum("hold_s")', SIDE_PLANK, f'{A_WEEK}, "side"', "$tag_side")
    reps = _sets_of('sum("reps")', CLAMSHELL, f'{A_WEEK}, "side"', "$tag_side")
    return [
        panels.bars(metric(BandWalkSet, "steps"), "Band walk: steps a week", "By direction.", [steps], 8),
        panels.bars(metric(SidePlankSet, "hold_s"), "Side plank: hold a week", "By the side that is down.", [hold], 8),
        panels.bars(metric(ClamshellSet, "reps"), "Clamshell: repetitions a week", "By knee.", [reps], 8),
    ]


def _level() -> list[Panel]:
    score = metric(BandWalkSet, "level_score")
    scores = [
        _sets_of('mean("level_score")', BAND_WALK, A_DAY, "band walk"),
        _sets_of('mean("level_score")', CLAMSHELL, A_DAY, "standing clamshell"),
    ]
    sag = _sets_of('mean("sag_deg")', SIDE_PLANK, f'{A_DAY}, "side"', "$tag_side")
    shake = _sets_of('mean("shake_deg")', SIDE_PLANK, f'{A_DAY}, "side"', "$tag_side")
    each_rep = ask('"pelvic_drop_deg"', "drill_rep", RUNNER, by='"drill"', alias="$tag_drill")
    return [
        panels.over_time(score, "Level score", "Mean of a day's sets.", scores, levels=LEVEL_SCORE),
        panels.histogram(metric(DrillRep, "pelvic_drop_deg"), "Drop of each repetition", "By drill.", each_rep, 0.5),
        panels.over_time(metric(SidePlankSet, "sag_deg"), "Side plank: sag", "Mean of a day's sets.", [sag]),
        panels.over_time(metric(SidePlankSet, "shake_deg"), "Side plank: shake", "Mean of a day's sets.", [shake]),
    ]


def _progress() -> list[Panel]:
    drop = ask(
        'mean("pelvic_drop_excursion_deg")',
        "stride",
        RUNNER,
        COUNTED,
        TRUSTED,
        by=f'{A_WEEK}, "side" fill(none)',
        alias="$tag_side",
    )
    score = ask('mean("level_score")', "drill_set", RUNNER, by=f'{A_WEEK}, "drill" fill(none)', alias="$tag_drill")
    tempo = _sets_of('mean("tempo_spm")', BAND_WALK, f'{A_DAY}, "direction"', "$tag_direction")
    excursion = metric(Stride, "pelvic_drop_excursion_deg")
    level = metric(ClamshellSet, "level_score")
    return [
        panels.over_time(excursion, "Drop in running", "Beside the drills: does it come down?", [drop], 8),
        panels.over_time(level, "Level score, by week", "Beside the running: does it go up first?", [score], 8),
        panels.over_time(metric(BandWalkSet, "tempo_spm"), "Band walk: tempo", "Mean of a day's sets.", [tempo], 8),
    ]


def _sets() -> Panel:
    sources = ((BandWalkSet, "steps"), (SidePlankSet, "hold_s"), (ClamshellSet, "reps"), (ClamshellSet, "level_score"))
    shown = [metric(record, name) for record, name in (*sources, (SidePlankSet, "sag_deg"), (BandWalkSet, "tempo_spm"))]
    tags = '"drill" AS "Drill", "direction" AS "Direction", "side" AS "Side"'
    numbers = ", ".join(f'"{entry.name}" AS "{entry.label}"' for entry in shown)
    rows = ask(f'"set" AS "Set", {tags}, {numbers}', "drill_set", RUNNER, table=True)
    columns = {entry.label: (entry, LEVEL_SCORE if entry.name == "level_score" else None) for entry in shown}
    return panels.table("Sets", "Every set in the time range, as it was counted.", [rows], columns)
