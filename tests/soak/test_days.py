"""R13: days on end through the service without its radio, in simulated time."""

import asyncio

import pytest

from tests.support.clip_days import DAY, ClipDays
from tests.support.lived_days import kept, live_through

pytestmark = [pytest.mark.integration, pytest.mark.server, pytest.mark.timeout(14_400)]
DAYS = 3
WARM_UP_H = 24


def test_r13_three_days_lose_nothing_and_take_no_more_memory(tmp_path, mosquitto_server, soak_table):
    days = ClipDays(DAY * DAYS, seed=13)
    lived = asyncio.run(live_through(days, tmp_path, mosquitto_server))
    put = lived.put()
    assert set(kept(tmp_path)) == put
    assert lived.running_strides == pytest.approx(days.steps, rel=0.03)
    slope = lived.slope_mib_per_hour(WARM_UP_H)
    assert slope < 0.5
    soak_table(
        "R13",
        f"{24 * DAYS} simulated hours, {lived.sessions} sessions, {len(put)} records, broker killed x{DAYS}",
        f"0 lost, {lived.running_strides} strides of {days.steps} steps run; memory {lived.rss_mib[-1]:.0f} MiB at the "
        f"end, {slope:+.3f} MiB an hour after the first {WARM_UP_H}",
    )
