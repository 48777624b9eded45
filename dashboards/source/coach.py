"""The team: who needs a look, who is running now, this week against the weeks before."""

from typing import Any, Final

from dashboards.source import page, panels, variables
from dashboards.source.influxql import A_WEEK, COUNTED, RUNNER, TRUSTED, ask
from dashboards.source.levels import ASYMMETRY_SIZE, DROP, TRUST
from dashboards.source.panels import Panel
from sensorhub.model.gait import Stride
from sensorhub.model.metrics import metric
from sensorhub.model.status import ActivitySpan
from sensorhub.model.summary import Summary

EXCURSION: Final = metric(Stride, "pelvic_drop_excursion_deg")
EACH: Final = '"runner"'


def dashboard() -> dict[str, Any]:
    """All runners side by side."""
    chosen = [variables.datasource(), variables.runner(everybody=True)]
    text = "The team: who needs a look, who is running now, and each week against the one before."
    shown = [*_who_needs_a_look(), _team(), _live(), *_weeks()]
    return page.dashboard("sensorhub-coach", "Coach", text, chosen, shown, "now-8w")


def _who_needs_a_look() -> list[Panel]:
    drop = ask('mean("pelvic_drop_excursion_deg")', "stride", RUNNER, COUNTED, TRUSTED, by=EACH, alias="$tag_runner")
    asymmetry = ask('abs(mean("asymmetry_deg"))', "session", RUNNER, by=EACH, alias="$tag_runner")
    return [
        panels.bar_gauge(
            metric(Summary, "asymmetry_deg"),
            "Who needs a look: asymmetry",
            "Its size, whichever side.",
            asymmetry,
            ASYMMETRY_SIZE,
        ),
        panels.bar_gauge(EXCURSION, "Who needs a look: drop", "Mean of both sides.", drop, DROP),
    ]


def _team() -> Panel:
    judged = {
        "strides": None,
        "trusted_share": TRUST,
        "cadence_spm": None,
        "pelvic_drop_left_deg": DROP,
        "pelvic_drop_right_deg": DROP,
        "asymmetry_deg": None,
    }
    means = [f'mean("{name}") AS "{metric(Summary, name).label}"' for name in judged if name != "strides"]
    select = ", ".join(['count("strides") AS "Sessions"', 'sum("strides") AS "Strides"', *means])
    columns = {metric(Summary, name).label: (metric(Summary, name), levels) for name, levels in judged.items()}
    text = "One row a runner over the time range: sessions, strides, how many can be trusted, and the mean drop."
    return panels.table("Team", text, [ask(select, "session", RUNNER, by=EACH, table=True)], columns)


def _live() -> Panel:
    shown = {"cadence_spm": None, "pelvic_drop_excursion_deg": DROP, "ground_contact_time_s": None, "quality": None}
    selected = ", ".join(f'last("{name}") AS "{metric(Stride, name).label}"' for name in shown)
    columns = {metric(Stride, name).label: (metric(Stride, name), levels) for name, levels in shown.items()}
    rows = ask(selected, "stride", RUNNER, COUNTED, by=f'{EACH}, "side"', table=True)
    text = "Who ran in the last ten minutes, whatever the time range: the latest stride of each side."
    return panels.table("Live now", text, [rows], columns, time_from="10m")


def _weeks() -> list[Panel]:
    weekly = f"{A_WEEK}, {EACH} fill(none)"
    drop = ask('mean("pelvic_drop_excursion_deg")', "stride", RUNNER, COUNTED, TRUSTED, by=weekly, alias="$tag_runner")
    asymmetry = ask('abs(mean("asymmetry_deg"))', "session", RUNNER, by=weekly, alias="$tag_runner")
    running = ask(
        'sum("span_end_s") - sum("span_start_s")',
        "session",
        RUNNER,
        "\"activity\" = 'run'",
        by=weekly,
        alias="$tag_runner",
    )
    dose = ask('count("set")', "drill_set", RUNNER, by=weekly, alias="$tag_runner")
    return [
        panels.bars(EXCURSION, "Drop, week against week", "One bar a runner and week.", [drop]),
        panels.bars(
            metric(Summary, "asymmetry_deg"), "Asymmetry, week against week", "Its size, whichever side.", [asymmetry]
        ),
        panels.bars(metric(ActivitySpan, "end_s"), "Running time a week", "Spans of running, added up.", [running]),
        panels.bars(metric(Summary, "drill_sets"), "Drill sets a week", "All drills and sides.", [dose]),
    ]
