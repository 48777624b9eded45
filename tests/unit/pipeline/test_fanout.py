"""Readers of the fan-out: nobody holds up another, and whoever lags is dropped and counted."""

import asyncio

import pytest

from sensorhub.pipeline.fanout import Fanout, FanoutFullError, FanoutParams, Message, Subscription


async def next_ids(reader: Subscription) -> list[int | None]:
    async for batch in reader.batches(patience_s=1.0):
        return [message.event_id for message in batch]
    return []


def test_every_reader_gets_every_record_in_order() -> None:
    async def scene() -> None:
        fanout = Fanout()
        with fanout.subscribe() as first, fanout.subscribe() as second:
            for event_id in range(5):
                fanout.publish(event_id, b"{}")
            assert await next_ids(first) == await next_ids(second) == [0, 1, 2, 3, 4]

    asyncio.run(scene())


def test_a_reader_that_lags_is_dropped_and_the_others_are_not() -> None:
    async def scene() -> None:
        fanout = Fanout(FanoutParams(queue_size=3))
        with fanout.subscribe() as stuck, fanout.subscribe() as good:
            got: list[int | None] = []
            for event_id in range(10):
                fanout.publish(event_id, b"{}")
                got += await next_ids(good)
            assert got == list(range(10))
            assert stuck.ended.is_set()
            assert not good.ended.is_set()
            assert (fanout.dropped_readers, fanout.readers) == (1, 1)

    asyncio.run(scene())


def test_a_late_reader_learns_the_present_state_once() -> None:
    async def scene() -> None:
        fanout = Fanout()
        fanout.publish_state("sensor", b"old")
        fanout.publish_state("sensor", b"new")
        fanout.publish_state("broker", b"up")
        with fanout.subscribe() as reader:
            async for batch in reader.batches(patience_s=1.0):
                assert batch == [Message("state", None, b"new"), Message("state", None, b"up")]
                break

    asyncio.run(scene())


def test_readers_are_bounded_and_leaving_makes_room() -> None:
    async def scene() -> None:
        fanout = Fanout(FanoutParams(max_readers=1))
        with fanout.subscribe(), pytest.raises(FanoutFullError):
            fanout.subscribe()
        fanout.subscribe()
        assert fanout.refused_readers == 1

    asyncio.run(scene())


def test_closing_ends_every_reader_and_takes_no_more() -> None:
    async def scene() -> None:
        fanout = Fanout()
        reader = fanout.subscribe()
        fanout.close()
        assert reader.ended.is_set()
        with pytest.raises(FanoutFullError):
            fanout.subscribe()

    asyncio.run(scene())


def test_patience_gives_an_empty_batch() -> None:
    async def scene() -> None:
        with Fanout().subscribe() as reader:
            async for batch in reader.batches(patience_s=0.001):
                assert batch == []
                break

    asyncio.run(scene())
