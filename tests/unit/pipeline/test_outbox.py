import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhub.model.errors import UsageError
from sensorhub.pipeline.backoff import Backoff, BackoffParams
from sensorhub.pipeline.outbox import Letter, OutboxParams, Verdict, verdict_of, why_not_sendable
from sensorhub.pipeline.sending import Quarantine, ResendRule, SendWindow
from sensorhub.pipeline.stored import MarkBuilder, StoredMark, StoredMarkError, decode_mark, encode_mark
from sensorhub.pipeline.topics import check_level, is_record_topic, record_topic, records_filter
from sensorhub.pipeline.writer import Message, prepare_batch

PARAMS = OutboxParams(window=10)


def letter(place):
    return Letter(place, place, 0, 0, "topic", b"{}")


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        (0x00, Verdict.DELIVERED),
        (0x10, Verdict.NOBODY_THERE),
        (0x80, Verdict.REFUSED),
        (0x87, Verdict.REFUSED),
        (0x93, Verdict.BUSY),
        (0x95, Verdict.REFUSED),
        (0x97, Verdict.BUSY),
    ],
)
def test_every_reason_code_says_something(code, verdict):
    assert verdict_of(code) is verdict


def test_the_receive_maximum_of_the_broker_is_respected():
    window = SendWindow(PARAMS)
    window.connected(receive_maximum=3)
    for place in range(1, 4):
        assert window.room(0.0) > 0
        window.sent(letter(place))
    assert window.room(0.0) == 0
    window.answered(letter(2))
    assert window.room(0.0) == 1
    window.connected(None)
    assert window.room(0.0) == PARAMS.window
    assert window.cursor == 0


def test_after_a_loss_letters_go_one_at_a_time_and_only_the_one_that_was_alone_is_blamed():
    window = SendWindow(PARAMS)
    window.connected(None)
    for place in (1, 2, 3):
        window.sent(letter(place))
    assert window.lost() is None, "any of three may have been it"
    window.connected(None)
    assert window.room(0.0) == 1
    window.sent(letter(1))
    assert window.room(0.0) == 0
    window.answered(letter(1))
    window.sent(letter(2))
    assert window.lost() == letter(2)
    window.connected(None)
    window.sent(letter(3))
    window.answered(letter(3))
    assert window.room(0.0) == PARAMS.window


def test_a_single_letter_is_not_blamed_for_the_first_loss():
    window = SendWindow(PARAMS)
    window.connected(None)
    window.sent(letter(1))
    assert window.lost() is None


def test_a_loss_after_good_work_makes_nobody_a_suspect():
    window = SendWindow(PARAMS)
    window.connected(None)
    window.sent(letter(1))
    window.sent(letter(2))
    window.answered(letter(1))
    assert window.lost() is None
    window.connected(None)
    assert window.room(0.0) == PARAMS.window


def test_nothing_is_sent_while_held_and_then_from_the_start():
    window = SendWindow(PARAMS)
    window.connected(None)
    window.sent(letter(5))
    window.answered(letter(5))
    window.hold(until_s=3.0)
    assert window.room(2.9) == 0
    assert window.room(3.0) == PARAMS.window
    assert window.cursor == 0


def test_a_network_that_fails_again_acquits_the_letter():
    quarantine = Quarantine(proof=5)
    quarantine.add(7)
    quarantine.delivered(4)
    assert quarantine.lost() == [7]
    quarantine.add(8)
    quarantine.delivered(5)
    assert quarantine.lost() == []


def test_all_that_is_overdue_goes_again_while_the_writer_speaks_and_a_probe_ever_more_rarely_while_it_is_silent():
    params = OutboxParams(resend_after_s=1.0, resend_longest_s=4.0, probe=3, resend_batch=100)
    rule = ResendRule(params)
    silent = [rule.next_limit() for _ in range(12)]
    assert silent == [3, 0, 3, 0, 0, 0, 3, 0, 0, 0, 3, 0]
    rule.heard()
    assert rule.next_limit() == 100


@pytest.mark.parametrize("topic", ["", "a/+/b", "a/#", "a\0b", "x" * 2000])
def test_no_topic_that_a_broker_would_choke_on_is_queued(topic):
    assert why_not_sendable(topic, b"{}", PARAMS)


def test_no_payload_that_is_too_large_is_queued():
    assert why_not_sendable("a/b", bytes(PARAMS.max_payload_bytes), PARAMS) is None
    assert "bytes" in (why_not_sendable("a/b", bytes(PARAMS.max_payload_bytes + 1), PARAMS) or "")


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
    assert records_filter(None, "influx") == f"$share/influx/{records_filter()}"
    assert records_filter("club") == "sensorhub/v1/club/+/+"


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 2)), max_size=20), max_size=8))
def test_every_stored_record_is_told_once_at_least_and_nothing_else_ever(batches):
    builder = MarkBuilder(keep=4)
    for batch in batches:
        builder.add(batch)
        mark = decode_mark(encode_mark(builder.take()))
        told = {(seq, 0) for first, last in mark.ranges for seq in range(first, last + 1)}
        for seq, revision in batch:
            assert (seq, 0) in told if revision == 0 else dict(mark.revised)[seq] >= revision
        stored = {pair for earlier in batches for pair in earlier}
        assert told <= {(seq, 0) for seq, revision in stored if revision == 0}
        assert set(mark.revised) <= stored


@pytest.mark.parametrize("payload", [b"", b"[]", b'{"ranges":[[3,1]]}', b'{"ranges":[["a",1]]}', b"\xff"])
def test_what_is_no_mark_is_told_apart(payload):
    with pytest.raises(StoredMarkError):
        decode_mark(payload)


def test_a_mark_of_a_newer_writer_is_read():
    assert decode_mark(b'{"ranges":[[1,2]],"news":1}') == StoredMark(ranges=((1, 2),))


def test_a_hub_may_not_speak_for_another_one():
    messages = [
        Message("sensorhub/v1/club/clip/stride", b'{"hub":"club","seq":1}', 1),
        Message("sensorhub/v1/club/clip/stride", b'{"hub":"rival","seq":2}', 2),
        Message("sensorhub/v1/club/clip/stride", b"no record", 3),
        Message("sensorhub/v1/club/stored/influx", b'{"ranges":[]}', 4),
    ]
    batch = prepare_batch(messages, bytes.decode)
    assert [sender.mid for sender in batch.senders] == [1]
    assert [message.mid for message, _ in batch.refused] == [2, 3]
    assert "rival" not in batch.numbers


@given(st.floats(0.0, 0.999), st.integers(1, 300))
def test_a_backoff_stays_within_its_bounds(chance, failures):
    backoff = Backoff(BackoffParams(first_s=0.1, longest_s=5.0, jitter=0.5))
    waits = [backoff.failed(chance) for _ in range(failures)]
    assert all(0.05 <= wait <= 5.0 for wait in waits)
    assert waits == sorted(waits)
