"""The start of one sensor's session: a moment on both clocks, and everything its loop needs."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from sensorhub.adapters.ble.scan import SensorFinder, Wanted
from sensorhub.adapters.ble.source import BleParams, BleSource
from sensorhub.adapters.profiles import load_profile
from sensorhub.adapters.recording import RecordingHeader, RecordingWriter
from sensorhub.app.calibrate import alignment_shelf
from sensorhub.app.watchers import Watchers
from sensorhub.config import SensorSettings, Settings
from sensorhub.model.alignment import Alignment
from sensorhub.model.frames import LinkReport, LinkState
from sensorhub.model.session import Session
from sensorhub.model.status import Health, LinkStatus, Part
from sensorhub.pipeline.chain import Chain
from sensorhub.pipeline.decoder import SensorDecoder
from sensorhub.pipeline.hub import EventStore, SensorLine
from sensorhub.pipeline.sensor_health import SensorHealth
from sensorhub.pipeline.sensor_session import SensorSession
from sensorhub.protocol.profile import Profile

LINK_HEALTH = {LinkState.STREAMING: Health.OK, LinkState.STALE: Health.LOST, LinkState.GONE: Health.LOST}


@dataclass(frozen=True, slots=True)
class SessionStart:
    """One moment on both clocks, and whose session begins then."""

    session: Session
    sensor: SensorSettings
    profile: Profile
    origin_ns: int
    alignment: Alignment | None

    @classmethod
    def now(cls, settings: Settings, sensor: SensorSettings) -> Self:
        """Begin a session now."""
        start_unix_ns, origin_ns = time.time_ns(), time.monotonic_ns()
        started = datetime.fromtimestamp(start_unix_ns // 1_000_000_000, UTC)
        session_id = f"{started:%Y%m%dT%H%M%SZ}-{sensor.name}"
        session = Session(settings.hub.name, sensor.name, sensor.runner, session_id, start_unix_ns)
        alignment = alignment_shelf(settings).load(sensor.name)
        return cls(session, sensor, load_profile(sensor.profile), origin_ns, alignment)

    def recording_header(self) -> RecordingHeader:
        """What a replay needs of it."""
        session = self.session
        return RecordingHeader(
            profile=self.profile,
            settings=dict(self.sensor.settings),
            sensor=session.sensor,
            runner=session.runner,
            session=session.session,
            origin_ns=self.origin_ns,
            start_unix_ns=session.start_unix_ns,
            alignment=self.alignment,
        )


def sensor_line(
    start: SessionStart, finder: SensorFinder, watchers: Watchers, store: EventStore, recorder: RecordingWriter | None
) -> SensorLine:
    """All that one sensor's loop needs, built for the session that starts."""
    name = start.session.sensor

    def report(link: LinkReport) -> None:
        health = LINK_HEALTH.get(link.state, Health.WAITING)
        status = LinkStatus(Part.SENSOR, health, f"{name}: {link.detail or link.state.value}")
        watchers.tell_link(status, name)

    chosen = start.sensor.settings
    radio = BleParams(start_notify=start.sensor.start_notify)
    return SensorLine(
        source=BleSource(finder, Wanted(start.profile, name), chosen, radio),
        session=start.session,
        analysis=SensorSession(SensorDecoder(start.profile, chosen, start.origin_ns), Chain(known=start.alignment)),
        health=SensorHealth(start.origin_ns),
        store=store,
        recorder=recorder,
        report=report,
    )
