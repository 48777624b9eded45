"""How one sensor fares, told every few seconds of its frames and whenever its link changes; no clock of its own."""

from sensorhub.model.frames import LinkReport, LinkState, RawFrame
from sensorhub.model.status import SensorStatus
from sensorhub.pipeline.decoder import DecodeCounts

EVERY_NS = 10_000_000_000


class SensorHealth:
    """Frames and link reports in, a status now and then out. origin_ns: the monotonic clock at session time 0."""

    def __init__(self, origin_ns: int) -> None:
        self._origin_ns = origin_ns
        self._told_ns = origin_ns
        self._connected = False
        self._rssi_dbm: float | None = None
        self._samples = self._lost = 0
        self._latency_ns: int | None = None

    def hear(self, report: LinkReport) -> bool:
        """Take a change of the link; whether it is worth a status at once."""
        connected = report.state is LinkState.STREAMING
        changed, self._connected = connected != self._connected, connected
        self._rssi_dbm = report.rssi_dbm
        return changed

    def kept(self, arrival_ns: int, now_ns: int) -> None:
        """Note that what the frame of this arrival tells of is kept by now."""
        self._latency_ns = max(self._latency_ns or 0, now_ns - arrival_ns)

    def is_due(self, frame: RawFrame) -> bool:
        """Whether it is time for a status again."""
        return frame.arrival_ns - self._told_ns >= EVERY_NS

    def status(
        self, arrival_ns: int, counts: DecodeCounts, rate_hz: float, battery_percent: float | None
    ) -> SensorStatus:
        """How the sensor fares since the last status; the depth of the outbox is left to the store."""
        samples, lost = counts.samples - self._samples, counts.samples_lost - self._lost
        self._samples, self._lost, self._told_ns = counts.samples, counts.samples_lost, arrival_ns
        due = samples + lost
        latency_ns, self._latency_ns = self._latency_ns, None
        return SensorStatus(
            t_s=(arrival_ns - self._origin_ns) * 1e-9,
            connected=self._connected,
            battery_percent=battery_percent,
            rssi_dbm=self._rssi_dbm,
            rate_hz=rate_hz,
            loss_share=lost / due if due else None,
            latency_s=None if latency_ns is None else latency_ns * 1e-9,
            outbox_depth=None,
        )
