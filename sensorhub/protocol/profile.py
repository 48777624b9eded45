"""The shape of a device profile: everything the hub must know of a sensor, as data.

A profile is a TOML file (docs/devices.md explains every key). It says how to recognise the sensor, how to set it up,
how its bytes become frames and frames become samples, when they were taken, and how to stop it.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

VectorKind = Literal["u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "f32", "f64"]
NumberKind = VectorKind | Literal["i24"]
Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$")]
Uuid = Annotated[str, Meta(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")]
Positive = Annotated[float, Meta(gt=0)]
Offset = Annotated[int, Meta(ge=0, le=4096)]
Size = Annotated[int, Meta(ge=1, le=4096)]
Bits = Annotated[int, Meta(ge=1, le=64)]
Number = int | float


class Match(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an advertisement is recognised: any name rule, and where given the company id too. Case does not matter."""

    name_prefix: tuple[str, ...] = ()
    name_regex: str | None = None
    service: Uuid | None = None
    company_id: int | None = None


class Setting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number that a user may choose; with `choices`, one of them only."""

    default: Number
    choices: tuple[Number, ...] = ()


class Choice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where `setting` equals `value`, these variables hold (a rate's code, a range's scale)."""

    setting: Name
    value: Number
    variables: dict[Name, Number]


class Reply(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the sensor answers: `pattern` is success, what fits only `refused` is a refusal, told by `status_offset`."""

    characteristic: Name
    pattern: str
    refused: str | None = None
    status_offset: Offset | None = None
    timeout_s: Positive = 2.0


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step of set-up, stop or poll: subscribe, read or write, then wait for the reply and the delay.

    `bytes` is hex with `{variable:kind}` where a number is put in. `when` runs the step only where each variable has
    that value: variants chosen by probe.
    """

    do: Literal["subscribe", "read", "write", "wait"]
    characteristic: Name | None = None
    bytes: str | None = None
    response: bool = True
    optional: bool = False
    delay_ms: Annotated[int, Meta(ge=0, le=60000)] = 0
    reply: Reply | None = None
    when: dict[Name, Number] = {}


class Poll(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A write or read made again and again while streaming; its answer comes as a frame."""

    every_s: Positive
    step: Step


class Channel(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the payloads of a characteristic become frames.

    notification: each is a frame. fixed: frames of `frame_bytes` one after the other, across payloads, found again
    by `headers`. joined: a payload that begins like `continuation` is appended, less `skip` bytes, to the one before;
    a first part of `whole_bytes` (a number or a variable) needs none.
    """

    characteristic: Name
    framing: Literal["notification", "fixed", "joined"] = "notification"
    frame_bytes: Size | None = None
    headers: tuple[str, ...] = ()
    first: str | None = None
    continuation: str | None = None
    skip: Offset = 0
    whole_bytes: Size | Name | None = None


class FieldSpec(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One number of a frame; negative offsets are not used. Its value is the stored number x `scale` / 2**`q_bits`."""

    offset: Offset
    type: NumberKind
    scale: Number = 1
    q_bits: Annotated[int, Meta(ge=0, le=62)] = 0


class VectorSpec(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """x, y and z of every sample. `scale` turns stored numbers into `unit`: a number, or the name of a variable."""

    offset: Offset
    type: VectorKind
    unit: Literal["m/s2", "g", "mg", "rad/s", "deg/s"]
    scale: Number | Name = 1
    q_bits: Annotated[int, Meta(ge=0, le=62)] = 0


class Samples(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the samples of a frame are.

    count: a number, a field's name, or "rest" (as many as fit). interleaved: sample after sample, `stride` bytes each,
    vectors at their offset in it. block: all of one vector, then all of the next, in the order of their offsets.
    """

    count: Size | str
    offset: Offset
    stride: Size
    order: Literal["interleaved", "block"] = "interleaved"
    codec: Literal["fields", "polar_pmd_delta"] = "fields"
    acc: VectorSpec | None = None
    gyr: VectorSpec | None = None


class Time(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When samples were taken: which one `field` stamps, and the clock's tick and width.

    step_field: the spacing of samples in a frame, ticks; without it 1 / rate, or from stamp to stamp by `step_from`.
    none: counted at the sensor's rate.
    """

    stamp: Literal["none", "first", "last", "each"]
    field: Name | None = None
    tick_s: Positive | None = None
    wrap_bits: Bits = 32
    step_field: Name | None = None
    step_from: Literal["rate", "stamps"] = "rate"


class Loss(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a loss shows: counter (`seq` counts frames, `index` samples), time (a step of the clock), or arrival only."""

    kind: Literal["counter", "time", "arrival"]
    seq: Name | None = None
    seq_bits: Bits = 16
    index: Name | None = None
    index_bits: Bits = 32


class BatteryRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Battery level from a field: percent as it is, or by a ladder of [at least, percent] from the top."""

    field: Name
    unknown: int | None = None
    ladder: tuple[tuple[Number, Number], ...] = ()


class Message(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of frame, known by its characteristic, first bytes (`?` is any nibble) and length.

    capture: fields whose values become variables (scales, ids). epoch: a field whose change means a reboot.
    """

    name: Name
    characteristic: Name
    match: str = ""
    min_bytes: Size = 1
    max_bytes: Size = 4096
    checksum: Literal["none", "crc16_ccitt_false"] = "none"
    fields: dict[Name, FieldSpec] = {}
    capture: tuple[Name, ...] = ()
    epoch: Name | None = None
    restarts_index: bool = False
    battery: BatteryRule | None = None
    samples: Samples | None = None
    time: Time | None = None
    loss: Loss | None = None
    when: dict[Name, Number] = {}


class Expect(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an example's bytes say."""

    message: Name
    fields: dict[Name, Number] = {}
    acc_mps2: tuple[tuple[float, float, float], ...] = ()
    gyr_radps: tuple[tuple[float, float, float], ...] = ()
    battery_percent: Number | None = None


class Example(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bytes with their meaning, which the tests decode. `source` says where they come from."""

    name: Name
    source: str
    characteristic: Name
    hex: str
    expect: tuple[Expect, ...]
    variables: dict[Name, Number] = {}


class Profile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of sensor."""

    name: Name
    title: str
    match: Match
    characteristics: dict[Name, Uuid]
    settings: dict[Name, Setting]
    message: tuple[Message, ...]
    setup: tuple[Step, ...]
    stop: tuple[Step, ...]
    choice: tuple[Choice, ...] = ()
    poll: tuple[Poll, ...] = ()
    channel: tuple[Channel, ...] = ()
    pairing: Literal["none", "time"] = "none"
    status: dict[Annotated[str, Meta(pattern=r"^[0-9]+$")], str] = {}
    example: tuple[Example, ...] = ()
