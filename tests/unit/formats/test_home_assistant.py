"""What Home Assistant is told: one device a hub, status and summary, at most every ten seconds."""

import json
import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhub.formats.home_assistant import device_id, discovery, discovery_topic, state_of
from sensorhub.model.session import Record
from sensorhub.model.status import SensorStatus
from sensorhub.model.summary import Estimate
from sensorhub.pipeline.home_state import HomeState
from sensorhub.pipeline.topics import is_record_topic
from tests.support.strides import SESSION, stride, summary

STATUS = SensorStatus(10.0, True, 88.0, -60.0, 99.6, 0.012, 0.06, 3)
SUMMARY = summary(trusted_share=0.975, pelvic_drop_left_deg=Estimate(5.123, 5.0, 5.2, 80))


def record(event, sensor="clip"):
    return Record(replace(SESSION, sensor=sensor), 1, event)


def test_a_state_has_every_value_that_the_discovery_shows():
    announced = json.loads(discovery("club", {"clip": "sensorhub/v1/club/status/clip"}, "avail", "1.0"))
    shown = {re.search(r"value_json\.(\w+)", entry["value_template"])[1] for entry in announced["components"].values()}
    assert shown <= state_of(record(STATUS)).keys() | state_of(record(SUMMARY)).keys()
    assert announced["availability_topic"] == "avail"
    assert len({entry["unique_id"] for entry in announced["components"].values()}) == len(announced["components"])
    assert all(
        entry["unit_of_measurement"] != "share"
        for entry in announced["components"].values()
        if "unit_of_measurement" in entry
    )


def test_shares_are_percent_means_are_numbers_and_unknown_is_null():
    told = state_of(record(SUMMARY))
    assert (told["trusted_share"], told["pelvic_drop_left_deg"], told["asymmetry_deg"]) == (97.5, 5.12, None)
    assert state_of(record(STATUS))["connected"] is True
    assert state_of(record(stride(1))) == {}


@settings(max_examples=30, deadline=None)
@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_any_hub_has_a_topic_of_its_own(hub, other):
    topic = discovery_topic("homeassistant", hub)
    assert re.fullmatch(r"homeassistant/device/[a-zA-Z0-9_-]+/config", topic)
    assert (device_id(hub) == device_id(other)) == (hub == other)


def test_a_sensor_is_told_of_at_once_and_then_every_ten_seconds_with_the_newest():
    state = HomeState()
    state.hear(record(STATUS))
    assert [sensor for sensor, _ in state.due(100.0)] == ["clip"]
    for place in range(50):
        state.hear(record(replace(STATUS, battery_percent=float(place))))
        assert state.due(100.0 + place * 0.19) == []
    assert state.next_instant_s(105.0) == 110.0
    ((_, payload),) = state.due(110.0)
    assert json.loads(payload)["battery_percent"] == 49.0
    assert state.due(200.0) == []
    assert state.next_instant_s(200.0) is None


def test_sensors_wait_for_themselves_alone_and_strides_are_passed_over():
    state = HomeState()
    state.hear(record(STATUS))
    state.due(0.0)
    state.hear(record(stride(1)))
    state.hear(record(SUMMARY, "other"))
    assert [sensor for sensor, _ in state.due(1.0)] == ["other"]
    assert [sensor for sensor, _ in state.everything(2.0)] == ["clip", "other"]


def test_what_it_is_told_is_no_record_for_the_writer():
    assert not is_record_topic("sensorhub/v1/club/status/clip")
