"""The hub's books of its keeper: which records of the store it does not have yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from sensorhub.adapters.sqlite.database import Database
from sensorhub.adapters.sqlite.hub_schema import row_crc


@dataclass(frozen=True, slots=True)
class UnkeptRecord:
    """A record on its way into the keeper: the revision that is meant, and its JSON (None: damaged on the disk)."""

    seq: int
    revision: int
    payload: bytes | None


class Unkept:
    """What the keeper lacks. Threads may share it; it raises StoreError.

    A record enters in the transaction that stores it, and is taken out once the keeper's own commit is on the disk. So
    after a kill in between it is kept once more, which changes nothing.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, keeper_number: int) -> int:
        """Say which keeper is filled from now on. One that was not filled so far lacks everything, up to this seq."""
        if self._database.query("SELECT value FROM counter WHERE name = 'keeper'") == [(keeper_number,)]:
            return 0
        with self._database.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO unkept SELECT seq, revision FROM record")
            connection.execute("INSERT OR REPLACE INTO counter VALUES ('keeper', ?)", (keeper_number,))
            return int(connection.execute("SELECT ifnull(max(seq), 0) FROM unkept").fetchone()[0])

    def oldest(self, limit: int) -> list[UnkeptRecord]:
        """The records with the lowest numbers."""
        rows = self._database.query(
            """SELECT crc, seq, record.revision, sensor, session, runner, identity, topic, payload
               FROM unkept JOIN record USING (seq) ORDER BY seq LIMIT ?""",
            (limit,),
        )
        return [UnkeptRecord(row[0], row[1], row[-1] if row_crc(*row) == crc else None) for crc, *row in rows]

    def kept(self, records: Sequence[UnkeptRecord]) -> None:
        """The keeper has these on its disk. A revision that came meanwhile stays."""
        with self._database.transaction(durable=False) as connection:
            connection.executemany(
                "DELETE FROM unkept WHERE seq = ? AND revision = ?", [(each.seq, each.revision) for each in records]
            )

    def any(self) -> bool:
        """Whether the keeper lacks something."""
        return bool(self._database.query("SELECT 1 FROM unkept LIMIT 1"))
