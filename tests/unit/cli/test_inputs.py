"""Which settings a command takes: those it is given, else those of the folder it runs in, else the defaults."""

import pytest

from sensorhub.cli.inputs import settings_of
from sensorhub.config import Settings


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_settings_are_those_of_the_folder(here):
    (here / "sensorhub.toml").write_text('[hub]\nname = "treadmill-2"\n', encoding="utf-8")
    (here / "club.toml").write_text('[hub]\nname = "club"\n', encoding="utf-8")
    assert settings_of(None).hub.name == "treadmill-2"
    assert settings_of(here / "club.toml").hub.name == "club"


@pytest.mark.usefixtures("here")
def test_without_a_file_they_are_the_defaults():
    assert settings_of(None) == Settings()
