"""What is said to somebody who mistyped: one line that names what is wrong, and exit code 2."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import sensorhub


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["evaluate", "run.csv"], "Missing option '--truth'"),
        (["analyze"], "Missing argument 'file'"),
        (["analyze", "run.csv", "--block-ms", "0"], "'--block-ms'"),
        (["analyze", "run.csv", "--activity", "swim"], "'--activity': 'swim' is not one of 'auto'"),
        (
            ["evaluate", "run.csv", "--truth", "t.csv", "--first-side", "up"],
            "'--first-side': 'up' is not one of 'left'",
        ),
        (["gallop"], "No such command 'gallop'"),
        (["run", "-c", "nowhere.toml"], "nowhere.toml: no such file"),
        (["drill"], "No sensor is named"),
    ],
)
def test_wrong_usage_is_one_line_that_names_it(arguments, said):
    ended = sensorhub(*arguments)
    assert ended.code == 2
    assert said in ended.err
    assert ended.err.count("\n") == 1
    assert ".." not in ended.err


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('profile = "gallop"', "no device profile 'gallop'"),
        ("settings = { rate_hz = 3 }", "cannot do rate_hz = 3"),
        ('[mqtt]\nca_file = "nowhere.pem"', "mqtt.ca_file"),
        ('[hub]\nradio = "bumble:nowhere"', "no virtual radio at nowhere"),
    ],
)
def test_what_a_task_of_the_service_cannot_do_is_one_line_too(tmp_path, settings, said):
    config = tmp_path / "sensorhub.toml"
    sensor = f'[[sensor]]\nname = "SH-1"\nrunner = "ada"\n{settings}\n'
    config.write_text(
        sensor + ("" if "[hub]" in settings else "[hub]\n") + f'data_dir = "{tmp_path}"\n[page]\nport = 0\n'
    )
    ended = sensorhub("run", "--config", config, "--seconds", "60")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert said in ended.err


def test_every_command_fits_its_line_of_the_help():
    listed = sensorhub("--help").out.decode().partition("Commands:")[2]
    assert "demo" in listed
    assert "..." not in listed


@pytest.mark.parametrize("command", [["run"], ["forget", "ada", "--no-broker"]])
def test_a_folder_that_cannot_be_made_is_said_in_one_line(tmp_path, command):
    (tmp_path / "file").touch()
    config = tmp_path / "sensorhub.toml"
    config.write_text(f'[hub]\ndata_dir = "{tmp_path}/file/data"\n[[sensor]]\nname = "SH-0001"\nrunner = "ada"\n')
    ended = sensorhub(*command, "--config", config)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "file/data: this folder cannot be made (Not a directory)" in ended.err


@pytest.mark.parametrize("arguments", [["--help"], ["analyze", "run.csv", "--json"]])
def test_a_reader_that_goes_ends_it_without_a_word(tmp_path, arguments):
    sensorhub("synth", "run", "--minutes", "0.1", "--out", tmp_path / "run.csv")
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "sensorhub", *arguments]
    checkout = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    with os.fdopen(writing, "wb") as gone:
        ended = subprocess.run(command, cwd=tmp_path, env=checkout, stdout=gone, stderr=subprocess.PIPE, check=False)
    assert (ended.returncode, ended.stderr) == (1, b"")
