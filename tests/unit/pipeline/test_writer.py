"""What a batch of messages becomes."""

from sensorhub.pipeline.writer import Message, prepare_batch


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
