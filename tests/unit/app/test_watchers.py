"""What those who watch are told of a hub's parts: one state each, the worst of what its sources say."""

import asyncio
import json
from collections.abc import Callable

from sensorhub.app.watchers import Watchers
from sensorhub.model.status import Health, LinkStatus, Part
from sensorhub.pipeline.fanout import Fanout

Told = list[tuple[Part, Health, str]]


def told_of(tell: Callable[[Watchers], None]) -> tuple[Told, list[tuple[str, str]]]:
    """What the terminal heard, and the last states that a new page is given, as (part, name)."""
    heard: Told = []

    async def run() -> list[tuple[str, str]]:
        fanout = Fanout()
        watchers = Watchers(fanout, [], lambda link: heard.append((link.part, link.health, link.detail)))
        tell(watchers)
        await asyncio.sleep(0)
        with fanout.subscribe() as reader:
            states = [json.loads(message.data) for message in await anext(reader.batches(1.0))]
        return [(state["part"], state["name"]) for state in states]

    return heard, asyncio.run(run())


def test_several_sources_of_the_store_are_one_state_and_trouble_outlives_good_news() -> None:
    def tell(watchers: Watchers) -> None:
        watchers.tell_link(LinkStatus(Part.STORE, Health.OK, "storing"), "keeper")
        watchers.tell_link(LinkStatus(Part.STORE, Health.LOST, "disk full"), "disk")
        watchers.tell_link(LinkStatus(Part.STORE, Health.OK, "storing"), "keeper")
        watchers.tell_link(LinkStatus(Part.STORE, Health.OK, "storing"), "disk")

    heard, states = told_of(tell)
    assert heard == [
        (Part.STORE, Health.OK, "storing"),
        (Part.STORE, Health.LOST, "disk full"),
        (Part.STORE, Health.OK, "storing"),
    ]
    assert states == [("store", "")]


def test_each_sensor_has_a_state_of_its_own() -> None:
    def tell(watchers: Watchers) -> None:
        watchers.tell_link(LinkStatus(Part.SENSOR, Health.LOST, "SH-1: gone"), "SH-1")
        watchers.tell_link(LinkStatus(Part.SENSOR, Health.OK, "SH-2: streaming"), "SH-2")

    heard, states = told_of(tell)
    assert [health for _, health, _ in heard] == [Health.LOST, Health.OK]
    assert states == [("sensor", "SH-1"), ("sensor", "SH-2")]
