"""R11 at its full count: a thousand connect and drop cycles."""

import asyncio

import pytest

from tests.support.ble_cycles import cycled


@pytest.mark.timeout(3600)
def test_a_thousand_cycles_leave_nothing_behind(soak_table):
    warm, end, after, slowest_s = asyncio.run(cycled(1000, 100))
    assert end.descriptors <= warm.descriptors
    assert end.clients <= warm.clients
    assert after.clients == 0
    assert end.objects - warm.objects < 900  # less than one object a cycle
    assert end.rss_kib - warm.rss_kib < 4096
    assert slowest_s < 5.0
    grown = f"{end.rss_kib - warm.rss_kib} KiB more after the first 100, back in {slowest_s:.1f} s at most"
    soak_table("R11", "1000 connect and drop cycles", f"0 tasks, descriptors or clients left, {grown}")
