"""Every query of every panel on a real influxd, over a season; and a year of fifty runners in few series."""

import json
import time
from pathlib import Path

import pytest

from sensorhub.adapters.influx import InfluxSink
from sensorhub.formats.influx_line import record_line
from sensorhub.pipeline.lines import Outcome
from tests.support.grafana_queries import expanded, targets
from tests.support.influx2 import serve
from tests.support.line_protocol import UNESCAPED_SPACE
from tests.support.season import Season

pytestmark = [pytest.mark.integration, pytest.mark.server]

DASHBOARDS = sorted((Path(__file__).parents[2] / "dashboards").glob("*.json"))
TARGETS = [target for path in DASHBOARDS for target in targets(json.loads(path.read_text(encoding="utf-8")))]
NOW_NS = Season.end_unix_ns
EVERYTHING = {"runner": ".*", "session": ".*"}
BATCH = 5000


def write(influx2, folder, records):
    lines = [record_line(record) for record in records]
    with InfluxSink(influx2.settings(folder)) as sink:
        for start in range(0, len(lines), BATCH):
            result = sink.write_batch(lines[start : start + BATCH])
            assert (result.outcome, result.bad) == (Outcome.STORED, ())


@pytest.fixture(scope="module")
def season(shared_influxd, tmp_path_factory):
    for influx2 in serve(shared_influxd, "season"):
        write(influx2, tmp_path_factory.mktemp("season"), Season().records())
        yield influx2


@pytest.mark.parametrize("target", TARGETS, ids=[target.name for target in TARGETS])
def test_a_query_has_rows(season, target, record_property):
    begin = time.perf_counter()
    rows = season.query(expanded(target, NOW_NS // 10**6, EVERYTHING))
    record_property("ms", round((time.perf_counter() - begin) * 1e3, 1))
    record_property("rows", len(rows))
    numbers = [value for row in rows for key, value in row.items() if key != "time" and isinstance(value, float | int)]
    assert rows
    assert numbers or target.panel.startswith("variable")


def test_one_runner_and_session_can_be_chosen(season):
    cadence = next(target for target in TARGETS if target.name == "Runner: Cadence A")
    runs = [
        season.query(expanded(cadence, NOW_NS // 10**6, {"runner": runner, "session": session}))
        for runner, session in (("runner 1", ".*"), ("runner 1", "r1\\-day056"), ("runner 1", "r2\\-day056"))
    ]
    assert [len(rows) for rows in runs] == [1, 1, 0]
    assert runs[0][0]["mean"] != runs[1][0]["mean"]


def test_a_revised_stride_counts_once(season):
    strides = next(target for target in TARGETS if target.name == "Runner: Strides A")
    rows = season.query(expanded(strides, NOW_NS // 10**6, {"runner": "runner 0", "session": "r0\\-day056"}))
    assert rows[0]["count"] == Season.strides_a_run


def series_of(records):
    """The distinct series of records: all of a line before its fields."""
    lines = (line for record in records for line in record_line(record).split("\n"))
    return {line[: UNESCAPED_SPACE.search(line).start()] for line in lines}


def test_influxd_counts_series_as_this_test_does(season):
    kept = {row["key"] for row in season.query("SHOW SERIES")}
    assert kept == series_of(Season().records())


def test_fifty_runners_for_a_year_stay_under_5000_series():
    year = Season(runners=50, weeks=52, strides_a_run=4, reps_a_set=1)
    assert 50 * 20 < len(series_of(year.records())) < 5000
