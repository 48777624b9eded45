"""The hub's file: records, their places in the outbox, and the letters that were given up."""

import zlib

from sensorhub.adapters.sqlite.database import Schema

HUB_SCHEMA = Schema(
    application_id=0x53480001,
    name="a sensorhub store",
    versions=(
        (
            # `crc` tells a whole row from a damaged one; `missing` has a bit for everyone who does not have it yet, see
            # table `reader`; `sent_tick` is set once the broker has it. `identity` makes the same event of the same
            # session the same record.
            """CREATE TABLE record (
                seq INTEGER PRIMARY KEY,
                crc INTEGER NOT NULL,
                revision INTEGER NOT NULL,
                missing INTEGER NOT NULL,
                sent_tick INTEGER,
                sensor TEXT NOT NULL,
                session TEXT NOT NULL,
                runner TEXT NOT NULL,
                identity TEXT NOT NULL,
                topic TEXT NOT NULL,
                payload BLOB NOT NULL
            )""",
            "CREATE UNIQUE INDEX record_identity ON record (session, sensor, identity)",
            "CREATE INDEX record_unconfirmed ON record (seq) WHERE missing <> 0",
            # AUTOINCREMENT: a place is never used twice, so an answer always means the letter that was sent.
            """CREATE TABLE outbox (
                place INTEGER PRIMARY KEY AUTOINCREMENT,
                seq INTEGER NOT NULL UNIQUE REFERENCES record ON DELETE CASCADE,
                tries INTEGER NOT NULL DEFAULT 0
            )""",
            """CREATE TABLE dead_letter (
                seq INTEGER PRIMARY KEY REFERENCES record ON DELETE CASCADE,
                tries INTEGER NOT NULL,
                reason TEXT NOT NULL,
                since_unix_ns INTEGER NOT NULL
            )""",
            # The broker, and every group of writers that has to confirm.
            "CREATE TABLE reader (name TEXT PRIMARY KEY, bit INTEGER NOT NULL UNIQUE) WITHOUT ROWID",
            "CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
        ),
        # What the keeper lacks, see unkept.py.
        (
            """CREATE TABLE unkept (
                seq INTEGER PRIMARY KEY REFERENCES record ON DELETE CASCADE,
                revision INTEGER NOT NULL
            )""",
        ),
    ),
)


def row_crc(*values: str | int | bytes) -> int:
    """The checksum of a row of `record`, over everything in it that does not change while it waits.

    That is seq, revision, sensor, session, runner, identity, topic and payload.
    """
    *names, payload = values
    crc = zlib.crc32("\x1f".join(map(str, names)).encode())
    return zlib.crc32(payload if isinstance(payload, bytes) else str(payload).encode(), crc)
