"""R11 at its full count: a thousand connect and drop cycles."""

import asyncio

import pytest

from tests.support.ble_cycles import cycled


@pytest.mark.timeout(3600)
def test_a_thousand_cycles_leave_nothing_behind():
    warm, end, after, slowest_s = asyncio.run(cycled(1000, 100))
    assert end.descriptors <= warm.descriptors
    assert end.clients <= warm.clients
    assert after.clients == 0
    assert end.objects - warm.objects < 900  # less than one object a cycle
    assert end.rss_kib - warm.rss_kib < 4096
    assert slowest_s < 5.0
