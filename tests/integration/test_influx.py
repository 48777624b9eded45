"""The sink against real servers: influxd 1.x behind a stand-in for 2.x, victoria-metrics for the client's HTTP."""

from dataclasses import replace

import msgspec
import pytest

from sensorhub.adapters.influx import MANY_REFUSED, InfluxSink
from sensorhub.config import InfluxSettings
from sensorhub.formats.influx_line import record_line
from sensorhub.model.errors import SensorhubError
from sensorhub.model.gait import Side
from sensorhub.model.session import Record
from sensorhub.pipeline.lines import Outcome
from tests.unit.formats.test_influx_line import SESSION, STRIDE

pytestmark = [pytest.mark.integration, pytest.mark.server]


def strides(count, **changes):
    return [
        record_line(
            Record(SESSION, seq, msgspec.structs.replace(STRIDE, seq=seq, initial_contact_s=seq * 0.35, **changes))
        )
        for seq in range(count)
    ]


@pytest.fixture
def settings(influx2, tmp_path):
    return influx2.settings(tmp_path, "write-token\n")


@pytest.fixture
def sink(settings):
    with InfluxSink(settings) as sink:
        yield sink


def count(influx2):
    rows = influx2.query('SELECT count("quality") FROM "stride"')
    return rows[0]["count"] if rows else 0


def test_a_batch_is_stored_to_the_nanosecond_and_twice_is_once(influx2, sink):
    for _ in range(2):
        assert sink.write_batch(strides(100)).outcome is Outcome.STORED
    assert count(influx2) == 100
    rows = influx2.query('SELECT "seq", "side", "flags", "session_id" FROM "stride" ORDER BY time')
    assert [row["time"] for row in rows] == [SESSION.start_unix_ns + round(seq * 0.35e9) for seq in range(100)]
    assert rows[7]["seq"] == 7.0
    assert (rows[7]["side"], rows[7]["flags"], rows[7]["session_id"]) == ("left", "gap,turn", SESSION.session)


def test_names_with_every_special_character_come_back(influx2, sink):
    session = replace(SESSION, runner='Zoë, 2nd = "best" o\'r\\x 走', sensor="a b", session='quo"te\\d')
    assert sink.write_batch([record_line(Record(session, 1, STRIDE))]).bad == ()
    row = influx2.query('SELECT "quality", "runner", "sensor", "session_id" FROM "stride"')[0]
    assert (row["runner"], row["sensor"], row["session_id"]) == (session.runner, session.sensor, session.session)


def test_a_revised_side_leaves_one_stride_that_counts(influx2, sink):
    before = Record(SESSION, 41, STRIDE)
    after = Record(SESSION, 41, msgspec.structs.replace(STRIDE, revision=1, side=Side.RIGHT, quality=0.5))
    sink.write_batch([record_line(before)])
    sink.write_batch([record_line(after)])
    rows = influx2.query('SELECT "quality", "side" FROM "stride" WHERE "superseded" = 0')
    assert [(row["side"], row["quality"]) for row in rows] == [("right", 0.5)]


@pytest.mark.parametrize("place", [0, 41, 99])
def test_one_bad_line_is_set_aside_and_the_rest_stored(influx2, sink, place):
    lines = strides(100)
    lines[place] = "stride,runner=ada this is no line"
    result = sink.write_batch(lines)
    assert result.outcome is Outcome.STORED
    assert [(bad.index, bad.line) for bad in result.bad] == [(place, lines[place])]
    assert "unable to parse" in result.bad[0].reason
    assert count(influx2) == 99


def test_a_type_conflict_is_a_bad_line(influx2, sink):
    sink.write_batch(strides(3))
    lines = [*strides(10), 'stride,runner=ada,side=left quality="good" 1795000000000000000']
    result = sink.write_batch(lines)
    assert [bad.index for bad in result.bad] == [10]
    assert "type conflict" in result.bad[0].reason
    assert count(influx2) == 10


def test_when_nothing_is_accepted_the_database_is_wrong_not_the_lines(sink):
    sink.write_batch([f'stride,runner=eve quality="good" {SESSION.start_unix_ns}'])
    result = sink.write_batch(strides(3 * MANY_REFUSED))
    assert result.outcome is Outcome.MISCONFIGURED
    assert "refuses every line" in result.message
    assert "type conflict" in result.message


@pytest.mark.parametrize("fault", [429, 500, 503, "drop", "half"])
def test_a_bad_day_means_the_same_batch_again(influx2, sink, fault):
    influx2.faults.append(fault)
    result = sink.write_batch(strides(10))
    assert (result.outcome, result.bad) == (Outcome.TRY_LATER, ())
    assert "\n" not in result.message
    assert sink.write_batch(strides(10)).outcome is Outcome.STORED
    assert count(influx2) == 10


def test_a_bad_day_while_a_bad_line_is_looked_for_keeps_the_batch(influx2, sink):
    lines = [*strides(10), "no line"]
    influx2.faults.extend([0.0, 0.0, 503])
    assert sink.write_batch(lines).outcome is Outcome.TRY_LATER
    assert [bad.index for bad in sink.write_batch(lines).bad] == [10]
    assert count(influx2) == 10


def test_the_wait_that_the_server_asks_for_is_passed_on(influx2, sink):
    influx2.faults.append(429)
    influx2.retry_after = "17"
    assert sink.write_batch(strides(1)).retry_after_s == 17.0
    influx2.faults.append(503)
    influx2.retry_after = "Sun, 22 Nov 2026 07:00:00 GMT"
    assert sink.write_batch(strides(1)).retry_after_s is None


def test_a_slow_server_is_given_up_after_the_timeout(influx2, settings):
    influx2.faults.append(0.6)
    with InfluxSink(replace_settings(settings, timeout_s=0.2)) as sink:
        assert sink.write_batch(strides(1)).outcome is Outcome.TRY_LATER


def replace_settings(settings, **changes):
    return InfluxSettings(**{name: getattr(settings, name) for name in settings.__struct_fields__} | changes)


def test_nobody_there_means_later(settings):
    with InfluxSink(replace_settings(settings, url="http://127.0.0.1:9")) as sink:
        result = sink.write_batch(strides(1))
    assert result.outcome is Outcome.TRY_LATER
    assert "http://127.0.0.1:9 cannot be reached" in result.message


def test_a_wrong_token_a_missing_bucket_and_a_missing_organisation_say_what_to_do(influx2, settings):
    influx2.tokens.clear()
    with InfluxSink(settings) as sink:
        wrong_token = sink.write_batch(strides(1))
    assert wrong_token.outcome is Outcome.MISCONFIGURED
    assert "refuses the token (401" in wrong_token.message
    assert "write-token" not in wrong_token.message
    influx2.tokens["write-token"] = {"read"}
    with InfluxSink(settings) as sink:
        assert "refuses the token (403" in sink.write_batch(strides(1)).message
    influx2.tokens["write-token"] = {"write"}
    with InfluxSink(replace_settings(settings, bucket="nowhere")) as sink:
        assert "has no bucket 'nowhere'" in sink.write_batch(strides(1)).message
    with InfluxSink(replace_settings(settings, org="nobody")) as sink:
        assert "of organisation 'nobody'" in sink.write_batch(strides(1)).message


def test_a_probe_writes_nothing_and_says_what_a_write_would(influx2, settings, sink):
    assert sink.probe().outcome is Outcome.STORED
    assert influx2.query("SHOW MEASUREMENTS") == []
    influx2.tokens.clear()
    assert "refuses the token" in sink.probe().message
    assert abs(sink.clock_ahead_s()) < 60.0
    with InfluxSink(replace_settings(settings, url="http://127.0.0.1:9")) as nobody:
        assert nobody.clock_ahead_s() is None


def test_a_runner_is_deleted_and_the_others_stay(influx2, sink):
    for runner in ("ada", "o'b\"r", "eve"):
        sink.write_batch([record_line(Record(replace(SESSION, runner=runner), 1, STRIDE))])
    sink.delete_runner("o'b\"r")
    assert sorted(row["runner"] for row in influx2.query('SELECT "quality", "runner" FROM "stride"')) == ["ada", "eve"]
    influx2.tokens.clear()
    with pytest.raises(SensorhubError, match="did not delete the runner's points"):
        sink.delete_runner("ada")


def test_the_clients_http_against_victoria_metrics(victoria_metrics_server):
    with InfluxSink(InfluxSettings(url=victoria_metrics_server.url)) as sink:
        assert sink.write_batch(strides(5000)).outcome is Outcome.STORED
        victoria_metrics_server.kill()
        assert sink.write_batch(strides(10)).outcome is Outcome.TRY_LATER
        victoria_metrics_server.start()
        assert sink.write_batch(strides(10)).outcome is Outcome.STORED


def test_the_token_is_in_no_log_no_message_and_no_repr(influx2, settings, caplog):
    caplog.set_level("DEBUG")
    influx2.tokens.clear()
    influx2.faults.extend([503, "drop"])
    with InfluxSink(settings) as sink:
        messages = [sink.write_batch(strides(1)).message for _ in range(3)]
        assert "write-token" not in f"{caplog.text} {messages} {sink!r} {vars(sink)['_settings']!r}"
    assert all(messages)
