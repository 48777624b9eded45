"""`sensorhub outbox` from outside of a hub's service: it looks, queues again, and changes nothing else."""

import json

import pytest

from sensorhub.adapters.sqlite.hub_store import HubStore
from sensorhub.pipeline.stored import StoredMark
from tests.support.command import sensorhub
from tests.support.strides import SESSION, stride

GROUPS = ["influx", "grafana"]


@pytest.fixture
def config(tmp_path):
    """The settings of a hub with a stored record, one that only one database has, one unsent and one dead letter."""
    with HubStore.open(tmp_path / "hub.sqlite", stored_by=GROUPS) as store:
        stored, half, _, dead = (record.seq for record in store.put_many([(stride(n), SESSION) for n in range(4)]))
        store.outbox.mark_stored("influx", StoredMark(ranges=((stored, half),)))
        store.outbox.mark_stored("grafana", StoredMark(ranges=((stored, stored),)))
        letters = store.outbox.next_letters(0, 10)
        store.outbox.refused(next(letter for letter in letters if letter.seq == dead), "Not authorized", give_up=True)
    path = tmp_path / "hub.toml"
    path.write_text(f'[hub]\ndata_dir = "{tmp_path}"\n')
    return path


def look(config, *words):
    ended = sensorhub("outbox", "--config", config, "--json", *words)
    assert ended.code == 0, ended.err
    return json.loads(ended.out)


def test_a_look_changes_nothing_whatever_its_settings_say_of_who_confirms(config):
    for _ in range(2):
        view = look(config)
        assert (view["unsent"], view["unconfirmed"], view["queued"]) == (2, 3, 0)
        assert [letter["reason"] for letter in view["dead_letters"]] == ["Not authorized"]


def test_dead_letters_are_queued_again_all_or_those_named(config):
    (dead,) = look(config)["dead_letters"]
    assert look(config, "--retry", str(dead["seq"] - 1))["queued"] == 0
    view = look(config, "--retry", str(dead["seq"]))
    assert (view["queued"], view["unsent"], view["dead_letters"]) == (1, 3, [])


def test_everything_goes_again_to_a_database_that_lost_its_own(config):
    view = look(config, "--all")
    assert (view["queued"], view["unsent"], view["unconfirmed"], view["dead_letters"]) == (4, 4, 4, [])


def test_for_people_it_is_a_few_lines(config):
    lines = sensorhub("outbox", "--config", config, "--retry").out.decode().splitlines()
    assert lines == [
        "1 records are queued again; a running service sends them within 30 s.",
        "3 to be sent, 3 not yet confirmed as stored.",
        "0 dead letters.",
    ]


def test_where_no_hub_ever_was_it_says_so(tmp_path):
    (tmp_path / "hub.toml").write_text(f'[hub]\ndata_dir = "{tmp_path / "nowhere"}"\n')
    ended = sensorhub("outbox", "--config", tmp_path / "hub.toml")
    assert (ended.code, ended.err.count("\n")) == (3, 1)
    assert "no hub has kept anything" in ended.err
