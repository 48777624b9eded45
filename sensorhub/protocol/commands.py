"""Bytes to the sensor and patterns of its answers: hex with numbers put in, hex with wildcards."""

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from sensorhub.model.errors import UsageError
from sensorhub.protocol.codec import STRUCT_CODES
from sensorhub.protocol.profile import Number, Profile

Variables = Mapping[str, Number]

_TOKEN = re.compile(r"\{([a-z][a-z0-9_]*):(u8|i8|u16|i16|u32|i32|u64|f32)\}|([0-9a-fA-F]{2})")


@dataclass(frozen=True, slots=True)
class BytePattern:
    """The first bytes of a frame: `mask` says which bits count, `value` what they are."""

    mask: bytes
    value: bytes

    def fits(self, payload: bytes) -> bool:
        """Tell whether the payload begins like this."""
        size = len(self.mask)
        begin, mask = int.from_bytes(payload[:size]), int.from_bytes(self.mask)
        return len(payload) >= size and begin & mask == int.from_bytes(self.value)

    def expression(self) -> bytes:
        """Give the pattern as a regular expression for bytes (with DOTALL), to be searched for."""
        return b"".join(_byte_class(mask, value) for mask, value in zip(self.mask, self.value, strict=True))


def _byte_class(mask: int, value: int) -> bytes:
    if mask == 0:
        return b"."
    return b"[" + b"".join(re.escape(bytes([byte])) for byte in range(256) if byte & mask == value) + b"]"


def parse_pattern(text: str) -> BytePattern:
    """Read a hex pattern. A nibble `?` is any. Raises ValueError.

    >>> parse_pattern("1? 07").fits(bytes.fromhex("1f07aa"))
    True
    """
    digits = "".join(text.split())
    if len(digits) % 2 or not re.fullmatch(r"[0-9a-fA-F?]*", digits):
        raise ValueError(f"'{text}' is not hex in pairs ('?' stands for any digit)")
    mask = bytes.fromhex(re.sub("[0-9a-fA-F]", "f", digits).replace("?", "0"))
    return BytePattern(mask, bytes.fromhex(digits.replace("?", "0")))


def template_names(template: str) -> list[str]:
    """List the variables that a template needs. Raises ValueError where it is no template."""
    spaceless = "".join(template.split())
    if _TOKEN.sub("", spaceless):
        raise ValueError(f"'{template}' is not hex in pairs with {{name:kind}} between")
    return [match.group(1) for match in _TOKEN.finditer(spaceless) if match.group(1)]


def render(template: str, variables: Variables) -> bytes:
    """Put the numbers into a template. Raises UsageError where one does not fit.

    >>> render("02 {rate_hz:u16} 00", {"rate_hz": 200}).hex()
    '02c80000'
    """
    out = bytearray()
    for match in _TOKEN.finditer("".join(template.split())):
        name, kind, literal = match.groups()
        if literal is not None:
            out += bytes.fromhex(literal)
            continue
        if name not in variables:
            raise UsageError(f"'{template}' needs {name}, which neither a setting nor the sensor has given")
        number = variables[name]
        try:
            out += struct.pack("<" + STRUCT_CODES[kind], number if kind == "f32" else int(number))
        except struct.error as error:
            raise UsageError(f"{name} = {number} does not fit '{template}' ({kind})") from error
    return bytes(out)


def resolve_settings(profile: Profile, chosen: Variables) -> dict[str, Number]:
    """Take settings as chosen, else by default, and all that follows from them. Raises UsageError."""
    for name in chosen:
        if name not in profile.settings:
            raise UsageError(f"{profile.name} has no setting '{name}'; it has {', '.join(sorted(profile.settings))}")
    variables: dict[str, Number] = {}
    for name, setting in profile.settings.items():
        value = chosen.get(name, setting.default)
        if setting.choices and value not in setting.choices:
            offered = ", ".join(str(choice) for choice in setting.choices)
            raise UsageError(f"{profile.name} cannot do {name} = {value}; choose one of {offered}")
        variables[name] = value
    for choice in profile.choice:
        if variables.get(choice.setting) == choice.value:
            variables.update(choice.variables)
    return variables


def holds(when: Variables, variables: Variables) -> bool:
    """Tell whether every variable of a condition has its value."""
    return all(variables.get(name) == value for name, value in when.items())
