import json

import pytest
import typer
from typer.testing import CliRunner

from sensorhub.cli.evaluate import evaluate
from sensorhub.cli.synth import app as synth
from sensorhub.model.errors import InputError, SensorhubError, UsageError

APP = typer.Typer()
APP.command()(evaluate)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    out = tmp_path_factory.mktemp("made") / "run.csv"
    CliRunner().invoke(synth, ["run", "--minutes", "0.4", "--seed", "11", "--out", str(out)])
    return out, out.with_name("run.truth.json")


def run(*arguments):
    return CliRunner().invoke(APP, [str(one) for one in arguments], catch_exceptions=False, standalone_mode=False)


def test_the_table_has_every_measure_and_each_side(made):
    shown = run(made[0], "--truth", made[1]).stdout
    assert "stride F1" in shown
    for words in ("initial contact, ms left", "toe-off, ms         right", "contact time, ms    both"):
        assert words in shown
    assert max(map(len, shown.splitlines())) <= 80, "it fits a terminal of 80 columns"


def test_json_and_plot(made, tmp_path):
    pytest.importorskip("matplotlib")
    result = json.loads(run(made[0], "--truth", made[1], "--json", "--plot", tmp_path / "out.png").stdout)
    assert result["f1"] > 0.9
    assert {"left", "right", None} == {one["side"] for one in result["limits"]}
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")


def test_clocks_that_do_not_agree_are_said(made):
    with pytest.raises(InputError, match="--shift"):
        run(made[0], "--truth", made[1], "--shift", "500")


def test_a_standing_that_cannot_be_meant_is_named(made):
    with pytest.raises(UsageError, match="--standing"):
        run(made[0], "--truth", made[1], "--standing", "3")


@pytest.mark.parametrize(
    ("name", "says"), [("nowhere/out.png", "cannot be written"), ("out.xyz", "no kind of picture")]
)
def test_a_plot_that_cannot_be_written_is_named(made, tmp_path, name, says):
    pytest.importorskip("matplotlib")
    with pytest.raises(SensorhubError, match=says):
        run(made[0], "--truth", made[1], "--plot", tmp_path / name)
