"""The start of one sensor's session: a moment on both clocks, and what measures from there on."""

import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Self

from sensorhub.adapters.recording import RecordingHeader, RecordingWriter
from sensorhub.app.worn_sensor import WornSensor
from sensorhub.model.session import Session
from sensorhub.pipeline.decoder import SensorDecoder
from sensorhub.pipeline.hub import OpenSession
from sensorhub.pipeline.sensor_health import SensorHealth
from sensorhub.pipeline.sensor_session import SensorSession


def load_analysis() -> None:
    """Load what measures, a second or two of work; a session that is opened needs it."""
    import_module("sensorhub.pipeline.chain")


def unix_ns_at(monotonic_ns: int) -> int:
    """Wall time of a moment of the monotonic clock that is not long ago."""
    return time.time_ns() - (time.monotonic_ns() - monotonic_ns)


@dataclass(frozen=True, slots=True)
class SessionStart:
    """One moment on both clocks, and whose session begins then."""

    session: Session
    worn: WornSensor
    origin_ns: int

    @classmethod
    def at(cls, origin_ns: int, hub: str, worn: WornSensor) -> Self:
        """Begin a session at a moment of the monotonic clock that is not long ago."""
        start_unix_ns = unix_ns_at(origin_ns)
        started = datetime.fromtimestamp(start_unix_ns // 1_000_000_000, UTC)
        name = worn.settings.name
        # A computer whose clock stands at the same second at each start must not take up an older session.
        session_id = f"{started:%Y%m%dT%H%M%SZ}-{name}-{secrets.token_hex(2)}"
        return cls(Session(hub, name, worn.settings.runner, session_id, start_unix_ns), worn, origin_ns)

    def recording_header(self) -> RecordingHeader:
        """What a replay needs of it."""
        session = self.session
        return RecordingHeader(
            profile=self.worn.profile,
            settings=dict(self.worn.settings.settings),
            sensor=session.sensor,
            runner=session.runner,
            session=session.session,
            origin_ns=self.origin_ns,
            start_unix_ns=session.start_unix_ns,
            alignment=self.worn.alignment,
        )

    def opened(self, recorder: RecordingWriter | None) -> OpenSession:
        """Build what measures it."""
        from sensorhub.pipeline.chain import Chain  # loaded by now, see load_analysis

        decoder = SensorDecoder(self.worn.profile, self.worn.settings.settings, self.origin_ns)
        analysis = SensorSession(decoder, Chain(known=self.worn.alignment))
        return OpenSession(self.session, analysis, SensorHealth(self.origin_ns), recorder)
