"""A damaged store is set aside; what is whole in it goes on in a new one."""

from pathlib import Path

from sensorhub.adapters.sqlite.database import PAGE_BYTES, Database, is_sound
from sensorhub.adapters.sqlite.hub_schema import HUB_SCHEMA, row_crc
from sensorhub.adapters.sqlite.page_scan import Value, scan_rows
from sensorhub.adapters.sqlite.set_aside import set_aside

COLUMNS = 11
DAMAGED_ROWS = """SELECT 1 FROM record
    WHERE NOT is_whole(crc, seq, revision, sensor, session, runner, identity, topic, payload) LIMIT 1"""
RowValues = tuple[Value, ...]


def open_or_rescue(path: Path) -> tuple[Database, str | None]:
    """The store's database, and one line for people if it had to be rescued."""
    if not path.exists() or is_sound(path, DAMAGED_ROWS, {"is_whole": _is_whole}):
        return Database(path, HUB_SCHEMA), None
    damaged = set_aside(path)
    rows = whole_rows(damaged)
    database = Database(path, HUB_SCHEMA)
    with database.transaction() as connection:
        for seq in sorted(rows):
            connection.execute(
                "INSERT OR IGNORE INTO record VALUES (?, ?, ?, -(? <> 0), NULL, ?, ?, ?, ?, ?, ?)",
                (seq, *rows[seq][1:4], *rows[seq][5:]),
            )
        # Who has it is not certain any more (-1: all bits), unless all had it; delivered twice changes nothing.
        connection.execute("INSERT INTO outbox (seq) SELECT seq FROM record WHERE missing <> 0 ORDER BY seq")
    return database, f"the store was damaged: {len(rows)} whole records kept, the old file is {damaged}"


def _is_whole(crc: Value, seq: int, revision: Value, *texts_and_payload: Value) -> bool:
    *texts, payload = texts_and_payload
    names = [text for text in texts if isinstance(text, str)]
    if not (isinstance(revision, int) and len(names) == len(texts) and isinstance(payload, bytes)):
        return False
    return crc == row_crc(seq, revision, *names, payload)


def whole_rows(damaged: Path) -> dict[int, RowValues]:
    """Rows of `record` whose checksum holds, by seq; of several the highest revision, and the later one of those."""
    rows: dict[int, RowValues] = {}
    for seq, values in scan_rows(damaged, PAGE_BYTES):
        if len(values) != COLUMNS:
            continue
        _, crc, revision, missing, _, *texts_and_payload = values
        if not (isinstance(revision, int) and isinstance(missing, int)):
            continue
        if not _is_whole(crc, seq, revision, *texts_and_payload):
            continue
        known = rows.get(seq)
        if known is None or int(str(known[2])) <= revision:
            rows[seq] = values
    return rows
