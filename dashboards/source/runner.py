"""One runner: a run, or many, stride by stride."""

from dataclasses import replace
from typing import Any, Final

from dashboards.source import page, panels, variables
from dashboards.source.influxql import A_WHILE, RUNNER, SESSION, TRUSTED, Query, ask, strides
from dashboards.source.levels import ASYMMETRY, DROP, QUALITY, TRUST
from dashboards.source.panels import Panel
from sensorhub.model.gait import Stride
from sensorhub.model.metrics import metric
from sensorhub.model.status import Gap
from sensorhub.model.summary import Summary

EXCURSION: Final = metric(Stride, "pelvic_drop_excursion_deg")
MEAN_EXCURSION: Final = 'mean("pelvic_drop_excursion_deg")'
ON_LEFT: Final = "\"side\" = 'left'"
ON_RIGHT: Final = "\"side\" = 'right'"
BY_SIDE: Final = f'{A_WHILE}, "side" fill(none)'


def dashboard() -> dict[str, Any]:
    """Everything about one runner."""
    chosen = [variables.datasource(), variables.runner(), variables.session()]
    text = "One runner's strides: pelvic drop left and right, how it drifts, and how far to trust it."
    shown = [*_numbers(), *_drop(), *_drift(), *_gait(), *_trust(), _sessions()]
    return page.dashboard("sensorhub-runner", "Runner", text, chosen, shown, "now-30d")


def by_side(field: str, *conditions: str) -> Query:
    """Ask a stride's field over time, one series a side."""
    return strides(f'mean("{field}")', *conditions, by=BY_SIDE, alias="$tag_side")


def _of_sessions(field: str) -> Query:
    return ask(f'mean("{field}")', "session", RUNNER, SESSION)


def _numbers() -> list[Panel]:
    left, right = strides(MEAN_EXCURSION, ON_LEFT, TRUSTED), strides(MEAN_EXCURSION, ON_RIGHT, TRUSTED)
    asymmetry, trusted = metric(Summary, "asymmetry_deg"), metric(Summary, "trusted_share")
    return [
        panels.gauge(EXCURSION, "Drop, left stance", "Mean of trusted strides.", left, DROP),
        panels.gauge(EXCURSION, "Drop, right stance", "Mean of trusted strides.", right, DROP),
        panels.gauge(asymmetry, "Asymmetry", "Mean of the sessions.", _of_sessions("asymmetry_deg"), ASYMMETRY),
        panels.gauge(trusted, "Trusted", "Mean of the sessions.", _of_sessions("trusted_share"), TRUST),
        panels.stat(metric(Stride, "cadence_spm"), "Cadence", "Mean of the strides.", strides('mean("cadence_spm")')),
        panels.stat(metric(Summary, "strides"), "Strides", "In the choice above.", strides('count("quality")')),
    ]


def _drop() -> list[Panel]:
    each_stride = strides('"pelvic_drop_excursion_deg"', TRUSTED, by='"side"', alias="$tag_side")
    return [
        panels.over_time(
            EXCURSION,
            "Drop excursion over the run",
            "Left solid, right dashed; above the first dashed level the hip deserves a look.",
            [by_side("pelvic_drop_excursion_deg", TRUSTED)],
            levels=DROP,
        ),
        panels.over_time(
            metric(Stride, "pelvic_drop_deg"),
            "Drop over the run",
            "Empty where the runner never stood still. Left solid, right dashed.",
            [by_side("pelvic_drop_deg", TRUSTED)],
        ),
        panels.histogram(
            EXCURSION,
            "Distribution of drop",
            "Each trusted stride counts once; two hills apart are an asymmetry.",
            each_stride,
            0.5,
        ),
        _asymmetry_over_time(),
    ]


def _asymmetry_over_time() -> Panel:
    sides = [
        strides(MEAN_EXCURSION, condition, TRUSTED, by=f"{A_WHILE} fill(none)", alias=alias)
        for condition, alias in ((ON_LEFT, "left"), (ON_RIGHT, "right"))
    ]
    subtract = {
        "mode": "binary",
        "alias": "left less right",
        "binary": {"left": "left", "operator": "-", "right": "right"},
        "replaceFields": True,
    }
    made = panels.over_time(
        metric(Summary, "asymmetry_deg"),
        "Asymmetry over the run",
        "Above zero the left stance drops more, below it the right.",
        sides,
        levels=ASYMMETRY,
    )
    join = {"id": "joinByField", "options": {"byField": "Time", "mode": "outer"}}
    return replace(made, transformations=[join, {"id": "calculateField", "options": subtract}])


def _drift() -> list[Panel]:
    shown = []
    for side in ("left", "right"):
        drift = metric(Summary, f"drift_{side}_deg_per_min")
        more = "Mean of the sessions; above zero the hip tires."
        shown.append(panels.stat(drift, drift.label, more, _of_sessions(drift.name), 6, decimals=2))
    change = metric(Summary, "minimal_detectable_change_deg")
    more = "Between two such sessions."
    shown.append(panels.stat(change, change.label, more, _of_sessions(change.name), 6, decimals=1))
    gaps = metric(Gap, "samples")
    shown.append(
        panels.stat(gaps, "Samples lost", "In the time range.", ask('sum("gap_samples")', "sensor", RUNNER), 6)
    )
    return shown


def _gait() -> list[Panel]:
    cadence = strides('mean("cadence_spm")', by=f"{A_WHILE} fill(none)", alias="cadence")
    shown = [panels.over_time(metric(Stride, "cadence_spm"), "Cadence over the run", "Both feet.", [cadence])]
    for name in ("ground_contact_time_s", "vertical_oscillation_m", "pelvic_tilt_deg"):
        entry = metric(Stride, name)
        shown.append(panels.over_time(entry, entry.label, "Left solid, right dashed.", [by_side(name)]))
    return shown


def _trust() -> list[Panel]:
    quality = metric(Stride, "quality")
    flagged = strides('count("quality")', "\"flags\" != ''", by=f"{A_WHILE} fill(none)", alias="flagged strides")
    every = strides('count("quality")', by=f"{A_WHILE} fill(none)", alias="all strides")
    lost = ask('sum("gap_samples")', "sensor", RUNNER, SESSION, by=f"{A_WHILE} fill(none)", alias="samples lost")
    more = "Strides with a gap, turn, slip, clipping or before the orientation settled, beside all."
    return [
        panels.over_time(quality, "Quality", "One is full trust.", [by_side("quality")], 8, QUALITY),
        panels.bars(metric(Summary, "strides"), "Flagged strides", more, [flagged, every], 8),
        panels.bars(metric(Gap, "samples"), "Gaps", "Radio losses; strides across one are flagged.", [lost], 8),
    ]


def _sessions() -> Panel:
    names = (
        "duration_s",
        "strides",
        "trusted_share",
        "cadence_spm",
        "pelvic_drop_left_deg",
        "pelvic_drop_right_deg",
        "asymmetry_deg",
        "minimal_detectable_change_deg",
    )
    select = ", ".join(
        ['"session_id" AS "Session"', *(f'"{name}" AS "{metric(Summary, name).label}"' for name in names)]
    )
    rows = ask(select, "session", RUNNER, SESSION, '"duration_s" > 0', table=True)
    columns = {metric(Summary, name).label: (metric(Summary, name), None) for name in names}
    text = "One row a session: its means, and the smallest change that is more than chance."
    return panels.table("Sessions", text, [rows], columns)
