"""Programmes from TOML: the default is the prescription, and each mistake is named."""

from pathlib import Path

import pytest

from sensorhub.adapters.programmes import DEFAULT_PROGRAMME, load_programme
from sensorhub.model.errors import UsageError
from sensorhub.model.exercise import Drill
from sensorhub.model.programme import steps_of


def test_the_default_is_what_therapists_prescribe() -> None:
    programme = load_programme()
    doses = {given.drill: (given.sets, given.present.low, given.present.high) for given in programme.drills}
    assert doses[Drill.SIDE_PLANK] == (2, 20, 30)
    assert doses[Drill.STANDING_CLAMSHELL] == (2, 12, 15)
    assert doses[Drill.BAND_WALK] == (3, 10, 20)
    assert len(steps_of(programme)) == 2 * (2 + 2 + 3)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("get_ready_s = 5", "get_ready = 5", "get_ready"),
        ("sets = 3", "sets = 0", "sets"),
        ('"band_walk"', '"moon_walk"', "drill"),
        ("low = 12, high = 15", "low = 16, high = 15", "low is above high"),
        ("stage = 1", "stage = 4", "stage 4"),
        ("[progression]", "[[progression", "line"),
    ],
)
def test_a_mistake_is_named_with_its_file(tmp_path: Path, old: str, new: str, named: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(DEFAULT_PROGRAMME.read_text().replace(old, new))
    with pytest.raises(UsageError, match=named) as caught:
        load_programme(file)
    assert "mine.toml" in str(caught.value)


def test_a_missing_file_and_a_missing_drill_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_programme(tmp_path / "none.toml")
    file = tmp_path / "planks.toml"
    text = DEFAULT_PROGRAMME.read_text()
    file.write_text(text[: text.index("[[drills]]")] + "drills = []\n" + text[text.index("[progression]") :])
    with pytest.raises(UsageError, match="has no band_walk"):
        load_programme(file, only=Drill.BAND_WALK)
