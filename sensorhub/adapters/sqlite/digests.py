"""What a session came to, computed once from its records and kept beside them until a record is added."""

import msgspec

from sensorhub.adapters.sqlite.database import Database
from sensorhub.formats.records import decode_record
from sensorhub.pipeline.ports import SessionDigest

DIGEST_TABLE = """CREATE TABLE digest (
    session TEXT PRIMARY KEY,
    upto_id INTEGER NOT NULL,
    data TEXT NOT NULL
) WITHOUT ROWID"""

TRUSTED = "json_extract(payload, '$.quality') >= 0.5 AND json_array_length(payload, '$.flags') = 0"

_STRIDES = f"""SELECT count(*),
    avg(CASE WHEN trusted AND side = 'left' THEN drop_deg END),
    avg(CASE WHEN trusted AND side = 'right' THEN drop_deg END),
    avg(CASE WHEN trusted AND side = 'left' THEN excursion_deg END),
    avg(CASE WHEN trusted AND side = 'right' THEN excursion_deg END)
  FROM (SELECT {TRUSTED} AS trusted, json_extract(payload, '$.side') AS side,
    json_extract(payload, '$.pelvic_drop_deg') AS drop_deg,
    json_extract(payload, '$.pelvic_drop_excursion_deg') AS excursion_deg
  FROM record WHERE session = ? AND kind = 'stride')"""  # noqa: S608 - constants only

_SPAN = "SELECT max(runner), max(t_us), max(json_extract(payload, '$.duration_s')) FROM record WHERE session = ?"

_DRILLS = """SELECT json_extract(payload, '$.drill'), count(*), sum(json_extract(payload, '$.steps')),
    sum(json_extract(payload, '$.hold_s')), sum(json_extract(payload, '$.reps')),
    avg(json_extract(payload, '$.level_score')), count(json_extract(payload, '$.level_score'))
    FROM record WHERE session = ? AND kind = 'drill_set' GROUP BY 1"""


def session_digest(database: Database, session: str, upto_id: int) -> SessionDigest:
    """The digest of a session whose newest record has this id."""
    kept = database.query("SELECT data FROM digest WHERE session = ? AND upto_id = ?", (session, upto_id))
    if kept:
        return msgspec.json.decode(kept[0][0], type=SessionDigest)
    digest = _computed(database, session)
    with database.transaction() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO digest VALUES (?, ?, ?)", (session, upto_id, msgspec.json.encode(digest).decode())
        )
    return digest


def _computed(database: Database, session: str) -> SessionDigest:
    strides, drop_left, drop_right, excursion_left, excursion_right = database.query(_STRIDES, (session,))[0]
    runner, last_us, duration_s = database.query(_SPAN, (session,))[0]
    drills = {row[0]: row[1:] for row in database.query(_DRILLS, (session,))}
    walk, plank, clamshell = (
        drills.get(drill, (0, 0, 0.0, 0, None, 0)) for drill in ("band_walk", "side_plank", "standing_clamshell")
    )
    scored = [(score, count) for *_, score, count in drills.values() if score is not None]
    weight = sum(count for _, count in scored)
    return SessionDigest(
        session=session,
        runner=runner,
        start_unix_ns=_start_unix_ns(database, session),
        duration_s=duration_s if duration_s is not None else last_us / 1e6,
        strides=strides,
        pelvic_drop_left_deg=drop_left,
        pelvic_drop_right_deg=drop_right,
        pelvic_drop_excursion_left_deg=excursion_left,
        pelvic_drop_excursion_right_deg=excursion_right,
        band_walk_sets=walk[0],
        band_walk_steps=walk[1] or 0,
        side_plank_sets=plank[0],
        side_plank_hold_s=plank[2] or 0.0,
        standing_clamshell_sets=clamshell[0],
        standing_clamshell_reps=clamshell[3] or 0,
        level_score=sum(score * count for score, count in scored) / weight if weight else None,
    )


def _start_unix_ns(database: Database, session: str) -> int | None:
    """Wall time at session time 0, from any record that carries both."""
    rows = database.query(
        """SELECT payload FROM record WHERE session = ? AND json_extract(payload, '$.time') IS NOT NULL LIMIT 1""",
        (session,),
    )
    if not rows:
        return None
    return decode_record(rows[0][0]).session.start_unix_ns
