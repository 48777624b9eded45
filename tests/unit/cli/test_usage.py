"""What is said to somebody who mistyped: one line that names what is wrong, and exit code 2."""

import pytest

from tests.support.command import sensorhub


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["evaluate", "run.csv"], "Missing option '--truth'"),
        (["analyze"], "Missing argument 'file'"),
        (["analyze", "run.csv", "--block-ms", "0"], "'--block-ms'"),
        (["gallop"], "No such command 'gallop'"),
        (["run", "-c", "nowhere.toml"], "nowhere.toml: no such file"),
    ],
)
def test_wrong_usage_is_one_line_that_names_it(arguments, said):
    ended = sensorhub(*arguments)
    assert ended.code == 2
    assert said in ended.err
    assert ended.err.count("\n") == 1
    assert ".." not in ended.err


def test_every_command_fits_its_line_of_the_help():
    listed = sensorhub("--help").out.decode().partition("Commands:")[2]
    assert "demo" in listed
    assert "..." not in listed
