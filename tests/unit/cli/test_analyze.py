import gzip
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from sensorhub.formats.plain_csv import HEADER, format_rows
from sensorhub.model.samples import SampleBlock
from sensorhub.synthetic.runner import synthesise_run
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams
from tests.support.command import sensorhub


@pytest.fixture(scope="module")
def run_csv(tmp_path_factory):
    """A minute of made running, as a file, and how many strides it truly has."""
    made = synthesise_run(RunnerParams(seed=3, bouts=(Bout(Pace.STAND, 8.0), Bout(Pace.RUN, 40.0))))
    path = tmp_path_factory.mktemp("recordings") / "run.csv"
    path.write_text(HEADER + "\n" + format_rows(made.block))
    return path, len(made.truth.steps)


def rows(end_s=20.0, rate_hz=100.0, acc=(0.0, 0.0, 9.81)):
    t_s = np.arange(0.0, end_s, 1 / rate_hz)
    return format_rows(SampleBlock(t_s, np.tile(acc, (len(t_s), 1)), np.zeros((len(t_s), 3))))


def records(ended):
    return [json.loads(line) for line in ended.out.splitlines()]


def test_json_is_records_and_nothing_else_and_counts_the_strides(run_csv):
    path, truly = run_csv
    ended = sensorhub("analyze", path, "--json")
    assert (ended.code, ended.err) == (0, "")
    strides = [record for record in records(ended) if record["type"] == "stride"]
    assert len(strides) == pytest.approx(truly, abs=0.02 * truly)
    assert {stride["side"] for stride in strides} == {"left", "right"}
    assert len({stride["seq"] for stride in strides}) == len(strides)
    assert records(ended)[-1]["type"] == "summary"


@pytest.mark.parametrize("block_ms", [7, 50, 1000])
def test_any_cut_gives_the_same_bytes(run_csv, block_ms):
    path, _ = run_csv
    assert sensorhub("analyze", path, "--json", "--block-ms", block_ms).out == sensorhub("analyze", path, "--json").out


def test_a_packed_recording_reads_the_same(run_csv, tmp_path):
    path, _ = run_csv
    packed = tmp_path / "run.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert sensorhub("analyze", packed, "--json").out == sensorhub("analyze", path, "--json").out


def test_people_get_a_line_a_stride(run_csv):
    path, truly = run_csv
    ended = sensorhub("analyze", path)
    lines = ended.out.decode().splitlines()
    assert ended.code == 0
    assert sum("drop" in line and "contact" in line for line in lines) == pytest.approx(truly, abs=0.02 * truly)
    assert "\x1b" not in ended.out.decode()


def test_csv_has_a_row_a_stride(run_csv, tmp_path):
    path, truly = run_csv
    sensorhub("analyze", path, "--json", "--csv", tmp_path / "out.csv")
    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert lines[0].startswith("seq,revision,side,initial_contact_s")
    assert len(lines) - 1 == pytest.approx(truly, abs=0.02 * truly)


BAD_FILES = {
    "empty": "",
    "another header": "time,x\n0,1\n",
    "text in a number": HEADER + "\n" + rows() + "oops,0,0,9.81,0,0,0\n",
    "time going back": HEADER + "\n" + rows() + "1.0,0,0,9.81,0,0,0\n",
    "three samples": HEADER + "\n" + rows(end_s=0.03),
    "too slow": HEADER + "\n" + rows(rate_hz=10.0),
    "header alone": HEADER + "\n",
}


@pytest.mark.parametrize("text", BAD_FILES.values(), ids=BAD_FILES)
def test_input_that_cannot_be_read_is_one_line_and_exit_3(tmp_path, text):
    path = tmp_path / "bad.csv"
    path.write_text(text)
    ended = sensorhub("analyze", path, "--json")
    assert (ended.code, ended.out) == (3, b"")
    assert ended.err.count("\n") == 1
    assert "bad.csv" in ended.err


def test_a_directory_a_missing_file_and_binary_are_exit_3(tmp_path):
    (tmp_path / "noise.csv").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "noise.csv.gz").write_bytes(b"not gzip at all")
    for path in (tmp_path, tmp_path / "none.csv", tmp_path / "noise.csv", tmp_path / "noise.csv.gz"):
        ended = sensorhub("analyze", path)
        assert ended.code == 3
        assert str(path) in ended.err
        assert ended.err.count("\n") == 1


# root may read everything, save without these capabilities
AS_ANYBODY = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []


@pytest.mark.parametrize("command", ["analyze", "replay", "evaluate run.csv --truth", "restore", "demo --input"])
def test_a_file_that_may_not_be_read_is_exit_3(tmp_path, command):
    path = tmp_path / "closed.csv"
    path.touch(0)
    command = [*AS_ANYBODY, sys.executable, "-m", "sensorhub", *command.split(), str(path)]
    empty = {**os.environ, "SENSORHUB_HUB_DATA_DIR": str(tmp_path / "data")}
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=empty)
    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr == f"sensorhub: {path}: may not be read. Give yourself read permission on it.\n"


def test_the_demo_plays_no_recording_with_a_bad_row(run_csv, tmp_path):
    lines = run_csv[0].read_text().splitlines(keepends=True)
    path = tmp_path / "bad.csv"
    path.write_text("".join([*lines[:2000], "soon\n", *lines[2000:]]))
    ended = sensorhub("demo", "--input", path)
    assert (ended.code, ended.err.count("\n")) == (3, 1)
    assert "line 2001" in ended.err


def test_an_output_that_cannot_be_written_is_exit_1(run_csv, tmp_path):
    path, _ = run_csv
    ended = sensorhub("analyze", path, "--json", "--csv", tmp_path / "nowhere" / "out.csv")
    assert ended.code == 1
    assert "cannot be written" in ended.err


def test_the_recording_itself_is_never_written_over(run_csv):
    path, _ = run_csv
    before = path.read_bytes()
    ended = sensorhub("analyze", path, "--csv", path)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert path.read_bytes() == before


@pytest.mark.parametrize("acc", [(0.0, 0.0, 0.0), (0.0, 0.0, 9.81)], ids=["all zeros", "lying still"])
def test_nothing_to_see_gives_no_stride(tmp_path, acc):
    path = tmp_path / "still.csv"
    path.write_text(HEADER + "\n" + rows(acc=acc))
    ended = sensorhub("analyze", path, "--json")
    assert ended.code == 0
    assert not [record for record in records(ended) if record["type"] in {"stride", "drill_set", "drill_rep"}]


def test_ten_seconds_missing_are_a_gap(run_csv, tmp_path):
    path, _ = run_csv
    lines = path.read_text().splitlines(keepends=True)
    path = tmp_path / "holed.csv"
    path.write_text("".join(lines[:2001] + lines[3001:]))
    found = records(sensorhub("analyze", path, "--json"))
    gaps = [record for record in found if record["type"] == "gap"]
    assert [(gap["samples"], round(gap["end_s"] - gap["start_s"], 2)) for gap in gaps] == [(1000, 10.01)]
    inside = [r for r in found if r["type"] == "stride" and gaps[0]["start_s"] < r["toe_off_s"] < gaps[0]["end_s"]]
    assert not inside


@pytest.mark.parametrize("arguments", [["analyse"], ["analyze"], ["analyze", "x.csv", "--block-ms", "0"]])
def test_wrong_usage_is_exit_2(arguments):
    ended = sensorhub(*arguments)
    assert ended.code == 2
    assert ended.err.count("\n") == 1
