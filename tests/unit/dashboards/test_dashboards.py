"""The dashboards' JSON: complete, readable by everybody, and about fields that exist."""

import itertools
import json
import re

import pytest

from dashboards.source.build import DIRECTORY, built
from dashboards.source.panels import UNITS
from sensorhub.model.metrics import MEASUREMENTS
from tests.support.grafana_queries import targets
from tests.support.line_protocol import fields_of

PATHS = sorted(DIRECTORY.glob("*.json"))
BOARDS = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in PATHS}
PANELS = [(name, panel) for name, board in BOARDS.items() for panel in board["panels"]]
PANEL_IDS = [f"{name}: {panel['title']}" for name, panel in PANELS]
TARGETS = [target for board in BOARDS.values() for target in targets(board)]
TAGS = {"runner", "session", "sensor", "side", "direction", "activity", "drill"}
SHOWS_A_LEVEL_WITHOUT_COLOUR = {
    "gauge": lambda panel: panel["options"]["showThresholdLabels"],
    "bargauge": lambda panel: panel["options"]["valueMode"] == "text",
    "timeseries": lambda panel: "dashed" in panel["fieldConfig"]["defaults"]["custom"]["thresholdsStyle"]["mode"],
}


def test_the_four_dashboards_are_what_the_builder_makes():
    assert {path.name: path.read_text(encoding="utf-8") for path in PATHS} == built()
    assert set(BOARDS) == {"runner.json", "coach.json", "drills.json", "hub_health.json"}


@pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS)
def test_a_dashboard_has_its_own_uid_and_fits_any_grafana(board):
    assert len({other["uid"] for other in BOARDS.values()}) == len(BOARDS)
    assert re.fullmatch(r"[a-z-]{1,40}", board["uid"])
    assert "id" not in board
    assert board["description"].endswith(".")
    assert "sensorhub" in board["tags"]
    ids = [panel["id"] for panel in board["panels"]]
    titles = [panel["title"] for panel in board["panels"]]
    assert len(set(ids)) == len(ids)
    assert len(set(titles)) == len(titles)
    assert board["templating"]["list"][0]["type"] == "datasource"


@pytest.mark.parametrize(("name", "panel"), PANELS, ids=PANEL_IDS)
def test_a_panel_has_title_description_unit_and_source(name, panel):
    assert panel["title"]
    assert panel["description"].endswith((".", "?")), name
    assert panel["fieldConfig"]["defaults"]["unit"] in UNITS.values()
    assert panel["datasource"] == {"type": "influxdb", "uid": "${datasource}"}
    assert panel["targets"]
    for target in panel["targets"]:
        assert target["datasource"] == panel["datasource"]
        assert target["rawQuery"] is True


@pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS)
def test_panels_lie_side_by_side_on_the_page(board):
    cells = [
        {
            (column, row)
            for column in range(place["x"], place["x"] + place["w"])
            for row in range(place["y"], place["y"] + place["h"])
        }
        for place in (panel["gridPos"] for panel in board["panels"])
    ]
    assert all(one.isdisjoint(other) for one, other in itertools.combinations(cells, 2))
    assert all(column < 24 for cell in cells for column, _ in cell)


def luminance(color):
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def threshold_steps(panel):
    found = [panel["fieldConfig"]["defaults"].get("thresholds")]
    for override in panel["fieldConfig"]["overrides"]:
        found += [entry["value"] for entry in override["properties"] if entry["id"] == "thresholds"]
    return [threshold["steps"] for threshold in found if threshold]


@pytest.mark.parametrize(("name", "panel"), PANELS, ids=PANEL_IDS)
def test_levels_do_not_rely_on_hue(name, panel):
    for steps in threshold_steps(panel):
        assert steps[0]["value"] is None, name
        values = [step["value"] for step in steps[1:]]
        assert values == sorted(values)
        lightness = [luminance(step["color"]) + 0.05 for step in steps]
        assert all(max(pair) / min(pair) > 1.4 for pair in itertools.pairwise(lightness))
    if "thresholds" in panel["fieldConfig"]["defaults"]:
        assert SHOWS_A_LEVEL_WITHOUT_COLOUR[panel["type"]](panel)
    for override in panel["fieldConfig"]["overrides"]:
        properties = {entry["id"]: entry["value"] for entry in override["properties"]}
        if "thresholds" in properties:
            assert properties["custom.cellOptions"]["type"] == "gauge"
        elif "color" in properties:
            assert "custom.lineStyle" in properties


@pytest.mark.parametrize("target", TARGETS, ids=[target.name for target in TARGETS])
def test_every_queried_name_is_in_the_catalogue(target):
    select, _, rest = re.sub(r' AS "[^"]+"', "", target.influxql).partition(" FROM ")
    measurement = re.match(r'"(\w+)"', rest)[1]
    assert measurement in MEASUREMENTS
    fields = fields_of(measurement)
    names = set(re.findall(r'"(\w+)"', select + rest[len(measurement) + 2 :]))
    assert names <= fields | TAGS
    assert names


@pytest.mark.parametrize("target", TARGETS, ids=[target.name for target in TARGETS])
def test_a_query_is_bounded_and_counts_each_stride_once(target):
    if target.influxql.startswith("SHOW"):
        return
    assert "$timeFilter" in target.influxql
    if 'FROM "stride"' in target.influxql:
        assert '"superseded" = 0' in target.influxql


def test_runner_and_session_can_be_chosen():
    chosen = {name: {entry["name"] for entry in board["templating"]["list"]} for name, board in BOARDS.items()}
    assert chosen["runner.json"] == {"datasource", "runner", "session"}
    assert "runner" in chosen["coach.json"] & chosen["drills.json"]
