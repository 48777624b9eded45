"""Set-up and stop of a sensor as a machine without I/O: events in, actions out; whoever owns the link performs them.

action = handshake.begin()
while not isinstance(action, Done):
    action = handshake.advance(<what performing it came to>)
"""

from collections.abc import Generator, Mapping, Sequence
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


Course = Generator[Action, HandshakeEvent, None]
"""Actions out, what performing each came to in."""


class Handshake:
    """Runs the steps of a profile. What the sensor answers becomes variables of the steps that follow."""

    def __init__(self, profile: Profile, steps: Sequence[Step], variables: Mapping[str, Number]) -> None:
        self._profile = profile
        self._reader = FrameReader(profile, variables)
        self._course = self._run(steps)

    @property
    def variables(self) -> Mapping[str, Number]:
        """What settings and the sensor have said so far."""
        return self._reader.variables

    def begin(self) -> Action:
        """Give the first action."""
        return next(self._course, Done())

    def advance(self, event: HandshakeEvent) -> Action:
        """Take what came of the last action; give the next. Raises HandshakeError."""
        try:
            return self._course.send(event)
        except StopIteration:
            return Done()

    def _run(self, steps: Sequence[Step]) -> Course:
        for step in steps:
            if not holds(step.when, self.variables):
                continue
            try:
                yield from self._perform(step)
            except HandshakeError:
                if not step.optional:
                    raise

    def _perform(self, step: Step) -> Course:
        """One step: its action, the reply to a write, and the pause after both."""
        action = self._action_of(step)
        yield from self._until_answered(step, action)
        if isinstance(action, Write) and step.reply is not None:
            yield from self._until_answered(step, AwaitFrame(step.reply.characteristic, step.reply.timeout_s))
        if step.delay_ms and not isinstance(action, Wait):
            yield Wait(step.delay_ms / 1000.0)

    def _until_answered(self, step: Step, action: Action) -> Course:
        """An action, again and again while what comes is no answer to it."""
        while not self._is_answer(step, (yield action)):
            pass

    def _action_of(self, step: Step) -> Action:
        name = step.characteristic or ""
        match step.do:
            case "subscribe":
                return Subscribe(name)
            case "read":
                return Read(name)
            case "write":
                return Write(name, render(step.bytes or "", self.variables), step.response)
            case "wait":
                return Wait(step.delay_ms / 1000.0)

    def _is_answer(self, step: Step, event: HandshakeEvent) -> bool:
        """Whether this is what the step waits for. Raises HandshakeError for a refusal, silence or a lack."""
        match event:
            case Performed():
                return True
            case TimedOut():
                raise self._error(step, "did not answer")
            case Missing():
                raise self._error(step, "lacks this characteristic; another device, or older firmware?", lacks=True)
            case FrameCame(frame):
                self._reader.feed(frame)
                reply = step.reply
                if reply is None or parse_pattern(reply.pattern).fits(frame.payload):
                    return True
                if reply.refused is not None and parse_pattern(reply.refused).fits(frame.payload):
                    raise self._error(step, self._refusal(reply, frame.payload), refused=True)
                return False

    def _refusal(self, reply: Reply, payload: bytes) -> str:
        if reply.status_offset is None or len(payload) <= reply.status_offset:
            return f"refused ({payload.hex(' ')})"
        status = payload[reply.status_offset]
        return f"refused: {self._profile.status.get(str(status), f'status {status}')}"

    def _error(self, step: Step, what: str, *, refused: bool = False, lacks: bool = False) -> HandshakeError:
        sent = f" {step.bytes}" if step.bytes else ""
        told = f"{self._profile.title}: {step.do} {step.characteristic}{sent}: it {what}"
        return HandshakeError(told, refused=refused, lacks_characteristic=lacks)
