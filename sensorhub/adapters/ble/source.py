"""A sensor on the air as a `FrameSource`: found, connected, set up, watched, and found again when it was lost."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from bleak import BleakClient

from sensorhub.adapters.ble.connection import SensorConnection
from sensorhub.adapters.ble.frame_queue import FrameQueue
from sensorhub.adapters.ble.reasons import RADIO_ERRORS, radio_problem
from sensorhub.adapters.ble.scan import SensorFinder, Wanted
from sensorhub.model.frames import LinkReport, LinkState, RawFrame
from sensorhub.pipeline.backoff import Backoff, BackoffParams
from sensorhub.protocol.commands import Variables, resolve_settings
from sensorhub.protocol.handshake import HandshakeError


@dataclass(frozen=True, slots=True)
class BleParams:
    """stale_s without data marks the sensor stale, dead_s ends the link (its own timeout can take 4 s and more).

    end_s: so long the end of a link may take; then a radio that does not answer is left as it is.
    queue_frames: how many frames wait at most, 20 s of a sensor with 200 notifications a second. start_notify: BlueZ's
    StartNotify instead of AcquireNotify, for adapters on which notifications are missing.
    """

    stale_s: float = 1.0
    dead_s: float = 6.0
    watch_s: float = 0.25
    end_s: float = 4.0
    queue_frames: int = 4096
    start_notify: bool = False
    backoff: BackoffParams = field(default_factory=lambda: BackoffParams(first_s=0.2, longest_s=3.0))


class BleSource:
    """One sensor. Take `frames()` under `contextlib.aclosing`: closing it stops the sensor and ends the link."""

    def __init__(
        self,
        finder: SensorFinder,
        wanted: Wanted,
        settings: Variables | None = None,
        params: BleParams = BleParams(),
    ) -> None:
        self._radio = finder.radio
        self._finder = finder
        self._wanted = wanted
        self._variables = resolve_settings(wanted.profile, settings or {})
        self._params = params
        self._now_ns = time.monotonic_ns
        self._queue = FrameQueue(self._params.queue_frames)
        self._backoff = Backoff(self._params.backoff)
        self._failure: str | None = None
        self._rssi_dbm: float | None = None

    async def frames(self) -> AsyncGenerator[RawFrame | LinkReport, None]:
        """Yield frames and reports for ever; errors of the radio become reports and another try."""
        keeper = asyncio.create_task(self._keep_connected(), name=f"ble {self._wanted.profile.name}")
        keeper.add_done_callback(lambda _: self._queue.close())
        try:
            while (item := await self._queue.get()) is not None:
                yield item
            keeper.result()  # it ends by an error only, and that error is ours
        finally:
            keeper.cancel()
            _, unended = await asyncio.wait({keeper}, timeout=self._params.end_s)
            for task in unended:
                task.cancel()

    async def _keep_connected(self) -> None:
        while True:
            try:
                await self._one_connection()
            except RADIO_ERRORS as error:
                self._report_failure(radio_problem(error))
            await asyncio.sleep(self._backoff.failed(random.random()))  # noqa: S311 - only a spread of waits

    async def _one_connection(self) -> None:
        named = self._wanted.identity is not None  # then whoever hears of it says the name
        self._report_try(
            LinkState.SEARCHING, "looking for it" if named else f"looking for {self._wanted.profile.title}"
        )
        device, rssi_dbm = await self._finder.find(self._wanted)
        self._rssi_dbm = float(rssi_dbm)
        self._report_try(
            LinkState.CONNECTING, "connecting" if named else f"connecting to {device.name or device.address}"
        )
        gone = asyncio.Event()
        client = self._radio.client(device, lambda _: gone.set())
        connection = SensorConnection(
            client, self._wanted.profile, self._variables, self._queue, start_notify=self._params.start_notify
        )
        try:
            async with self._radio.connecting:
                await client.connect()
            await connection.set_up()
            self._failure = None
            self._report(LinkState.STREAMING, None)
            await self._watch(client, connection, gone)
        except HandshakeError as error:
            if error.lacks_characteristic:
                await self._radio.forget(device)
            raise
        finally:
            await connection.close()

    async def _watch(self, client: BleakClient, connection: SensorConnection, gone: asyncio.Event) -> None:
        """Return when the link is lost or dead. Polls are made meanwhile."""
        began_ns = self._now_ns()
        due_ns = [began_ns + int(poll.every_s * 1e9) for poll in self._wanted.profile.poll]
        stale, shed = False, self._queue.shed
        while client.is_connected and not gone.is_set():
            try:
                async with asyncio.timeout(self._params.watch_s):
                    await gone.wait()
            except TimeoutError:
                pass
            now_ns = self._now_ns()
            silent_s = (now_ns - (connection.last_data_ns or began_ns)) * 1e-9
            if connection.last_data_ns is not None and silent_s < self._params.stale_s:
                self._backoff.succeeded()
            if (silent_s >= self._params.stale_s) != stale:
                stale = not stale
                detail = "connected, but no data comes; out of reach?" if stale else None
                self._report(LinkState.STALE if stale else LinkState.STREAMING, detail)
            if self._queue.shed > 2 * shed:  # told at the first, and each time that it has doubled
                shed = self._queue.shed
                self._report(LinkState.STREAMING, f"this computer is too slow: {shed} notifications left out so far")
            if silent_s >= self._params.dead_s:
                break
            for place, poll in enumerate(self._wanted.profile.poll):
                if now_ns >= due_ns[place] and not stale:
                    due_ns[place] = now_ns + int(poll.every_s * 1e9)
                    await connection.poll(poll.step)
        self._report(LinkState.GONE, "the link was lost; searching again")

    def _report_try(self, state: LinkState, detail: str) -> None:
        """Tell of a try, unless the last one failed: then only another reason or success is news."""
        if self._failure is None:
            self._report(state, detail)

    def _report_failure(self, reason: str) -> None:
        if reason != self._failure:
            self._failure = reason
            self._report(LinkState.GONE, reason)

    def _report(self, state: LinkState, detail: str | None) -> None:
        self._queue.put(LinkReport(state, self._now_ns(), detail, self._rssi_dbm))
