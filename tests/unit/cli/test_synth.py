import json

import pytest
from typer.testing import CliRunner

from sensorhub.adapters.plain_recording import read_plain_recording
from sensorhub.cli.synth import app
from sensorhub.model.errors import UsageError

RUNNER = CliRunner()


@pytest.mark.parametrize(
    "command",
    [
        ["run", "--minutes", "0.2", "--walk-every", "6", "--turn-every", "5", "--slip", "9", "--loss", "0.05"],
        ["band_walk", "--steps", "4", "--sets", "right,left"],
        ["side_plank", "--hold", "6", "--sets", "right", "--dip", "3", "--leg-lift", "4"],
        ["standing_clamshell", "--reps", "3", "--turn", "0"],
        ["negative", "stairs", "--seconds", "20"],
    ],
)
def test_each_kind_is_written_with_its_truth_and_can_be_read(command, tmp_path):
    out = tmp_path / "made.csv"
    result = RUNNER.invoke(app, [*command, "--out", str(out), "--rate", "60"], catch_exceptions=False)
    assert result.exit_code == 0
    (block,) = read_plain_recording(out)
    assert len(block) > 300
    truth = json.loads((tmp_path / "made.truth.json").read_text())
    assert truth["rate_hz"] == 60.0
    assert bool(truth["steps"]) == (command[0] == "run")
    assert bool(truth["sets"]) == (command[0] not in {"run", "negative"})


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        RUNNER.invoke(app, ["run", "--minutes", "0.2", "--seed", "7", "--out", str(tmp_path / f"{name}.csv")])
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["negative", "rocket", "--out", "x.csv"], "rocket"),
        (["negative", "stairs"], "--out"),
        (["run", "--out", "x.txt"], ".csv"),
        (["run", "--out", "x.csv", "--mount", "sideways"], "--mount"),
        (["band_walk", "--out", "x.csv", "--sets", "up"], "--sets"),
    ],
)
def test_what_cannot_be_meant_is_said_in_one_line(arguments, word):
    with pytest.raises(UsageError, match=word) as error:
        RUNNER.invoke(app, arguments, catch_exceptions=False, standalone_mode=False)
    assert "\n" not in str(error.value)


def test_the_scenes_can_be_listed():
    assert "washing_machine" in RUNNER.invoke(app, ["negative", "list"]).stdout
