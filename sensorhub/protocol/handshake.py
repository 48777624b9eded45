"""Set-up and stop of a sensor as a machine without I/O: events in, actions out; whoever owns the link performs them.

action = handshake.begin()
while not isinstance(action, Done):
    action = handshake.advance(<what performing it came to>)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sensorhub.model.errors import SensorhubError
from sensorhub.model.frames import RawFrame
from sensorhub.protocol.commands import holds, parse_pattern, render
from sensorhub.protocol.decoder import FrameReader
from sensorhub.protocol.profile import Number, Profile, Reply, Step


class HandshakeError(SensorhubError):
    """The sensor refused, did not answer, or lacks a characteristic, which a stale cache of services can cause."""

    def __init__(self, message: str, *, refused: bool = False, lacks_characteristic: bool = False) -> None:
        super().__init__(message)
        self.refused = refused
        self.lacks_characteristic = lacks_characteristic


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Turn notifications on."""

    characteristic: str


@dataclass(frozen=True, slots=True)
class Read:
    """Read a value and give it as a `FrameCame`."""

    characteristic: str


@dataclass(frozen=True, slots=True)
class Write:
    """Write bytes, with or without response."""

    characteristic: str
    payload: bytes
    response: bool


@dataclass(frozen=True, slots=True)
class AwaitFrame:
    """Give the next frame of a characteristic as a `FrameCame`, or `TimedOut`."""

    characteristic: str
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Wait:
    """Let this time pass."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing is left to do."""


Action = Subscribe | Read | Write | AwaitFrame | Wait | Done


@dataclass(frozen=True, slots=True)
class Performed:
    """The action was performed."""


@dataclass(frozen=True, slots=True)
class FrameCame:
    """A value was read or a frame came."""

    frame: RawFrame


@dataclass(frozen=True, slots=True)
class TimedOut:
    """No frame came in time."""


@dataclass(frozen=True, slots=True)
class Missing:
    """The sensor has no such characteristic."""


HandshakeEvent = Performed | FrameCame | TimedOut | Missing


class Handshake:
    """Runs the steps of a profile. What the sensor answers becomes variables of the steps that follow."""

    def __init__(self, profile: Profile, steps: Sequence[Step], variables: Mapping[str, Number]) -> None:
        self._profile = profile
        self._steps = list(steps)
        self._reader = FrameReader(profile, variables)
        self._step: Step | None = None
        self._action: Action = Done()

    @property
    def variables(self) -> Mapping[str, Number]:
        """What settings and the sensor have said so far."""
        return self._reader.variables

    def begin(self) -> Action:
        """Give the first action."""
        return self._next_step()

    def advance(self, event: HandshakeEvent) -> Action:
        """Take what came of the last action; give the next. Raises HandshakeError."""
        match event:
            case FrameCame(frame):
                return self._take(frame)
            case TimedOut():
                return self._failed("did not answer")
            case Missing():
                return self._failed("lacks this characteristic; another device, or older firmware?", lacks=True)
            case Performed():
                return self._after_action()

    def _after_action(self) -> Action:
        step = self._current()
        if isinstance(self._action, Write) and step.reply is not None:
            return self._do(AwaitFrame(step.reply.characteristic, step.reply.timeout_s))
        return self._after_reply()

    def _after_reply(self) -> Action:
        if not isinstance(self._action, Wait) and self._current().delay_ms:
            return self._do(Wait(self._current().delay_ms / 1000.0))
        return self._next_step()

    def _take(self, frame: RawFrame) -> Action:
        self._reader.feed(frame)
        reply = self._current().reply
        if reply is None:
            return self._after_reply()
        if parse_pattern(reply.pattern).fits(frame.payload):
            return self._after_reply()
        if reply.refused is not None and parse_pattern(reply.refused).fits(frame.payload):
            return self._failed(self._refusal(reply, frame.payload), refused=True)
        return self._action

    def _refusal(self, reply: Reply, payload: bytes) -> str:
        if reply.status_offset is None or len(payload) <= reply.status_offset:
            return f"refused ({payload.hex(' ')})"
        status = payload[reply.status_offset]
        return f"refused: {self._profile.status.get(str(status), f'status {status}')}"

    def _failed(self, what: str, *, refused: bool = False, lacks: bool = False) -> Action:
        step = self._current()
        if step.optional:
            return self._next_step()
        sent = f" {step.bytes}" if step.bytes else ""
        told = f"{self._profile.title}: {step.do} {step.characteristic}{sent}: it {what}"
        raise HandshakeError(told, refused=refused, lacks_characteristic=lacks)

    def _next_step(self) -> Action:
        while self._steps:
            step = self._steps.pop(0)
            if holds(step.when, self._reader.variables):
                self._step = step
                return self._do(self._action_of(step))
        self._step = None
        return self._do(Done())

    def _action_of(self, step: Step) -> Action:
        name = step.characteristic or ""
        match step.do:
            case "subscribe":
                return Subscribe(name)
            case "read":
                return Read(name)
            case "write":
                return Write(name, render(step.bytes or "", self._reader.variables), step.response)
            case "wait":
                return Wait(step.delay_ms / 1000.0)

    def _do(self, action: Action) -> Action:
        self._action = action
        return action

    def _current(self) -> Step:
        assert self._step is not None  # noqa: S101 - an event follows an action, and an action has a step
        return self._step
