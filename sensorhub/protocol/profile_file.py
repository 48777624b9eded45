"""TOML text to a `Profile`, with every mistake told as file and key."""

import re
from collections.abc import Iterator

import msgspec

from sensorhub.model.errors import UsageError
from sensorhub.protocol.codec import number_bytes
from sensorhub.protocol.commands import parse_pattern, template_names
from sensorhub.protocol.profile import Message, Profile, Samples, Step

_AT = re.compile(r" - at `(?P<key>[^`]*)`$")


def parse_profile(text: str, where: str) -> Profile:
    """Read a profile. `where` names the file in errors. Raises UsageError."""
    try:
        profile = msgspec.toml.decode(text, type=Profile)
    except msgspec.ValidationError as error:
        found = _AT.search(str(error))
        key = (found.group("key") if found else "$").removeprefix("$").lstrip(".") or "the top level"
        raise UsageError(f"{where}: {key}: {_AT.sub('', str(error))}") from error
    except ValueError as error:
        raise UsageError(f"{where}: not TOML: {error}") from error
    for key, complaint in _complaints(profile):
        raise UsageError(f"{where}: {key}: {complaint}")
    return profile


def _complaints(profile: Profile) -> Iterator[tuple[str, str]]:
    yield from _match_complaints(profile)
    yield from _setting_complaints(profile)
    for kind, steps in (("setup", profile.setup), ("stop", profile.stop), ("poll", [p.step for p in profile.poll])):
        for index, step in enumerate(steps):
            yield from _step_complaints(profile, f"{kind}[{index}]", step)
    yield from _channel_complaints(profile)
    for message in profile.message:
        yield from _message_complaints(profile, f"message {message.name}", message)
    names = {message.name for message in profile.message}
    for example in profile.example:
        key = f"example {example.name}"
        yield from _known(profile, f"{key}.characteristic", example.characteristic)
        yield from _hex_complaints(f"{key}.hex", example.hex)
        for expect in example.expect:
            if expect.message not in names:
                yield f"{key}.expect.message", f"no message '{expect.message}'"


def _match_complaints(profile: Profile) -> Iterator[tuple[str, str]]:
    match = profile.match
    if not (match.name_prefix or match.name_regex or match.service):
        yield "match", "needs name_prefix, name_regex or service"
    if match.name_regex is not None:
        try:
            re.compile(match.name_regex)
        except re.error as error:
            yield "match.name_regex", str(error)


def _setting_complaints(profile: Profile) -> Iterator[tuple[str, str]]:
    if "rate_hz" not in profile.settings:
        yield "settings", "needs rate_hz: every sensor has a rate"
    for name, setting in profile.settings.items():
        if setting.choices and setting.default not in setting.choices:
            yield f"settings.{name}.default", f"{setting.default} is none of its choices"
    for index, choice in enumerate(profile.choice):
        if choice.setting not in profile.settings:
            yield f"choice[{index}].setting", f"no setting '{choice.setting}'"


def _step_complaints(profile: Profile, key: str, step: Step) -> Iterator[tuple[str, str]]:
    if step.do == "wait":
        if step.delay_ms == 0:
            yield f"{key}.delay_ms", "a wait needs one"
        return
    if step.characteristic is None:
        yield f"{key}.characteristic", f"'{step.do}' needs one"
        return
    yield from _known(profile, f"{key}.characteristic", step.characteristic)
    if (step.bytes is None) == (step.do == "write"):
        yield f"{key}.bytes", "a write needs them, nothing else has them"
    if step.bytes is not None:
        try:
            template_names(step.bytes)
        except ValueError as error:
            yield f"{key}.bytes", str(error)
    if step.reply is not None:
        yield from _known(profile, f"{key}.reply.characteristic", step.reply.characteristic)
        yield from _pattern_complaints(f"{key}.reply.pattern", step.reply.pattern)
        yield from _pattern_complaints(f"{key}.reply.refused", step.reply.refused)


def _channel_complaints(profile: Profile) -> Iterator[tuple[str, str]]:
    for index, channel in enumerate(profile.channel):
        key = f"channel[{index}]"
        yield from _known(profile, f"{key}.characteristic", channel.characteristic)
        if channel.framing == "fixed" and (channel.frame_bytes is None or not channel.headers):
            yield key, "fixed framing needs frame_bytes and headers"
        if channel.framing == "joined" and (channel.first is None or channel.continuation is None):
            yield key, "joined framing needs first and continuation"
        for pattern in (*channel.headers, channel.first, channel.continuation):
            yield from _pattern_complaints(f"{key}.headers", pattern)


def _message_complaints(profile: Profile, key: str, message: Message) -> Iterator[tuple[str, str]]:
    yield from _known(profile, f"{key}.characteristic", message.characteristic)
    yield from _pattern_complaints(f"{key}.match", message.match)
    named = [*message.capture, message.epoch, message.battery.field if message.battery else None]
    if message.time is not None:
        named += [message.time.field, message.time.step_field]
        if message.time.stamp != "none" and (message.time.field is None or message.time.tick_s is None):
            yield f"{key}.time", f"stamp '{message.time.stamp}' needs field and tick_s"
    if message.loss is not None:
        named += [message.loss.seq, message.loss.index]
    for name in named:
        if name is not None and name not in message.fields:
            yield key, f"no field '{name}'"
    yield from _header_complaints(key, message)
    if message.samples is not None:
        if message.time is None:
            yield f"{key}.time", "samples need a time"
        yield from _samples_complaints(f"{key}.samples", message, message.samples)


def _samples_complaints(key: str, message: Message, samples: Samples) -> Iterator[tuple[str, str]]:
    vectors = {name: vector for name, vector in (("acc", samples.acc), ("gyr", samples.gyr)) if vector is not None}
    if not vectors:
        yield key, "needs acc, gyr or both"
    if isinstance(samples.count, str) and samples.count != "rest" and samples.count not in message.fields:
        yield f"{key}.count", f"no field '{samples.count}'"
    if samples.codec != "fields":
        return
    spans = {name: (vector.offset, 3 * number_bytes(vector.type)) for name, vector in vectors.items()}
    yield from _layout_complaints(key, spans, samples.stride, f"the stride of {samples.stride}")


def _header_complaints(key: str, message: Message) -> Iterator[tuple[str, str]]:
    spans = {name: (field.offset, number_bytes(field.type)) for name, field in message.fields.items()}
    limit = message.samples.offset if message.samples is not None else message.min_bytes
    yield from _layout_complaints(f"{key}.fields", spans, limit, f"{limit} where the header ends")
    pattern_bytes = len("".join(message.match.split())) // 2
    if message.samples is not None and message.samples.offset < pattern_bytes:
        yield f"{key}.samples.offset", "overlaps the bytes of match"


def _layout_complaints(
    key: str, spans: dict[str, tuple[int, int]], limit: int, limit_words: str
) -> Iterator[tuple[str, str]]:
    """Numbers, each from an offset so many bytes long, that end too far or lie on one another."""
    taken: dict[int, str] = {}
    for name, (offset, size) in spans.items():
        if offset + size > limit:
            yield f"{key}.{name}", f"ends at byte {offset + size}, beyond {limit_words}"
        for byte in range(offset, offset + size):
            if taken.setdefault(byte, name) != name:
                yield f"{key}.{name}", f"overlaps {taken[byte]} at byte {byte}"
                break


def _known(profile: Profile, key: str, characteristic: str) -> Iterator[tuple[str, str]]:
    if characteristic not in profile.characteristics:
        yield key, f"no characteristic '{characteristic}' in [characteristics]"


def _pattern_complaints(key: str, pattern: str | None) -> Iterator[tuple[str, str]]:
    if pattern is None:
        return
    try:
        parse_pattern(pattern)
    except ValueError as error:
        yield key, str(error)


def _hex_complaints(key: str, text: str) -> Iterator[tuple[str, str]]:
    try:
        bytes.fromhex(text)
    except ValueError as error:
        yield key, f"bad hex: {error}"
