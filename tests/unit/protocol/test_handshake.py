"""Set-up as events in, actions out: no sensor, no clock."""

import pytest

from sensorhub.adapters.profiles import load_profile
from sensorhub.model.frames import RawFrame
from sensorhub.protocol.commands import resolve_settings
from sensorhub.protocol.handshake import (
    AwaitFrame,
    Done,
    FrameCame,
    Handshake,
    HandshakeError,
    Missing,
    Performed,
    Read,
    Subscribe,
    TimedOut,
    Wait,
    Write,
)
from sensorhub.protocol.profile import Reply, Step

NATIVE = load_profile("sensorhub_native")
WITMOTION = load_profile("witmotion_wt9011dcl")
CONFIG_REPLY = "820300802c0300e7d09c3b7922a03a"


def came(text, characteristic="control"):
    return FrameCame(RawFrame(characteristic, 0, bytes.fromhex(text)))


def handshake(profile=NATIVE, steps=None, **chosen):
    return Handshake(profile, profile.setup if steps is None else steps, resolve_settings(profile, chosen))


def run(machine, answers):
    """Perform everything; frames that are awaited or read come from `answers` in turn."""
    done, action, answers = [], machine.begin(), iter(answers)
    while not isinstance(action, Done):
        done.append(action)
        action = machine.advance(next(answers) if isinstance(action, AwaitFrame | Read) else Performed())
    return done


def native_answers():
    info = next(example.hex for example in NATIVE.example if example.name == "info_208_hz")
    return [
        came("840104"),
        came("810200317a15cd5b0701"),
        came(info, "info"),
        came(CONFIG_REPLY),
        came("830400317a15cd5b0700000000"),
    ]


def test_native_set_up_in_order():
    machine = handshake(rate_hz=200, session_id=0xC0FFEE01)
    done = [action for action in run(machine, native_answers()) if not isinstance(action, AwaitFrame)]
    assert done == [
        Subscribe("control"),
        Write("control", bytes.fromhex("0401"), response=True),
        Write("control", bytes.fromhex("0102"), response=True),
        Read("info"),
        Write("control", bytes.fromhex("0203c80010d0070a00"), response=True),
        Subscribe("data"),
        Write("control", bytes.fromhex("03040001eeffc0"), response=True),
    ]
    assert machine.variables["true_rate_hz"] == 208.0


def test_frames_that_are_no_answer_are_passed_over():
    answers = native_answers()
    answers.insert(1, came("83ff00317a15cd5b0700000000"))
    answers.insert(1, came("810100317a15cd5b0701"))
    done = run(handshake(), answers)
    assert sum(isinstance(action, AwaitFrame | Read) for action in done) == len(answers)


def test_a_refusal_says_why():
    answers = [*native_answers()[:3], came("820303")]
    with pytest.raises(HandshakeError, match=r"write control 02 03.*refused: it cannot do that rate or range") as told:
        run(handshake(), answers)
    assert told.value.refused


def test_no_answer_and_a_missing_characteristic_are_told_apart():
    machine = handshake()
    machine.begin()
    machine.advance(Performed())
    assert machine.advance(Performed()) == AwaitFrame("control", 2.0)
    with pytest.raises(HandshakeError, match="did not answer") as told:
        machine.advance(TimedOut())
    assert not told.value.refused
    machine = handshake()
    machine.begin()
    with pytest.raises(HandshakeError, match="lacks this characteristic") as told:
        machine.advance(Missing())
    assert told.value.lacks_characteristic


def test_witmotion_waits_between_its_commands():
    done = run(handshake(WITMOTION, rate_hz=200), [])
    assert done[:3] == [
        Subscribe("data"),
        Write("command", bytes.fromhex("FFAA6988B5"), response=False),
        Wait(0.1),
    ]
    assert done[-2] == Write("command", bytes.fromhex("FFAA030B00"), response=False)
    assert sum(isinstance(action, Wait) for action in done) == 5


def test_a_variant_is_chosen_by_what_a_probe_captured():
    probe = Step(
        do="write",
        characteristic="control",
        bytes="0203",
        reply=Reply(characteristic="control", pattern="82 03 00"),
    )
    fast = Step(do="write", characteristic="control", bytes="AA", when={"true_rate_hz": 208.0})
    slow = Step(do="write", characteristic="control", bytes="BB", when={"true_rate_hz": 104.0})
    done = run(handshake(steps=[probe, slow, fast]), [came(CONFIG_REPLY)])
    assert [action.payload for action in done if isinstance(action, Write)] == [b"\x02\x03", b"\xaa"]


def test_an_optional_step_may_fail():
    optional = Step(
        do="write",
        characteristic="control",
        bytes="09",
        optional=True,
        reply=Reply(characteristic="control", pattern="89"),
    )
    machine = handshake(steps=[optional])
    machine.begin()
    machine.advance(Performed())
    assert machine.advance(TimedOut()) == Done()
