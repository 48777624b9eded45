"""Names that may be a level of a topic, and what is published where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorhub.model.errors import UsageError
from sensorhub.pipeline.topics import check_level, is_record_topic, record_topic, records_filter


@pytest.mark.parametrize("name", ["", "a/b", "a+b", "#", "$SYS", "a\0", "a\nb", "\x7f", "command", "x" * 200, "\ud800"])
def test_names_that_would_break_a_topic_are_refused(name):
    with pytest.raises(UsageError):
        check_level(name, "sensor")


@given(st.text(max_size=40))
def test_a_name_is_refused_or_stays_one_level(name):
    try:
        topic = record_topic("hub", name, "stride")
    except UsageError:
        return
    assert topic.count("/") == 4
    assert is_record_topic(topic)
    assert not set("+#$\0") & set(topic)


def test_shared_writers_ask_for_the_same_records():
    assert records_filter("influx") == f"$share/influx/{records_filter()}"
    assert records_filter() == "sensorhub/v1/+/+/+"
