"""The writer: MQTT to InfluxDB, for every hub that its user may read."""

import asyncio
import contextlib
from collections.abc import Callable

from sensorhub.adapters.influx import InfluxSink
from sensorhub.adapters.mqtt.writer import Writer, WriterParams
from sensorhub.adapters.sqlite.refused_book import SqliteRefusedBook
from sensorhub.app.stopping import stopping
from sensorhub.config import Settings
from sensorhub.formats.influx_line import line_of_json
from sensorhub.model.errors import UsageError
from sensorhub.model.status import LinkStatus
from sensorhub.pipeline.lines import Outcome

GROUP = "influx"
"""Under this name hubs hear how far the database has their records: `hub.stored_by`."""

GATHER_S = 0.1
"""A request to the database costs milliseconds: 32 records in each, as they come, made 3 000 records a second."""


async def write(
    settings: Settings, member: str | None, seconds: float | None, on_status: Callable[[LinkStatus], None]
) -> None:
    """Write until Ctrl-C or SIGTERM, or for `seconds`. `on_status` is called from other threads.

    Raises UsageError where the database says at once that it is set up wrongly.
    """
    params = WriterParams(group=GROUP, member=member, gather_s=GATHER_S)
    stop = asyncio.Event()
    with stopping(stop, seconds), InfluxSink(settings.influx) as sink:
        answer = await asyncio.to_thread(sink.probe)
        if answer.outcome is Outcome.MISCONFIGURED:
            raise UsageError(answer.message)
        with (
            contextlib.closing(SqliteRefusedBook(settings.hub.folder / "refused.sqlite")) as book,
            Writer(settings.mqtt, sink, line_of_json, book, on_status, params),
        ):
            await stop.wait()
