"""One connection to a sensor: set-up by its profile, notifications to the queue, a watchdog, an orderly end."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.exc import BleakCharacteristicNotFoundError, BleakError

from sensorhub.adapters.ble.frame_queue import FrameQueue
from sensorhub.model.frames import LINK, LINK_DOWN, LINK_READY, LINK_UP, RawFrame
from sensorhub.protocol.commands import render
from sensorhub.protocol.handshake import (
    Action,
    AwaitFrame,
    Done,
    FrameCame,
    Handshake,
    HandshakeError,
    HandshakeEvent,
    Missing,
    Performed,
    Read,
    Subscribe,
    TimedOut,
    Wait,
    Write,
)
from sensorhub.protocol.profile import Number, Profile, Step

_STOP_TIMEOUT_S = 2.0
_DISCONNECT_TIMEOUT_S = 5.0


class SensorConnection:
    """A connected client with its profile. Callbacks only stamp and queue."""

    def __init__(
        self,
        client: BleakClient,
        profile: Profile,
        variables: Mapping[str, Number],
        queue: FrameQueue,
        *,
        start_notify: bool = False,
    ) -> None:
        self._client = client
        self._profile = profile
        self._variables = variables
        self._queue = queue
        self._now_ns = time.monotonic_ns
        self._notify_arguments: dict[str, Any] = {"bluez": {"use_start_notify": True}} if start_notify else {}
        self._replies: asyncio.Queue[RawFrame] | None = None
        self._streams = {message.characteristic for message in profile.message if message.samples is not None}
        self._up = False
        self.last_data_ns: int | None = None

    async def set_up(self) -> None:
        """Run the profile's set-up. Raises HandshakeError, BleakError or TimeoutError."""
        self._up = True
        self._queue.put(RawFrame(LINK, self._now_ns(), LINK_UP))
        self._variables = await self._run(self._profile.setup)
        self._queue.put(RawFrame(LINK, self._now_ns(), LINK_READY))

    async def poll(self, step: Step) -> None:
        """Make one of the profile's polls; its answer comes as a frame."""
        if step.do == "read":
            await self._read(step.characteristic or "")
        elif step.do == "write":
            payload = render(step.bytes or "", self._variables)
            await self._write(Write(step.characteristic or "", payload, step.response))

    async def close(self) -> None:
        """Stop the stream and end the link, whatever state it is in; nothing is left behind."""
        try:
            if self._client.is_connected:
                async with asyncio.timeout(_STOP_TIMEOUT_S):
                    await self._run(self._profile.stop)
        except (BleakError, TimeoutError, HandshakeError, OSError):
            pass  # the link is ended next, which stops every sensor that can be stopped
        try:
            async with asyncio.timeout(_DISCONNECT_TIMEOUT_S):
                await self._client.disconnect()
        except (BleakError, TimeoutError, OSError, EOFError):
            pass  # it is gone already
        if self._up:
            self._queue.put(RawFrame(LINK, self._now_ns(), LINK_DOWN))

    async def _run(self, steps: Sequence[Step]) -> Mapping[str, Number]:
        handshake = Handshake(self._profile, steps, self._variables)
        self._replies = asyncio.Queue()
        try:
            action = handshake.begin()
            while not isinstance(action, Done):
                action = handshake.advance(await self._perform(action))
        finally:
            self._replies = None
        return handshake.variables

    async def _perform(self, action: Action) -> HandshakeEvent:
        try:
            match action:
                case Subscribe(characteristic):
                    callback = self._callback(characteristic)
                    await self._client.start_notify(self._uuid(characteristic), callback, **self._notify_arguments)
                case Read(characteristic):
                    return FrameCame(await self._read(characteristic))
                case Write():
                    self._replies = asyncio.Queue()
                    await self._write(action)
                case AwaitFrame(characteristic, timeout_s):
                    return await self._await_frame(characteristic, timeout_s)
                case Wait(seconds):
                    await asyncio.sleep(seconds)
                case Done():
                    pass
        except BleakCharacteristicNotFoundError:
            return Missing()
        return Performed()

    async def _read(self, characteristic: str) -> RawFrame:
        payload = await self._client.read_gatt_char(self._uuid(characteristic))
        frame = RawFrame(characteristic, self._now_ns(), bytes(payload))
        self._queue.put(frame)
        return frame

    async def _write(self, write: Write) -> None:
        await self._client.write_gatt_char(self._uuid(write.characteristic), write.payload, response=write.response)

    async def _await_frame(self, characteristic: str, timeout_s: float) -> HandshakeEvent:
        assert self._replies is not None  # noqa: S101 - only within _run
        try:
            async with asyncio.timeout(timeout_s):
                while True:
                    frame = await self._replies.get()
                    if frame.characteristic == characteristic:
                        return FrameCame(frame)
        except TimeoutError:
            return TimedOut()

    def _callback(self, characteristic: str) -> Callable[[BleakGATTCharacteristic, bytearray], None]:
        is_stream = characteristic in self._streams

        def notified(_: BleakGATTCharacteristic, payload: bytearray) -> None:
            frame = RawFrame(characteristic, self._now_ns(), bytes(payload))
            if is_stream:
                self.last_data_ns = frame.arrival_ns
            self._queue.put_notification(frame)
            if self._replies is not None:
                self._replies.put_nowait(frame)

        return notified

    def _uuid(self, characteristic: str) -> str:
        return self._profile.characteristics[characteristic]
