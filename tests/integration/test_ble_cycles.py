"""R11, small: a sensor that is lost again and again leaves no task, descriptor or client behind."""

import asyncio

import pytest

from tests.support.ble_cycles import cycled

pytestmark = pytest.mark.integration


def test_connect_and_drop_leaves_nothing_behind():
    warm, end, after, slowest_s = asyncio.run(cycled(8, 3))
    assert end.descriptors <= warm.descriptors
    assert end.tasks < warm.tasks  # the source has ended
    assert end.clients <= warm.clients
    assert after.clients == 0
    assert slowest_s < 20.0  # 1 s where nothing else runs
