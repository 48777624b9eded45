"""What may enter the outbox, and what a broker's answer means."""

import pytest

from sensorhub.pipeline.outbox import OutboxParams, Verdict, verdict_of, why_not_sendable

PARAMS = OutboxParams()


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


@pytest.mark.parametrize("topic", ["", "a/+/b", "a/#", "a\0b", "x" * 2000])
def test_no_topic_that_a_broker_would_choke_on_is_queued(topic):
    assert why_not_sendable(topic, b"{}", PARAMS)


def test_no_payload_that_is_too_large_is_queued():
    assert why_not_sendable("a/b", bytes(PARAMS.max_payload_bytes), PARAMS) is None
    assert "bytes" in (why_not_sendable("a/b", bytes(PARAMS.max_payload_bytes + 1), PARAMS) or "")
