import json

import pytest

from sensorhub.adapters.alignments import AlignmentShelf
from sensorhub.model.alignment import Alignment
from sensorhub.model.errors import InputError
from sensorhub.model.gait import Reference
from sensorhub.synthetic.runner import synthesise_run
from sensorhub.synthetic.runner_params import Bout, Pace, RunnerParams
from tests.support.command import sensorhub
from tests.support.files import recording

STAND_AND_JOG = (Bout(Pace.STAND, 8.0), Bout(Pace.RUN, 30.0))


def made(tmp_path, bouts, seed=11):
    return recording(tmp_path / "calibration.csv", synthesise_run(RunnerParams(seed=seed, bouts=bouts)).block)


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "sensorhub.toml"
    path.write_text(f'[hub]\ndata_dir = "{tmp_path}"\n[[sensor]]\nname = "SH-0001"\nrunner = "ada"\n')
    return path


def test_standing_and_jogging_calibrates_the_clip(tmp_path, config):
    ended = sensorhub("calibrate", "SH-0001", "--config", config, "--input", made(tmp_path, STAND_AND_JOG))
    assert ended.code == 0, ended.err
    kept = AlignmentShelf(tmp_path / "alignments").load("SH-0001")
    assert kept is not None
    assert kept.settled
    assert kept.reference is Reference.STANDING


@pytest.mark.parametrize(
    "bouts, missing", [((Bout(Pace.RUN, 30.0),), "standing"), ((Bout(Pace.STAND, 30.0),), "jogging")]
)
def test_what_was_missing_is_said_and_nothing_is_kept(tmp_path, config, bouts, missing):
    ended = sensorhub("calibrate", "SH-0001", "--config", config, "--input", made(tmp_path, bouts))
    assert ended.code == 1
    assert missing in ended.err
    assert not (tmp_path / "alignments").exists()


def test_a_sensor_that_is_not_in_the_settings_is_wrong_usage(config):
    assert sensorhub("calibrate", "SH-9999", "--config", config).code == 2


@pytest.mark.parametrize("name", ["../up", "a/b", ".", "..", "SH 1", "\N{SNOWMAN}", "a" * 40])
def test_any_name_stays_inside_the_folder_and_comes_back(tmp_path, name):
    shelf = AlignmentShelf(tmp_path / "alignments")
    alignment = Alignment((0.0, 0.0, 1.0), (0.0, 1.0, 0.0), Reference.STANDING, settled=True)
    assert shelf.load(name) is None
    assert shelf.save(name, alignment).parent == tmp_path / "alignments"
    assert shelf.load(name) == alignment


def test_a_broken_calibration_says_to_calibrate_again(tmp_path):
    shelf = AlignmentShelf(tmp_path)
    shelf.path("SH-0001").write_text(json.dumps({"up_sensor": [1, 2]}))
    with pytest.raises(InputError, match="Calibrate again"):
        shelf.load("SH-0001")
