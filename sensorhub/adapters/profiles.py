"""Finds the device profiles that come with sensorhub, in a checkout and in the wheel, and a user's own."""

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from sensorhub.model.errors import InputError, UsageError
from sensorhub.protocol.profile import Profile
from sensorhub.protocol.profile_file import parse_profile


def load_profile(name_or_path: str) -> Profile:
    """Read a profile by its name or by the path of a TOML file. Raises InputError or UsageError."""
    if name_or_path.endswith(".toml"):
        return _read(Path(name_or_path), name_or_path)
    found = _shipped().get(name_or_path)
    if found is None:
        raise UsageError(f"no device profile '{name_or_path}'; there are {', '.join(sorted(_shipped()))}")
    return _read(found, found.name)


def all_profiles() -> list[Profile]:
    """Read every profile that comes with sensorhub, by name."""
    return [_read(found, found.name) for _, found in sorted(_shipped().items())]


def _shipped() -> dict[str, Traversable]:
    packaged = resources.files("sensorhub") / "firmware_profiles"
    folder: Traversable = packaged if packaged.is_dir() else Path(__file__).parents[2] / "firmware_profiles"
    if not folder.is_dir():
        raise InputError("the device profiles are missing from this installation; install sensorhub again")
    return {file.name.removesuffix(".toml"): file for file in folder.iterdir() if file.name.endswith(".toml")}


def _read(file: Traversable, where: str) -> Profile:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError.unreadable(Path(where), error) from None
    return parse_profile(text, where)
