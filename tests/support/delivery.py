"""Real processes of the delivery, to be killed: a hub that is handed numbered strides, and a writer.

They are forked from a server that has everything imported, so that a test can afford a hundred of them.
"""

import contextlib
import multiprocessing
import random
import sqlite3
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from sensorhub.adapters.mqtt.sender import Sender
from sensorhub.adapters.mqtt.writer import Writer, WriterParams
from sensorhub.adapters.sqlite.hub_store import HubStore
from sensorhub.adapters.sqlite.keeper import Keeper
from sensorhub.adapters.sqlite.refused_book import SqliteRefusedBook
from sensorhub.config import MqttSettings
from sensorhub.pipeline.lines import BatchResult, Outcome
from sensorhub.pipeline.outbox import OutboxParams
from tests.support.strides import SESSION, number_of, stride

FORK = multiprocessing.get_context("forkserver")
FORK.set_forkserver_preload(["tests.support.delivery"])

DATABASE = "database"
QUICK = OutboxParams(resend_after_s=0.3, resend_longest_s=0.6)


def wait_until(condition, within_s=60.0):
    """Return when it holds; the test fails if it does not within this time."""
    give_up_s = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < give_up_s, "it did not happen in time"
        time.sleep(0.005)


def ignore(_status):
    """An on_status that nobody listens to."""


def open_hub(path: Path, params: OutboxParams | None = None) -> HubStore:
    """A store whose records are to be in the database."""
    return HubStore.open(path, params, stored_by=[DATABASE])


class KeeperSink:
    """A keeper as the database of a writer."""

    def __init__(self, keeper: Keeper):
        self._keeper = keeper

    def write_batch(self, lines):
        self._keeper.keep([line.encode() for line in lines])
        return BatchResult(Outcome.STORED)

    def close(self):
        """The keeper is closed by who opened it."""


def hub_process(connection: Connection, path: Path, port: int, params: OutboxParams = QUICK):
    """Keep every number that comes, and say so; the service without its sensor."""
    with (
        open_hub(path, params) as store,
        Sender(store.outbox, SESSION.hub, MqttSettings(port=port), ignore, params),
    ):
        connection.send("live")
        while True:
            numbers = [connection.recv()]
            while connection.poll():
                numbers.append(connection.recv())
            made = [number for number in numbers if number is not None]
            store.put_many([(stride(number), SESSION) for number in made])
            connection.send(made)
            if None in numbers:
                wait_until(lambda: store.status().unconfirmed == 0)
                return


def writer_process(folder: Path, port: int, params: WriterParams):
    """Write into a keeper until it is killed."""
    keeper = Keeper.open(folder / "keeper.sqlite")
    book = SqliteRefusedBook(folder / "refused.sqlite")
    with Writer(MqttSettings(port=port), KeeperSink(keeper), bytes.decode, book, ignore, params):
        time.sleep(3600)


@contextlib.contextmanager
def running_writer(settings, folder, params=None, on_status=ignore):
    """A writer into a keeper, in this process."""
    with Keeper.open(folder / "keeper.sqlite") as keeper:
        book = SqliteRefusedBook(folder / "refused.sqlite")
        with Writer(settings, KeeperSink(keeper), bytes.decode, book, on_status, params or WriterParams(DATABASE)):
            yield keeper
        book.close()


@dataclass
class NumberedSensor:
    """A sensor that makes numbered strides and keeps each until the hub has taken it."""

    made: int = 0
    taken: set[int] = field(default_factory=set)
    live_after_s: list[float] = field(default_factory=list)

    def feed(self, hub_path: Path, port: int, for_s: float, kill: bool = True):
        """Start a hub, hand it strides for a while, and kill it in the middle of its work, or let it finish."""
        ours, theirs = FORK.Pipe()
        process = FORK.Process(target=hub_process, args=(theirs, hub_path, port))
        began_s = time.monotonic()
        process.start()
        theirs.close()
        try:
            assert ours.poll(60.0)
            assert ours.recv() == "live"
            self.live_after_s.append(time.monotonic() - began_s)
            self._talk(ours, for_s)
            if not kill:
                ours.send(None)
                process.join(90.0)
        finally:
            process.kill()
            process.join()
        with contextlib.suppress(EOFError, ConnectionError):
            while ours.poll():
                self.taken.update(ours.recv())
        ours.close()
        process.close()

    def _talk(self, ours: Connection, for_s: float):
        for number in set(range(self.made)) - self.taken:
            ours.send(number)
        until_s = time.monotonic() + for_s
        while time.monotonic() < until_s:
            ours.send(self.made)
            self.made += 1
            while ours.poll(random.uniform(0.0, 0.004)):
                self.taken.update(ours.recv())


def kept_numbers(keeper_path: Path) -> list[int]:
    """The stride numbers in a keeper's file, one for each record."""
    with contextlib.closing(sqlite3.connect(keeper_path)) as connection:
        return sorted(number_of(payload) for (payload,) in connection.execute("SELECT payload FROM record"))


def unconfirmed(hub_path: Path) -> int:
    """How many records of a hub's file are not known to be stored."""
    with contextlib.closing(sqlite3.connect(hub_path)) as connection:
        return connection.execute("SELECT count(*) FROM record WHERE missing <> 0").fetchone()[0]
