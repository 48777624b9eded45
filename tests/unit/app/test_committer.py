"""The committer: the loop never waits, what gathers goes together and in order, and nothing is left at the end."""

import asyncio
import threading

import pytest

from sensorhub.adapters.sqlite.database import StoreError
from sensorhub.app.committer import Committer


class Disk:
    """A store whose commits wait for `answers`; `commits` are those that were begun."""

    def __init__(self):
        self.commits = []
        self.answers = threading.Event()
        self.busy = threading.Event()
        self.error = None

    def put_many(self, events):
        self.commits.append(events)
        self.busy.set()
        assert self.answers.wait(60.0)
        if self.error is not None:
            raise self.error


@pytest.fixture
def disk():
    return Disk()


async def busy(disk):
    await asyncio.to_thread(disk.busy.wait, 60.0)


def test_what_gathers_while_the_disk_is_busy_is_one_commit_in_order(disk):
    async def main():
        kept = []
        async with Committer(disk) as committer:
            committer.put_many(["a"], lambda: kept.append("a"))
            await busy(disk)
            for name in "bcd":
                committer.put_many([name, name.upper()], lambda name=name: kept.append(name))
            kept_early = list(kept)
            disk.answers.set()
        return kept_early, kept

    assert asyncio.run(main()) == ([], ["a", "b", "c", "d"])
    assert disk.commits == [["a"], ["b", "B", "c", "C", "d", "D"]]


def test_what_was_put_just_before_the_end_is_kept_even_where_the_end_is_an_error(disk):
    async def main():
        async with Committer(disk) as committer:
            committer.put_many(["a"], lambda: None)
            await busy(disk)
            committer.put_many(["b"], lambda: None)
            disk.answers.set()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(main())
    assert disk.commits == [["a"], ["b"]]


async def put_until_told(disk, kept):
    async with Committer(disk) as committer:
        while True:
            committer.put_many(["a"], lambda: kept.append("a"))
            await asyncio.sleep(0)


def test_a_store_that_breaks_down_is_told_to_who_puts_next(disk):
    disk.error, kept = StoreError("broken"), []
    disk.answers.set()
    with pytest.raises(StoreError, match="broken"):
        asyncio.run(put_until_told(disk, kept))
    assert (len(disk.commits), kept) == (1, [])
